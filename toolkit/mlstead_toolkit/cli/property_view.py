"""One changed property as a reader wants it: documents compared by meaning, the unknown and the secret named."""

from __future__ import annotations

from dataclasses import dataclass

from mlstead_toolkit.engine.plan import PropertyChange
from mlstead_toolkit.engine.provider import ChangeKind
from mlstead_toolkit.review.changes.structure import Part, differences, document
from mlstead_toolkit.review.changes.values import show


@dataclass(frozen=True)
class Line:
    """One line below a resource: `kind` gives its sign."""

    kind: ChangeKind
    text: str
    replaces: bool = False

    @property
    def sign(self) -> str:
        """The sign in front of it."""
        return {"add": "+", "delete": "-", "update": "~"}[self.kind]


def describe(change: PropertyChange) -> list[Line]:
    """Give the lines that show one changed property."""
    before, after = document(change.before), document(change.after)
    if isinstance(before, (dict, list)) and isinstance(after, (dict, list)):
        parts = list(differences(before, after))
        if parts:
            return [_line(f"{change.path}{part.path}", part, change.replaces) for part in parts]
    return [_line(change.path, Part("", change.kind, change.before, change.after), change.replaces)]


def _line(path: str, part: Part, replaces: bool) -> Line:
    match part.kind:
        case "add":
            return Line("add", f"{path}: {show(part.after)}", replaces)
        case "delete":
            return Line("delete", f"{path}: {show(part.before)}", replaces)
        case _:
            return Line("update", f"{path}: {show(part.before)} => {show(part.after)}", replaces)
