"""Glue's Data Quality Definition Language, as far as a ruleset can be told from something else.

https://docs.aws.amazon.com/glue/latest/dg/dqdl.html
"""

from __future__ import annotations

import re

_SECTION = re.compile(r"\s*(Rules|Analyzers)\s*=\s*\[")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"#[^\n]*")


def fault(ruleset: str) -> str | None:
    """Say what keeps a text from being a ruleset, as the end of a sentence; None where nothing is seen to."""
    bare = _COMMENT.sub("", _TEXT.sub('""', ruleset))
    sections, rest = set(), bare
    while rest.strip():
        match = _SECTION.match(rest)
        if match is None:
            return f"has {rest.strip()[:40]!r} where Rules = [ … ] must stand"
        end = _closing(rest, match.end())
        if end is None:
            return f"has a [ after {match[1]} that nothing closes"
        if match[1] == "Rules" and not rest[match.end() : end].strip():
            return "has no rule between Rules = [ and ]"
        if any(not rule.strip() for rule in _rules(rest[match.end() : end])[:-1]):
            return "has two commas with no rule between them"
        sections.add(match[1])
        rest = rest[end + 1 :]
    return None if sections else "is empty: it must hold Rules = [ … ]"


def _closing(text: str, start: int) -> int | None:
    """Give where the bracket that was opened before `start` is closed."""
    depth = 1
    for index in range(start, len(text)):
        depth += {"[": 1, "]": -1}.get(text[index], 0)
        if depth == 0:
            return index
    return None


def _rules(section: str) -> list[str]:
    """Split at the commas that stand between rules, not in a rule's own lists."""
    depth, rules = 0, [""]
    for letter in section:
        depth += (letter in "[(") - (letter in "])")
        if letter == "," and depth == 0:
            rules.append("")
        else:
            rules[-1] += letter
    return rules
