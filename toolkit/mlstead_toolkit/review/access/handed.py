"""Roles that resources hand to the services behind them: whoever decides what these run acts as the role."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.policies.identity_policy import ROLE
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.told import Told
from mlstead_toolkit.review.access.words.actions import listed
from mlstead_toolkit.review.access.words.level import Level
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.report import AccessChange, AccessKind

_PROFILE: Final = "aws:iam/instanceProfile:InstanceProfile"
_NAMING: Final = re.compile(r"role|instanceprofile|^credentials$|^snscallerarn$", re.IGNORECASE)
_ARN: Final = re.compile(r"arn:[\w-]+:iam::[^:]*:(role|instance-profile)/(.*/)?(?P<name>[^/]+)")
_BY_NAME: Final = frozenset({"iamInstanceProfile", "instanceProfileName", "jobFlowRole", "serviceRole", "iamRole"})
"""Properties that take the name of a role or profile, wherever it was made."""
_DATA: Final = frozenset({"environment", "variables", "tags", "tagsAll", "triggers"})
"""Where a role's ARN is a text like any other."""
_SHOWN: Final = 3  # of those that may act as one role

_Use = tuple[str, str]  # path and role: its URN, or as it was written


def handed(before: Side, after: Side, words: Lexicon) -> Iterator[Told]:
    """Tell which resources may act as which role from now on, one line a role.

    One that takes the place of another of its type with the same role is no news.
    """
    was = {one.urn: {role for _, role in _uses(before, one)} for one in before.resources}
    replaced = Counter((one.type, role) for one in before.resources if one.urn not in after.outputs
                       for role in was[one.urn])
    found: dict[str, list[tuple[Resource, str]]] = {}
    for one in after.resources:
        now: dict[str, str] = {}
        for path, role in _uses(after, one):
            now.setdefault(role, path)
        for role, path in now.items():
            if role in was.get(one.urn, ()):
                continue
            if one.urn not in was and replaced[one.type, role]:
                replaced[one.type, role] -= 1
                continue
            found.setdefault(role, []).append((one, path))
    for role, several in found.items():
        who = sorted({words.known.get(one.urn, one.name) for one, _ in several})
        more = [f"{len(who) - _SHOWN + 1} others"] if len(who) > _SHOWN else []
        shown = listed(who[:_SHOWN - 1] + more if more else who)
        lines = tuple(sorted(f"{words.known.get(one.urn, one.name)}: {path}" for one, path in several))
        source = min(one.urn for one, _ in several)
        yield Told(
            AccessChange(AccessKind.PASS_ROLE, shown, f"{shown} may now act as {_called(role, words)}", lines,
                         subject=urns.name_of(source)),
            Level.WRITE, source,
        )


def _uses(side: Side, resource: Resource) -> Iterator[_Use]:
    if resource.type.startswith("aws:iam/") and resource.type != _PROFILE:
        return
    yield from _inside(side, resource.properties, "", "")


def _inside(side: Side, value: Any, path: str, naming: str) -> Iterator[_Use]:
    """Look for roles in what stands at a path; `naming` is the property around it that names some."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _DATA:
                called = key if _NAMING.search(key) and "policy" not in key.lower() else naming
                yield from _inside(side, inner, f"{path}.{key}" if path else key, called)
    elif isinstance(value, list):
        for inner in value:
            yield from _inside(side, inner, path, naming)
    elif naming and isinstance(value, str) and value:
        if one := side.find(value, ROLE, _PROFILE):
            yield path, one.urn
        elif naming in _BY_NAME or _ARN.fullmatch(value) or "⟨" in value:
            yield path, value


def _called(role: str, words: Lexicon) -> str:
    if role in words.known:
        return words.known[role]
    arn = _ARN.fullmatch(role)
    account = role.split(":")[4] if arn else ""
    return f"{words.naming.short(arn['name'] if arn else role)} role{words.whose(account)}"
