"""The review as one comment of a pull request, in Markdown."""

from __future__ import annotations

from mlstead_toolkit.review.rendering.blocks import Block, Code, Paragraph
from mlstead_toolkit.review.rendering.markdown_writer import written
from mlstead_toolkit.review.rendering.room import COMMENT, EVERYTHING, WHOLE
from mlstead_toolkit.review.rendering.sections import blocks, head
from mlstead_toolkit.review.report import Review

# How the comment is found again, to be updated.
MARKER = "<!-- mlstead review -->"
# GitHub takes 65,536 characters, GitLab a million.
LONGEST = 60_000
SHORTENED = Paragraph(("Shortened, since a comment has a limit: long lists end in “and … more”, long values in “…”. ",
                       Code(WHOLE), " writes the whole."))


def markdown(review: Review) -> str:
    """Write the comment, with as much in it as a code host takes."""
    whole = blocks(review, EVERYTHING)
    for room in COMMENT:
        found = blocks(review, room)
        comment = _comment(found if found == whole else (*found[:-1], SHORTENED, found[-1]))
        if len(comment) <= LONGEST:
            return comment
    return _comment((head.blocks(review, COMMENT[-1])[0], SHORTENED))


def _comment(found: tuple[Block, ...]) -> str:
    return f"{MARKER}\n{written(found)}\n"
