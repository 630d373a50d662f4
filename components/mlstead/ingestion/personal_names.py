"""Tells by what a column is called whether it holds personal data."""

from __future__ import annotations

import re

from mlstead.ingestion.gate_rules import Kind

NUMBERS: tuple[Kind, ...] = ("phone", "card", "account", "identifier")
"""Kinds that numbers can be."""

# Word by word. A name of something else than a person is none: airport_name, filename.
_CALLED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"\be ?mails?\b|\bmail address\b")),
    ("phone", re.compile(r"\b(?:tele|cell|mobile )?phone\b|\bmobile\b|\bmsisdn\b|\bfax\b|\btel\b")),
    ("card", re.compile(r"\b(?:credit|debit|payment) ?card\b|\bcard ?(?:number|no|num)\b|\bpan\b")),
    ("account", re.compile(r"\biban\b|\bbban\b|\baccount ?(?:number|no|num)\b|\bbank ?account\b|\brouting number\b")),
    ("identifier", re.compile(
        r"\bssn\b|\bsocial security\b|\bpassport\b|\btax ?(?:id|number)\b|\bnational id\b|\bdriving licen[cs]e\b"
    )),
    ("name", re.compile(
        r"\b(?:first|last|given|family|middle|maiden|full|sur|person|passenger|customer|patient|employee|contact|holder"
        r"|owner|driver|user|client|guest|author) ?names?\b|\bsurname\b|\bforename\b|\bpassenger\b|\bholder\b|^name$"
    )),
)


def called(column: str) -> Kind | None:
    """Give the kind of personal data that a column is called like; None: like none."""
    words = re.sub(r"[^a-z]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", column).lower()).strip()
    return next((kind for kind, pattern in _CALLED if pattern.search(words)), None)
