"""What a project takes from its foundation's stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from mlstead.refusal import Refusal


def foundation_output(reference: pulumi.StackReference, *path: str) -> pulumi.Output[Any]:
    """Give an output of the foundation, or what lies in it: foundation_output(reference, "lake", "zones").

    Raises:
        Refusal: the foundation does not tell it; when the output is resolved.
    """

    def find(outputs: Mapping[str, Any] | None) -> Any:
        value: Any = outputs
        for part in path:
            if not isinstance(value, Mapping) or part not in value:
                raise Refusal(
                    f"The foundation has no output {'.'.join(path)}.", where=f"the stack {reference._name}",
                    fix="bring the foundation up with this version of mlstead, or correct the setting `foundation`",
                )
            value = value[part]
        return value

    return reference.outputs.apply(find)
