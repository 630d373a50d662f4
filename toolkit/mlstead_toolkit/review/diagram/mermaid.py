"""Mermaid's flowchart language: what may stand in a label, and the styles."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 60
# Light fills with dark text read on a light page and on a dark one; signs and strokes tell them apart without colour.
STYLES: Final = {
    "added": "fill:#dafbe1,stroke:#1a7f37,stroke-width:2px,color:#0a3d1a",
    "changed": "fill:#fff8c5,stroke:#9a6700,stroke-width:2px,color:#3b2300",
    "replaced": "fill:#fbefff,stroke:#8250df,stroke-width:3px,color:#2e1065",
    "deleted": "fill:#ffebe9,stroke:#cf222e,stroke-width:2px,stroke-dasharray:6 3,color:#4c0d12",
    "beside": "fill:#f6f8fa,stroke:#6e7781,color:#24292f",
    "access": "fill:#ddf4ff,stroke:#0969da,stroke-width:2px,color:#0a3069",
}
_PLAIN: Final = frozenset(" .,:/()~±−…·→⟨⟩-")  # noqa: RUF001 (signs that say nothing in Mermaid or Markdown)
# What Markdown would still take for a list, a fence or a link: its last character is written as its number, too.
_MARKDOWN: Final = re.compile(r"^-|^\d+[.)]|~(?=~)|(?<=~)~|:(?=//)|\bwww\.")


def label(*lines: str) -> str:
    """Give a quoted label of some lines, each shortened; nothing in them is syntax of Mermaid, HTML or Markdown."""
    return '"' + "<br/>".join(_escaped(_shortened(" ".join(line.split()))) for line in lines) + '"'


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST - 1]}…"


def _escaped(line: str) -> str:
    """Write every other character than letters, digits and some signs as its number."""
    plain = "".join(one if one in _PLAIN or one.isalnum() else f"#{ord(one)};" for one in line)
    return _MARKDOWN.sub(lambda match: f"{match[0][:-1]}#{ord(match[0][-1])};", plain)
