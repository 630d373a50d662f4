"""What a component takes: its arguments, as its …Args class and the lines under `Args:` say them."""

from __future__ import annotations

import dataclasses
import inspect
import re
from dataclasses import dataclass
from typing import Any

_ENTRY = re.compile(r"^    (?P<name>\w+): (?P<text>.*)$")


@dataclass(frozen=True)
class Argument:
    """One argument of a component.

    Args:
        name: its name.
        type: its annotation, as written.
        default: what it is where it is left out, as text; None: it has to be given.
        meaning: what it is for.
        cost: what weakening it costs; empty where it guards nothing.
    """

    name: str
    type: str
    default: str | None
    meaning: str
    cost: str

    @property
    def guards(self) -> bool:
        """Whether it can be weakened."""
        return "Secure" in self.type or "Weakened" in self.type


def arguments(args: type[Any]) -> list[Argument]:
    """Give the arguments of a component from its …Args class."""
    entries = _entries(inspect.getdoc(args) or "")
    found = []
    for field in dataclasses.fields(args):
        meaning, _, cost = entries.get(field.name, "").partition(" Weakened: ")
        found.append(Argument(field.name, str(field.type), _default(field), meaning, cost))
    return found


def _entries(docstring: str) -> dict[str, str]:
    """Give the text of each line under `Args:`, continuation lines joined."""
    entries: dict[str, str] = {}
    name = ""
    for line in docstring.partition("\nArgs:\n")[2].splitlines():
        if entry := _ENTRY.match(line):
            name = entry["name"]
            entries[name] = entry["text"]
        elif line.startswith("        ") and name:
            entries[name] += f" {line.strip()}"
        else:
            break
    return entries


def _default(field: dataclasses.Field[Any]) -> str | None:
    value = field.default
    if field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
    if value is dataclasses.MISSING:
        return None
    if isinstance(value, (tuple, list, frozenset)):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in (None, "", {}) or callable(value) else str(value)
