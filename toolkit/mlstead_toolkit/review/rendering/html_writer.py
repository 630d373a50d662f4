"""Blocks as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

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
from mlstead_toolkit.review.rendering.picture import drawn
from mlstead_toolkit.review.rendering.visible import visible

MARKS = {"+": "ins", "-": "del"}


def written(blocks: Iterable[Block]) -> str:
    """Write blocks, one below the other."""
    return "\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Heading(level, line):
            return f"<h{level - 1}>{inline(line)}</h{level - 1}>"
        case Paragraph(line):
            return f"<p>{inline(line)}</p>"
        case Items(items, numbered):
            tag = "ol" if numbered else "ul"
            found = "\n".join(f"<li>{inline(item.line)}{written(item.blocks)}</li>" for item in items)
            return f"<{tag}>\n{found}\n</{tag}>"
        case Table():
            return _table(block)
        case Fence("mermaid", lines):
            return drawn(lines)
        case Fence(language, lines):
            return f'<pre class="{escape(language)}" tabindex="0"><code>{_lines(language, lines)}</code></pre>'
        case Details(summary, blocks):
            return f"<details><summary>{inline(summary)}</summary>\n{written(blocks)}\n</details>"


def _table(block: Table) -> str:
    def named(index: int) -> str:
        return ' class="number"' if index in block.numbers else ""

    head = "".join(f'<th scope="col"{named(index)}>{escape(visible(name))}</th>'
                   for index, name in enumerate(block.head))
    rows = "\n".join(
        "<tr>" + "".join(f'<th scope="row">{inline(cell)}</th>' if not index else
                         f"<td{named(index)}>{inline(cell)}</td>" for index, cell in enumerate(row)) + "</tr>"
        for row in block.rows)
    return f'<div class="wide" tabindex="0"><table>\n<thead><tr>{head}</tr></thead>\n' \
           f"<tbody>\n{rows}\n</tbody>\n</table></div>"


def _lines(language: str, lines: tuple[str, ...]) -> str:
    found = []
    for line in lines:
        shown, mark = escape(visible(line)), MARKS.get(line[:1]) if language == "diff" else None
        found.append(f"<{mark}>{shown}</{mark}>" if mark else shown)
    return "\n".join(found)


def inline(line: Line) -> str:
    """Write one line."""
    return "".join(_span(part) for part in line)


def _span(part: str | Code | Strong) -> str:
    match part:
        case Code(content):
            return f"<code>{escape(visible(content))}</code>"
        case Strong(content):
            return f"<strong>{escape(visible(content))}</strong>"
        case _:
            return escape(visible(part))
