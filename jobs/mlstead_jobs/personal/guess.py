"""Tells what an unknown column probably holds, for the rules that `mlstead data infer` begins with."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mlstead.ingestion.gate_rules import Kind
from mlstead.ingestion.personal_names import called
from mlstead_jobs.personal.columns import is_text, searchable
from mlstead_jobs.personal.detector import Detector

_LOOKED_AT = 1000
_MOST = 0.8


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
    return called(str(column.name)) if is_text(column) or _large(cells) else None


def _large(cells: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_numeric_dtype(cells.dtype) and cells.abs().median() >= 1e6)
