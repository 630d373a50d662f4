"""The one tree of exceptions: each says what is wrong, where, and what to type next."""

from __future__ import annotations


class MlsteadError(Exception):
    """Anything mlstead refuses or could not do, told so that the reader can mend it.

    Args:
        what: one sentence, the problem itself.
        where: the file, setting, resource or address it concerns.
        fix: what to type or change next.
    """

    def __init__(self, what: str, *, where: str | None = None, fix: str | None = None) -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.fix:
            lines.append(f"  fix:   {self.fix}")
        return "\n".join(lines)
