"""One issue of a marker: opened once, then updated, closed when it is resolved, and reopened when it comes back."""

from __future__ import annotations

from mlstead_toolkit.forge.api import settled
from mlstead_toolkit.forge.forge import Forge, Issue
from mlstead_toolkit.forge.text import is_marked, same


def one_issue(forge: Forge, title: str, marker: str, body: str) -> tuple[str, Issue]:
    """Open, update or reopen the issue of a marker.

    Returns:
        what was done (opened, updated, reopened, left as it is), and the issue.
    """
    def attempt() -> tuple[str, Issue]:
        issue = _found(forge, marker)
        if issue is None:
            return "opened", forge.add_issue(title, body)
        if issue.state == "closed":
            return "reopened", forge.edit_issue(issue.number, title=title, body=body, state="open")
        if same(issue.body, body) and issue.title == title:
            return "left as it is", issue
        return "updated", forge.edit_issue(issue.number, title=title, body=body)

    return settled(attempt)


def close_issue(forge: Forge, marker: str, words: str) -> Issue | None:
    """Close the open issue of a marker with a comment; None where there is none."""
    issue = _found(forge, marker)
    if issue is None or issue.state != "open":
        return None
    forge.add_issue_comment(issue.number, words)
    return forge.edit_issue(issue.number, state="closed")


def _found(forge: Forge, marker: str) -> Issue | None:
    """Give the open issue of a marker, or the newest closed one."""
    found = [issue for issue in forge.issues() if is_marked(marker, issue.body) and forge.ours(issue.author)]
    return next((issue for issue in found if issue.state == "open"), found[0] if found else None)
