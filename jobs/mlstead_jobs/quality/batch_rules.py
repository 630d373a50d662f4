"""Rules that a batch keeps or breaks as a whole, evaluated over one row of its statistics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import pandera.pandas as pa

from mlstead.ingestion.gate_definitions import Gate
from mlstead_jobs.quality.statistics import BatchStatistics

NO_VALUE = float("nan")
HIDDEN = "<personal>"
"""Stands for what was measured of a column of personal data: of one row, it is the row's."""
_SECONDS = 86_400


@dataclass(frozen=True)
class BatchRule:
    """A rule of a batch.

    Args:
        rule: its name in gates.toml.
        column: the column, or the other table, that it is about; None: the batch.
        says: the rule in words.
        check: what evaluates it, over a column of one value.
        value: what was measured; not a number: there is nothing to measure, which breaks it.
        found: that in words.
    """

    rule: str
    column: str | None
    says: str
    check: pa.Check
    value: float
    found: str

    @property
    def id(self) -> str:
        """Give its name in reports: rows, mean_between:distance."""
        return f"{self.rule}:{self.column}" if self.column else self.rule


def broken(rules: list[BatchRule]) -> list[BatchRule]:
    """Give those that are not kept."""
    if not rules:
        return []
    measured = pd.DataFrame({rule.id: [float(rule.value)] for rule in rules})
    return [rule for rule in rules if not rule.check(measured[rule.id]).check_passed]


def batch_rules(
    gate: Gate, statistics: BatchStatistics, deviations: list[str], matched: Mapping[str, int], delivered_at: str,
    held: int,
) -> list[BatchRule]:
    """Give the batch rules of a table with what was measured of a batch.

    Args:
        gate: the table's gate.
        statistics: of the batch.
        deviations: what of its columns is not as tables.toml declares it, in words.
        matched: other table → how many rows have a counterpart there.
        delivered_at: when it was delivered, ISO 8601.
        held: how many rows of other content curated holds of it so far.
    """
    return [
        BatchRule("columns", None, "has the columns that tables.toml declares, with their types", _at_most(0),
                  len(deviations), "; ".join(deviations)),
        *shrunk(statistics.rows, held),
        *_of_batch(gate, statistics, matched, delivered_at),
        *_of_columns(gate, statistics),
    ]


def shrunk(rows: int, held: int) -> Iterator[BatchRule]:
    """Hold a batch against what it would replace: a late row in a file of its own is no new month.

    Args:
        rows: how many it has, or how many of these pass.
        held: how many rows of it curated holds.
    """
    if held:
        yield BatchRule("shrunk", None, "has half as many rows as curated holds of it, or more", _at_least(0.5),
                        rows / held, f"{rows:,} rows; curated holds {held:,}")


def _of_batch(
    gate: Gate, statistics: BatchStatistics, matched: Mapping[str, int], delivered_at: str,
) -> Iterator[BatchRule]:
    rows, fresh = gate.rules.rows, gate.rules.fresh
    if rows:
        most = f" and at most {rows.at_most:,}" if rows.at_most is not None else ""
        yield BatchRule("rows", None, f"has at least {rows.at_least:,}{most} rows", _between(
            rows.at_least, float("inf") if rows.at_most is None else rows.at_most),
            statistics.rows, f"{statistics.rows:,} rows")
    if fresh and fresh.column in statistics.columns:
        newest = statistics.columns[fresh.column].newest
        delivered = datetime.fromisoformat(delivered_at)
        days = NO_VALUE if newest is None else (delivered - newest).total_seconds() / _SECONDS
        yield BatchRule("fresh", fresh.column, f"is at most {fresh.within_days:g} days old when delivered",
                        _at_most(fresh.within_days), days,
                        "no time" if newest is None else HIDDEN if _is_personal(gate, fresh.column)
                        else f"{newest.isoformat()}, {days:.1f} days before the delivery")
    for other, relation in gate.rules.relations.items():
        share = matched.get(other, 0) / statistics.rows if statistics.rows else NO_VALUE
        by = ", ".join(relation.columns)
        yield BatchRule("relation", other, f"{relation.at_least:.4g} or more of its rows have their {by} in {other}",
                        _at_least(relation.at_least), share,
                        f"{share:.4f}: {matched.get(other, 0):,} of {statistics.rows:,} rows")


def _of_columns(gate: Gate, statistics: BatchStatistics) -> Iterator[BatchRule]:
    for column, about in gate.rules.columns.items():
        if column not in statistics.columns:
            continue
        measured = statistics.columns[column]
        if about.missing_at_most is not None:
            yield BatchRule("missing_at_most", column, f"{about.missing_at_most:.4g} of it is missing, or less",
                            _at_most(about.missing_at_most), measured.missing_share,
                            f"{measured.missing_share:.4f}: {measured.missing:,} of {measured.rows:,} rows")
        if about.mean_between is not None:
            least, greatest = about.mean_between
            mean = measured.mean
            yield BatchRule("mean_between", column, f"its mean is from {least} to {greatest}",
                            _between(least, greatest), NO_VALUE if mean is None else mean,
                            "no values" if mean is None else HIDDEN if about.personal else f"{mean:.6g}")


def _is_personal(gate: Gate, column: str) -> bool:
    about = gate.rules.columns.get(column)
    return about is not None and about.personal is not None


def _between(least: Any, greatest: Any) -> pa.Check:
    return pa.Check.in_range(least, greatest, ignore_na=False)


def _at_most(most: float) -> pa.Check:
    return pa.Check.le(most, ignore_na=False)


def _at_least(least: float) -> pa.Check:
    return pa.Check.ge(least, ignore_na=False)
