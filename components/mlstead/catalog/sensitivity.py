"""How sensitive data is: the values of the Lake Formation tag that grants go by."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from mlstead.refusal import Refusal

Sensitivity: TypeAlias = Literal["public", "internal", "pii"]
SENSITIVITIES: tuple[Sensitivity, ...] = get_args(Sensitivity)
"""From what anyone may see to what names a person; each includes those before it."""

SENSITIVITY_TAG = "sensitivity"


def up_to(sensitivity: Sensitivity) -> list[Sensitivity]:
    """Give what a reader of this sensitivity may see: up_to("internal") is ["public", "internal"].

    Raises:
        Refusal: there is no such sensitivity.
    """
    if sensitivity not in SENSITIVITIES:
        raise Refusal(f"{sensitivity!r} is no sensitivity.", where="a grant on tables",
                      fix=f"choose one of {', '.join(SENSITIVITIES)}")
    return list(SENSITIVITIES[: SENSITIVITIES.index(sensitivity) + 1])
