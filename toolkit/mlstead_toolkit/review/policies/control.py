"""A control that a property of a resource is: how strong one value of it is beside another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from mlstead_toolkit.engine.values import mask
from mlstead_toolkit.policies.block import Block, Malformed, NotDecided
from mlstead_toolkit.review.quantity import in_units

Strength: TypeAlias = Callable[[Any], float | None]
"""Gives how strong a value is; None where that cannot be told."""

_FOR_EVER: Final = float("inf")


@dataclass(frozen=True)
class Control:
    """A row of the table.

    Args:
        id: its name, as the rule's of a finding.
        types: of the resources; `*` stands for anything.
        path: the property.
        strength: of its values; it is given None where there is nothing.
        text: what has become weaker, with {before} and {after}.
        rules: rules that say it too; where one of them is newly broken, the control says nothing.
        guard: the argument of a component above that says it too, with a reason.
        nothing: what stands for no value in the text: `for ever`.
        unit: `bytes` or `seconds`, which are written in larger units; "" where the text says it.
    """

    id: str
    types: tuple[str, ...]
    path: str
    strength: Strength
    text: str
    rules: tuple[str, ...] = ()
    guard: str = ""
    nothing: str = "nothing"
    unit: str = ""

    def weaker(self, before: Block, after: Block) -> str:
        """Give what has become weaker, in words; empty where nothing has."""
        try:
            old, new = before.value(self.path), after.value(self.path)
            was, now = self.strength(old), self.strength(new)
        except (NotDecided, Malformed, TypeError, ValueError):
            return ""
        if was is None or now is None or now >= was:
            return ""
        return self.text.format(before=self._shown(before), after=self._shown(after))

    def _shown(self, block: Block) -> Any:
        value = Block(mask(dict(block.properties))).value(self.path) or self.nothing
        return in_units(value, self.unit) if self.unit and isinstance(value, (int, float)) else value


def on(default: bool = False) -> Strength:
    """Strong is what is switched on."""
    return lambda value: float(_flag(default if value is None else value))


def off(default: bool = False) -> Strength:
    """Strong is what is switched off."""
    return lambda value: float(not _flag(default if value is None else value))


def present(value: Any) -> float:
    """Strong is what is there."""
    return float(bool(value))


def longer(default: float | None = 0, *, forever: bool = False) -> Strength:
    """Strong is what is more; where 0 or nothing stands for ever, that is most; no default: nothing is not compared."""
    return lambda value: _FOR_EVER if forever and not value else _number(value, default)


def shorter(default: float = _FOR_EVER) -> Strength:
    """Strong is what is less."""
    return lambda value: -(_number(value, default) or 0)


def ranked(*values: str, default: str = "") -> Strength:
    """Strong is what stands later in a list; nothing is told of a value that is not in it."""
    order = {value: float(place) for place, value in enumerate(values)}
    return lambda value: order.get(str(default if value is None else value))


def _flag(value: Any) -> bool:
    return value.lower() in ("true", "enabled", "enable", "on") if isinstance(value, str) else bool(value)


def _number(value: Any, default: float | None) -> float | None:
    given = default if value is None else value
    return None if given is None else float(given)
