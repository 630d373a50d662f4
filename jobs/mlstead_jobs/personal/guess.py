"""Tells what an unknown column probably holds, for the rules that `mlstead data infer` begins with."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from mlstead.ingestion.gate_rules import Kind
from mlstead_jobs.personal.columns import is_text, searchable
from mlstead_jobs.personal.detector import Detector

_LOOKED_AT = 1000
_MOST = 0.8

# What a column is called, word by word. A name of something else than a person is none: airport_name, filename.
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


def looks_personal(column: pd.Series[Any], detector: Detector | None = None) -> Kind | None:
    """Give the kind of personal data that the cells of a column seem to be, by what it is called and what is in it.

    A column called `phone` that holds no text and no large numbers is none: counts and flags have such names too.

    Args:
        column: the column, with its name; its first 1,000 distinct values are looked at.
        detector: finds personal data; None: one of its own.

    Returns:
        The kind, where most cells hold it and little else; None also where only some cells of a free text hold any.
    """
    detector = detector or Detector()
    cells = column.dropna().drop_duplicates().head(_LOOKED_AT)
    searched = searchable(cells)
    if searched is None or searched.empty:
        return None
    found = detector.scan(cells)
    shares: dict[Kind, int] = {}
    for value, spans in found.items():
        covered = sum(span.end - span.start for span in spans)
        if covered >= _MOST * len(str(value).strip()):
            shares[spans[0].kind] = shares.get(spans[0].kind, 0) + 1
    for kind, count in shares.items():
        if count >= _MOST * len(cells):
            return kind
    words = re.sub(r"[^a-z]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", str(column.name)).lower()).strip()
    called = next((kind for kind, pattern in _CALLED if pattern.search(words)), None)
    if called is None or not (is_text(column) or _large(cells)):
        return None
    return called


def _large(cells: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_numeric_dtype(cells.dtype) and cells.abs().median() >= 1e6)
