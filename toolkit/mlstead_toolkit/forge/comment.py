"""One comment of a change, made once and then updated."""

from __future__ import annotations

from mlstead_toolkit.forge.api import settled
from mlstead_toolkit.forge.forge import Comment, Forge
from mlstead_toolkit.forge.text import is_marked, same


def one_comment(forge: Forge, change: int, marker: str, body: str) -> tuple[str, Comment]:
    """Make or update the comment of a marker.

    Another's comment with the same marker is left alone.

    Returns:
        what was done (made, updated, left as it is), and the comment.
    """
    def attempt() -> tuple[str, Comment]:
        for comment in forge.comments(change):
            if is_marked(marker, comment.body) and forge.ours(comment.author):
                if same(comment.body, body):
                    return "left as it is", comment
                return "updated", forge.edit_comment(change, comment.id, body)
        return "made", forge.add_comment(change, body)

    return settled(attempt)
