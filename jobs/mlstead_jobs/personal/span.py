"""A part of a text that is personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mlstead.ingestion.gate_rules import Kind

# Where two finds overlap, the one that says more wins: digits of an IBAN are no phone number.
_PRECEDENCE: tuple[Kind, ...] = ("email", "account", "card", "identifier", "phone", "name")


@dataclass(frozen=True, order=True)
class Span:
    """A find in a text.

    Args:
        start: its first character.
        end: the character after its last.
        kind: what it is.
    """

    start: int
    end: int
    kind: Kind


def apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Give spans in the order of the text; of two that overlap, the one whose kind comes first, then the longer."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda each: (_PRECEDENCE.index(each.kind), each.start - each.end)):
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
    return tuple(sorted(chosen))


def spliced(text: str, spans: Iterable[Span], word: Callable[[Span], str]) -> str:
    """Give a text with a word in the place of each span; spans are in the order of the text and apart."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], word(span)]
        at = span.end
    return "".join([*parts, text[at:]])
