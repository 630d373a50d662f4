"""Blocks as Markdown, in what GitHub's and GitLab's dialects share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mlstead_toolkit.review.rendering.blocks import (
    Block,
    Code,
    Details,
    Fence,
    Heading,
    Items,
    Line,
    Paragraph,
    Strong,
    Table,
)
from mlstead_toolkit.review.rendering.html_writer import inline as html_inline
from mlstead_toolkit.review.rendering.visible import visible

MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]|~#$!])")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Would begin a list, a heading's underline, a rule or a command of GitLab's where it stands first.
BEGINS = re.compile(r"^(?:(\d+)(?=[.)])|(?=[-+=/]))")
# A code host turns these into a message to somebody, or a link from another issue; an address of e-mail it does not,
# and that is left as it is, to be copied.
CALLS = re.compile(r"(?:(?<![A-Za-z0-9_]@)(?<=@)|(?<=[#!]))(?=\w)")
WORD_JOINER = "\u2060"


def written(blocks: Iterable[Block]) -> str:
    """Write blocks, a blank line between them."""
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Heading(level, line):
            return f"{'#' * level} {inline(line)}"
        case Paragraph(line):
            return inline(line)
        case Items():
            return _items(block)
        case Table():
            return _table(block)
        case Fence(language, lines):
            return _fence(language, lines)
        case Details(summary, blocks):
            return f"<details><summary>{html_inline(summary)}</summary>\n\n{written(blocks)}\n\n</details>"


def _items(block: Items) -> str:
    found = []
    for number, item in enumerate(block.items, start=1):
        mark = f"{number}. " if block.numbered else "- "
        below = "".join(f"\n{'' if isinstance(inner, Items) else chr(10)}{_block(inner)}" for inner in item.blocks)
        found.append(mark + f"{inline(item.line)}{below}".replace("\n", "\n" + " " * len(mark)))
    return re.sub(r"(?m)^ +$", "", "\n".join(found))


def _table(block: Table) -> str:
    rule = ["---:" if index in block.numbers else "---" for index in range(len(block.head))]
    rows = [[text(name) for name in block.head], rule, *([_cell(cell) for cell in row] for row in block.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(line: Line) -> str:
    # Within a table a bar ends the cell even in a code span: there it takes a backslash, which the table takes away.
    return "".join(_span(part).replace("|", "\\|") if isinstance(part, Code) else _span(part) for part in line)


def _fence(language: str, lines: tuple[str, ...]) -> str:
    shown = [visible(line) for line in lines]
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    ticks = "`" * max(3, longest + 1)
    return "\n".join([f"{ticks}{language}", *shown, ticks])


def inline(line: Line) -> str:
    """Write one line."""
    found = "".join(_span(part) for part in line).strip()
    return BEGINS.sub(r"\1\\", found)


def _span(part: str | Code | Strong) -> str:
    match part:
        case Code(content):
            return _code(visible(content))
        case Strong(content):
            return f"**{text(content.strip())}**" if content.strip() else ""
        case _:
            return text(part)


def text(content: str) -> str:
    """Escape prose: nothing in it is Markdown or HTML, and nobody is called by it."""
    plain = re.sub("[&<>]", lambda found: ENTITIES[found[0]], visible(content))
    return CALLS.sub(WORD_JOINER, MEANS_SOMETHING.sub(r"\\\1", plain))


def _code(content: str) -> str:
    longest = max((len(run) for run in re.findall("`+", content)), default=0)
    ticks = "`" * (longest + 1)
    # A space on either side is taken away again; it is needed beside a backtick, and where there is nothing else.
    padded = f" {content} " if not content.strip() or content[0] in "` " or content[-1] in "` " else content
    return f"{ticks}{padded}{ticks}"
