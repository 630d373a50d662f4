"""Mutations after which something does not load."""

from __future__ import annotations

from mutations import (
    CANNOT_BE_DEPLOYED,
    Draw,
    Mutation,
)
from mutations_of_settings import sized_endpoint


def _raises(draw: Draw) -> None:
    where = draw.random.choice(("# From curated data to a registered model\n",
                                "# From a registered model to answers\n"))
    draw.copy.program(where, f"{draw.word()}()\n{where}")


def _raises_there(draw: Draw) -> None:
    where = "# From a registered model to answers\n"
    raising = f'if context.environment == "{draw.environment}":\n    raise RuntimeError("not for this one")\n\n'
    draw.copy.program(where, raising + where)


BROKEN = (
    Mutation("a name that is not there", _raises, "problems", r"NameError.*infra/__main__\.py:\d+", CANNOT_BE_DEPLOYED),
    Mutation("a program that raises", _raises_there, "problems", r"not for this one.*infra/__main__\.py:\d+",
             CANNOT_BE_DEPLOYED),
    Mutation("a program that is no Python", lambda draw: draw.copy.add("def\n"), "problems",
             r"SyntaxError.*infra/__main__\.py:\d+", CANNOT_BE_DEPLOYED),
    Mutation("a program that is gone", lambda draw: (draw.copy.root / "infra/__main__.py").unlink(), "problems",
             "infra", CANNOT_BE_DEPLOYED),
    Mutation("a wrong instance type", lambda draw: sized_endpoint(
        draw, "instance_type: ml.m55.large, instance_count: 2"), "problems", "ml.m55.large", CANNOT_BE_DEPLOYED),
    Mutation("a foundation that is no JSON", lambda draw: draw.copy.write(
        f"infra/foundation.{draw.environment}.json", "{"), "problems", r"foundation\.\w+\.json", CANNOT_BE_DEPLOYED),
)
