"""Rules that each row keeps or breaks by itself: what is required, matched, one of a list, between bounds, so long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pandera.pandas as pa

from mlstead.ingestion.gate_definitions import Gate
from mlstead.ingestion.gate_rules import Bound, ColumnRules
from mlstead_jobs.quality.statistics import ColumnStatistics

Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class RowRule:
    """A rule of a column that every row keeps or breaks.

    Args:
        rule: its name in gates.toml.
        column: the column.
        says: the rule in words.
        check: what evaluates it.
    """

    rule: str
    column: str
    says: str
    check: pa.Check

    @property
    def id(self) -> str:
        """Give its name in reports: between:distance."""
        return f"{self.rule}:{self.column}"

    def is_kept_by(self, column: ColumnStatistics) -> bool:
        """Say whether a batch's statistics show already that every row keeps it: its ends do, or nothing is missing."""
        if self.rule == "required":
            return column.missing == 0
        if self.rule != "between" or column.least is None:
            return False
        ends = [pd.Timestamp(end) if isinstance(end, date) else end for end in (column.least, column.greatest)]
        return bool(self.check(pd.Series(ends)).check_passed)

    def failed(self, frame: pd.DataFrame) -> Mask | None:
        """Say which rows break it; None: none does.

        The check is called by itself: a schema's validation would write a line for each cell that fails, three times
        the time of all checks.
        """
        result = self.check(frame[self.column])
        if result.check_passed:
            return None
        failed = np.zeros(len(frame), dtype=bool)
        kept = result.check_output
        failed[kept.index.to_numpy()] = ~kept.to_numpy(dtype=bool)
        return failed


def row_rules(gate: Gate) -> list[RowRule]:
    """Give the row rules of a table, in the order of gates.toml."""
    return [rule for column, about in gate.rules.columns.items() for rule in _of(column, about, gate.columns[column])]


def _of(column: str, about: ColumnRules, type_: str) -> Iterator[RowRule]:
    if about.required:
        yield RowRule("required", column, "has a value", pa.Check(lambda cells: cells.notna(), ignore_na=False))
    if about.matches is not None:
        yield RowRule("matches", column, f"matches {about.matches}", pa.Check(_matching(about.matches)))
    if about.one_of is not None:
        shown = ", ".join(str(each) for each in about.one_of)
        yield RowRule("one_of", column, f"is one of {shown}", pa.Check.isin(about.one_of))
    if about.between is not None:
        least, greatest = about.between
        yield RowRule("between", column, f"is from {least} to {greatest}", pa.Check.in_range(*_limits(
            least, greatest, type_)))
    if about.length is not None:
        fewest, most = about.length
        yield RowRule("length", column, f"has {fewest} to {most} characters", pa.Check.str_length(fewest, most))


def _matching(pattern: str) -> Any:
    """Give a check by Python's regular expressions, of whole values, each distinct one once."""
    whole = re.compile(pattern)

    def matches(cells: pd.Series[Any]) -> pd.Series[bool]:
        codes, texts = pd.factorize(cells)
        matched = np.array([whole.fullmatch(text) is not None for text in texts], dtype=bool)
        return pd.Series(matched[codes] if len(texts) else np.zeros(len(cells), dtype=bool), index=cells.index)

    return matches


def _limits(least: Bound, greatest: Bound, type_: str) -> tuple[Any, Any]:
    """Give bounds as a column's values compare with them: times in UTC; a day as a last time ends with the day."""
    if not isinstance(least, date) or not isinstance(greatest, date):
        return least, greatest
    if type_ == "date":
        return pd.Timestamp(least), pd.Timestamp(greatest)
    if not isinstance(greatest, datetime):
        return _utc(least), _utc(greatest) + timedelta(days=1) - timedelta(microseconds=1)
    return _utc(least), _utc(greatest)


def _utc(moment: date) -> pd.Timestamp:
    time = pd.Timestamp(moment)
    return time.tz_localize("UTC") if time.tz is None else time.tz_convert("UTC")
