"""Named moments at which the tests kill a run; nothing happens at them otherwise."""

from __future__ import annotations

from collections.abc import Callable

hook: Callable[[str], None] | None = None


def reach(name: str) -> None:
    """Pass a moment: before/after create, update, delete, mid checkpoint."""
    if hook is not None:
        hook(name)
