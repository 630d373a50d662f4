"""One pull or merge request for a branch: opened once, then updated; older ones for the same purpose are closed."""

from __future__ import annotations

from mlstead_toolkit.forge.api import settled
from mlstead_toolkit.forge.forge import Change, Forge
from mlstead_toolkit.forge.text import is_marked, same


def of_branch(forge: Forge, branch: str) -> Change | None:
    """Give the open change of a branch, or else its newest one."""
    found = list(forge.changes(branch=branch, state="all"))
    return next((change for change in found if change.state == "open"), found[0] if found else None)


def one_change(forge: Forge, branch: str, base: str, title: str, body: str) -> tuple[str, Change]:
    """Open or update the change of a branch.

    Returns:
        what was done (opened, updated, left as it is), and the change.
    """
    def attempt() -> tuple[str, Change]:
        there = of_branch(forge, branch)
        if there is None or there.state != "open":
            return "opened", forge.add_change(branch, base, title, body)
        if same(there.body, body) and there.title == title:
            return "left as it is", there
        return "updated", forge.edit_change(there.number, title=title, body=body)

    return settled(attempt)


def supersede(forge: Forge, prefix: str, marker: str, kept: Change, words: str) -> list[Change]:
    """Close the other open changes of a marker with a comment, and give them.

    Args:
        forge: where they are.
        prefix: how their branches begin.
        marker: how their texts begin.
        kept: the one that stays.
        words: the comment.
    """
    others = [change for change in forge.changes() if change.number != kept.number
              and change.branch.startswith(prefix) and is_marked(marker, change.body)]
    for change in others:
        forge.add_comment(change.number, words)
        forge.edit_change(change.number, state="closed")
    return others
