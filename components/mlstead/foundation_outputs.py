"""What a foundation's stack tells, held to the place that asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.output import Unknown

from mlstead.context import Context
from mlstead.refusal import Refusal


class FoundationOutputs:
    """The outputs of a foundation's stack.

    Args:
        stack: the foundation's stack: organization/mlstead-foundation/<environment>.
        context: where the project lives that reads them.

    Raises:
        Refusal: the foundation lies in another account or region, or does not tell what is asked for; when the outputs
            are resolved.
    """

    def __init__(self, stack: str, context: Context) -> None:
        self._context = context
        self._stack = stack
        # What is not known before the foundation's own change is done must leave the rest known: one new subnet would
        # otherwise make every key and bucket look new, and whatever names them look replaced.
        reference = pulumi.StackReference(stack)
        self._outputs: pulumi.Output[Any] = reference.outputs.apply(self._check, run_with_unknowns=True)

    def output(self, *path: str) -> pulumi.Output[Any]:
        """Give an output, or what lies in it: output("lake", "zones")."""

        def find(outputs: Any) -> Any:
            value = outputs
            for part in path:
                if isinstance(value, Unknown):
                    break
                if not isinstance(value, Mapping) or part not in value:
                    raise Refusal(
                        f"The foundation has no output {'.'.join(path)}.", where=f"the stack {self._stack}",
                        fix="bring the foundation up with this version of mlstead, or correct the setting `foundation`",
                    )
                value = value[part]
            return value

        return self._outputs.apply(find, run_with_unknowns=True)

    def _check(self, outputs: Mapping[str, Any] | Unknown | None) -> Any:
        """Refuse a foundation in another place: a key, a subnet or a bucket's events would be out of reach."""
        if isinstance(outputs, Unknown):
            return outputs
        known = outputs or {}
        for what, here in (("region", self._context.region), ("account_id", self._context.account_id)):
            there = known.get(what)
            if isinstance(there, str) and there != here:
                raise Refusal(
                    f"The foundation's {what.removesuffix('_id')} is {there}, the project's is {here}.",
                    where=f"the stack {self._stack}",
                    fix="set aws:region to the foundation's" if what == "region"
                    else "take credentials of the foundation's account, or correct the setting `foundation`",
                )
        return known
