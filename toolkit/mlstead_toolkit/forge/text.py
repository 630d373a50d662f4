"""The texts that are written: a marker by which they are found again, and never longer than the forge takes."""

from __future__ import annotations

import re

from mlstead.errors import MlsteadError

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_ROOM = 400


def marker_line(marker: str) -> str:
    """Give the first line of a text, which no reader sees.

    Raises:
        MlsteadError: the marker is not small letters, digits and dashes.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", marker):
        raise MlsteadError(f"{marker!r} is no marker.", where="--marker",
                           fix="write small letters, digits and dashes, such as review")
    return f"<!-- mlstead:{marker} -->"


def marked(marker: str, text: str, limit: int, whole: str) -> str:
    """Give a text with its marker in front, cut to a limit.

    Args:
        marker: what tells it from other texts.
        text: Markdown.
        limit: how many characters it may have.
        whole: where all of it is, a phrase.
    """
    return fitted(f"{marker_line(marker)}\n{text.strip()}\n", limit, whole)


def is_marked(marker: str, body: str) -> bool:
    """Tell whether a text begins with the marker; who quotes it has something before it."""
    return body.startswith(marker_line(marker))


def same(one: str, other: str) -> bool:
    """Tell whether two texts are one, whatever a forge did to line ends."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def fitted(text: str, limit: int, whole: str) -> str:
    """Cut a text at the end of a line, close what is open there, and say so."""
    if len(text) <= limit:
        return text
    kept = text[: limit - _ROOM]
    kept = kept[: kept.rfind("\n") + 1] or kept
    missing = len(text) - len(kept)
    return f"{kept.rstrip()}\n{_closing(kept)}\n**Cut here: {missing:,} more characters do not fit. {whole}**\n"


def _closing(text: str) -> str:
    """Close a code block and the folded parts that a cut has left open."""
    fence, folded = "", 0
    for line in text.splitlines():
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif found:
            fence = found[1]
        else:
            folded += line.count("<details") - line.count("</details>")
    return (f"{fence}\n" if fence else "") + "\n</details>\n" * min(max(folded, 0), _ROOM // 40)
