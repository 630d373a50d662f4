"""Names that keep projects apart, before any of them has a role."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import permutations

from mlstead.access.ci_role import ci_role_name
from mlstead.context import Context
from mlstead.own_names import RESERVED
from mlstead.refusal import Refusal


def check_names(project: str, environments: Iterable[str], where: str) -> None:
    """Refuse a project or environments that cannot have roles of their own."""
    environments = list(environments)
    if not environments or len(set(environments)) < len(environments):
        raise Refusal(f"{project} has no environments, or one of them twice.", where=where,
                      fix="name each once: environments: [dev]")
    if begun := [(one, other) for one, other in permutations(sorted(environments), 2) if other.startswith(f"{one}-")]:
        one, other = begun[0]
        raise Refusal(f"The environment {other!r} of {project} begins with {one!r}: roles of {one!r} would reach its "
                      "tables.", where=where, fix=f"rename one of them, or deploy {other!r} in another account")
    for environment in environments:
        ci_role_name(Context(project, environment, "eu-west-1", "123456789012"), "deploy")


def check_apart(projects: Collection[str], where: str) -> None:
    """Refuse names that are taken, or of which one begins with another: not all that a role may change has tags."""
    for project in projects:
        if project in RESERVED:
            raise Refusal(f"{project!r} is not a project's name: mlstead uses it itself.", where=where,
                          fix="name the project, for example flight-delays")
    for one, other in permutations(sorted(projects), 2):
        if other.startswith(f"{one}-"):
            raise Refusal(f"{other!r} begins with {one!r}: roles of {one!r} would reach tables of {other!r}.",
                          where=where, fix=f"rename one of them, or deploy {other!r} in another account")
