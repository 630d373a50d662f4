"""A security default that is switched off, with the written reason for it.

An argument that guards something is typed `Secure` and defaults to True. It cannot be set to False; it can only be set
to `Weakened("why")`, which the component records among its inputs, so that previews and reviews list it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

from mlstead.refusal import Refusal

_SHORTEST_REASON = 12


@dataclass(frozen=True)
class Weakened:
    """Stands where True would: the guard is off, for this reason.

    Args:
        reason: a sentence that a reviewer can judge; at least a dozen characters.
    """

    reason: str

    def __post_init__(self) -> None:
        if len(self.reason.strip()) < _SHORTEST_REASON:
            raise Refusal(
                f"Weakened({self.reason!r}) gives no reason that a reviewer could judge.",
                fix='write a sentence, for example Weakened("a sandbox that is thrown away every night")',
            )

    def __bool__(self) -> bool:
        return False


Secure: TypeAlias = Literal[True] | Weakened


def weakenings(args: Any) -> dict[str, str]:
    """Give the reason of every weakened field of a component's arguments, by field name.

    Raises:
        Refusal: a guard was set to plain False.
    """
    found: dict[str, str] = {}
    for field in fields(args):
        value = getattr(args, field.name)
        if isinstance(value, Weakened):
            found[field.name] = value.reason
        elif value is False and field.default is True and "Secure" in str(field.type):
            raise Refusal(
                f"{field.name}=False switches a security default off without saying why.",
                where=type(args).__name__,
                fix=f'write {field.name}=Weakened("the reason")',
            )
    return found
