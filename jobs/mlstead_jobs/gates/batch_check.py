"""One batch through the gates: first what it is as a whole, then its rows, chunk by chunk, into two files."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mlstead.ingestion.gate_definitions import Gate
from mlstead_jobs.gates.failures import LINE, UNPARSED, RowFailures, of_batch
from mlstead_jobs.gates.raw_file import RawFile
from mlstead_jobs.gates.waivers import Waivers
from mlstead_jobs.ingestion.arrow_types import arrow_type
from mlstead_jobs.ledger import FIRST_ROW
from mlstead_jobs.personal.treatment import Treatment
from mlstead_jobs.quality.batch_rules import BatchRule, batch_rules, broken, shrunk
from mlstead_jobs.quality.counterparts import Counterparts
from mlstead_jobs.quality.frames import frame
from mlstead_jobs.quality.row_rules import Mask, row_rules
from mlstead_jobs.quality.statistics import BatchStatistics, plain
from mlstead_jobs.quality.uniqueness import Uniqueness

_SAY_EVERY = 2.0  # seconds


class BatchCheck:
    """Checks a batch, and splits it into what goes on and what does not.

    Args:
        gate: the table's gate.
        raw: the batch.
        delivered_at: when it was delivered, ISO 8601.
        held: how many rows of other content curated holds of it so far.
        related: other table → its curated batch; None: it has none, and no row a counterpart.
        treatment: what becomes of personal data.
        waivers: what a release lets pass.
        say: is told how far it is, on a long batch.
    """

    def __init__(
        self, gate: Gate, raw: RawFile, delivered_at: str, held: int, related: Mapping[str, RawFile | None],
        treatment: Treatment, waivers: Waivers, say: Callable[[str], None],
    ) -> None:
        self._gate, self._raw, self._held, self._related = gate, raw, held, related
        self._delivered_at, self._treatment, self._waivers, self._say = delivered_at, treatment, waivers, say
        self._declared, self._deviations = _compared(gate, raw.schema)
        self._rules = [rule for rule in row_rules(gate) if rule.column in self._declared]
        self._said_at = time.monotonic()
        self.broken: list[BatchRule] = []
        self.waived_broken: list[BatchRule] = []
        self._begin()

    def _begin(self) -> None:
        self.failures = RowFailures(self._gate, self._rules, self._treatment.sample)
        self.waived = RowFailures(self._gate, self._rules, self._treatment.sample)
        self.personal: Counter[tuple[str, str, str]] = Counter()
        self.curated = self.quarantined = 0

    def run(self, curated: Path, quarantined: Path) -> None:
        """Check it, and write what passes and what does not; each row goes into one of the files."""
        statistics, keys = self._measure()
        self._rules = [rule for rule in self._rules if not rule.is_kept_by(statistics.columns[rule.column])]
        self.statistics = {name: self._shown(name, about) for name, about in statistics.columns.items()
                           if name != UNPARSED}
        self._sort(curated, quarantined, keys)
        if not self.broken:
            # What came in was enough; what is left of it may not be, and what curated holds is better than a rest.
            self._hold_to([*shrunk(self.curated, self._held)])
            if self.broken:
                self._begin()
                self._sort(curated, quarantined, keys)

    def _sort(self, curated: Path, quarantined: Path, keys: Mask | None) -> None:
        schema = self._raw.schema
        passing = pa.schema([field for field in schema if field.name != UNPARSED])
        failing = schema.append(pa.field("_row", pa.int64())).append(pa.field("_rules", pa.string()))
        with pq.ParquetWriter(curated, passing) as good, pq.ParquetWriter(quarantined, failing) as bad:
            first = 0
            for chunk in self._raw.chunks():
                passed, failed = self._split(chunk, first, keys, passing, failing)
                if passed.num_rows:
                    good.write_batch(passed)
                if failed.num_rows:
                    bad.write_batch(failed)
                self.curated += passed.num_rows
                self.quarantined += failed.num_rows
                first += chunk.num_rows
                self._tell("checked", first)

    def listed(self) -> list[dict[str, Any]]:
        """Give the failures, those of the batch first."""
        return [*(of_batch(rule, self._raw.rows) for rule in self.broken), *self.failures.listed()]

    def let_pass(self) -> dict[str, int]:
        """Give the waived rules that were not kept, and how many rows each would have stopped."""
        return {**{rule.id: self._raw.rows for rule in self.waived_broken}, **self.waived.rows()}

    def findings(self) -> list[dict[str, Any]]:
        """Give what was found of personal data."""
        return [{"column": column, "kind": kind, "action": action, "cells": cells}
                for (column, kind, action), cells in sorted(self.personal.items())]

    def _measure(self) -> tuple[BatchStatistics, Mask | None]:
        """Read the batch for what holds of it as a whole."""
        gate = self._gate
        statistics = BatchStatistics(self._raw.schema)
        key = gate.rules.key if all(name in self._declared for name in gate.rules.key) else ()
        uniqueness = Uniqueness(key) if key else None
        counterparts = {}
        for other, file in self._related.items():
            columns = [*gate.rules.relations[other].columns]
            if all(name in self._declared for name in columns):
                counterparts[other] = Counterparts(columns, file.chunks(columns) if file else ())
        for chunk in self._raw.chunks():
            statistics.add(chunk)
            if uniqueness:
                uniqueness.add(chunk)
            for each in counterparts.values():
                each.add(chunk)
            self._tell("measured", statistics.rows)
        matched = {other: each.matched for other, each in counterparts.items()}
        self._hold_to(batch_rules(gate, statistics, self._deviations, matched, self._delivered_at, self._held))
        return statistics, uniqueness.failed(self._raw.chunks) if uniqueness else None

    def _hold_to(self, rules: list[BatchRule]) -> None:
        for rule in broken(rules):
            (self.waived_broken if self._waivers.waives(rule.id) else self.broken).append(rule)

    def _split(
        self, chunk: pa.RecordBatch, first: int, keys: Mask | None, passing: pa.Schema, failing: pa.Schema,
    ) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        rows = frame(chunk.select(self._declared))
        failed = _unparsed(chunk)
        if keys is not None:
            failed["key"] = keys[first : first + chunk.num_rows]
        for rule in self._rules:
            if (found := rule.failed(rows)) is not None:
                # A cell that is not of its type is not missing, nor is any of a line that is no row.
                for reason in ("type", f"type:{rule.column}") if rule.rule == "required" else ():
                    found = found & ~failed[reason] if reason in failed else found
                failed[rule.id] = found
        treated = self._treatment.apply(rows)
        for column, refused in treated.refused.items():
            failed[f"personal:{column}"] = refused
            self.failures.found(f"personal:{column}", treated.kinds(column))
        for finding in treated.findings:
            self.personal[finding.column, finding.kind, finding.action] += finding.cells
        waived = {rule: found for rule, found in failed.items() if self._waivers.waives(rule)}
        stopping = {rule: found for rule, found in failed.items() if rule not in waived and found.any()}
        self.waived.add(chunk, first, waived)
        self.failures.add(chunk, first, stopping)
        bad = np.full(chunk.num_rows, bool(self.broken))
        for found in stopping.values():
            bad |= found
        return self._passed(chunk, treated.frame, bad, passing), self._failed(chunk, first, stopping, bad, failing)

    def _passed(self, chunk: pa.RecordBatch, treated: pd.DataFrame, bad: Mask, schema: pa.Schema) -> pa.RecordBatch:
        """Give the rows that go on; only columns that were masked or tokenised come from the frame."""
        columns = []
        for field in schema:
            about = self._gate.rules.columns.get(field.name)
            changed = about and about.personal and about.personal.action in ("mask", "tokenise")
            columns.append(pa.array(treated[field.name], type=field.type, from_pandas=True)
                           if changed and field.name in treated else chunk.column(field.name))
        passed = pa.record_batch(columns, schema=schema)
        return passed.filter(pa.array(~bad)) if bad.any() else passed

    def _failed(
        self, chunk: pa.RecordBatch, first: int, failed: Mapping[str, Mask], bad: Mask, schema: pa.Schema,
    ) -> pa.RecordBatch:
        at = np.flatnonzero(bad)
        numbers = pa.array(at + first + FIRST_ROW, pa.int64())
        rules = _named([rule.id for rule in self.broken], {rule: found[at] for rule, found in failed.items()}, len(at))
        return pa.record_batch([*chunk.take(pa.array(at)).columns, numbers, rules], schema=schema)

    def _shown(self, name: str, about: Any) -> dict[str, Any]:
        """Give a column's statistics; of personal data only what is missing."""
        rules = self._gate.rules.columns.get(name)
        shown: dict[str, Any] = {"missing": about.missing}
        if not (rules and rules.personal) and about.least is not None:
            shown |= {"least": self._treatment.sample(name, plain(about.least)),
                      "greatest": self._treatment.sample(name, plain(about.greatest))}
            if about.mean is not None:
                shown["mean"] = self._treatment.sample(name, plain(about.mean))  # of one row, it is the row's
        return shown

    def _tell(self, done: str, rows: int) -> None:
        if time.monotonic() - self._said_at > _SAY_EVERY:
            self._say(f"  {rows:,} of {self._raw.rows:,} rows {done}")
            self._said_at = time.monotonic()


def _compared(gate: Gate, schema: pa.Schema) -> tuple[list[str], list[str]]:
    """Give the columns that are as tables.toml declares them, and in words what is not."""
    names, declared, deviations = set(schema.names), [], []
    for name, type_ in gate.columns.items():
        if name not in names:
            deviations.append(f"{name} is missing")
        elif schema.field(name).type != arrow_type(type_):
            deviations.append(f"{name} was written as {schema.field(name).type}, and is declared {type_} now")
        else:
            declared.append(name)
    return declared, deviations + [
        f"{name} is not declared" for name in schema.names if name not in gate.columns and name != UNPARSED
    ]


def _unparsed(chunk: pa.RecordBatch) -> dict[str, Mask]:
    """Say which rows have cells that are not of their type, by column; of lines that are no row, by none."""
    found: dict[str, Mask] = {}
    if UNPARSED not in chunk.schema.names or chunk.column(UNPARSED).null_count == chunk.num_rows:
        return found
    said = chunk.column(UNPARSED)
    at = np.flatnonzero(pc.is_valid(said).to_numpy(zero_copy_only=False))
    for row, cells in zip(at, said.take(pa.array(at)).to_pylist(), strict=True):
        for column in json.loads(cells):
            rule = "type" if column == LINE and LINE not in chunk.schema.names else f"type:{column}"
            found.setdefault(rule, np.zeros(chunk.num_rows, dtype=bool))[row] = True
    return found


def _named(batch: list[str], failed: Mapping[str, Mask], rows: int) -> pa.Array:
    """Give for each row the rules that it failed, those of the batch first."""
    if not failed or not rows:
        return pa.array(["; ".join(batch)] * rows, pa.string())
    combined = np.zeros(rows, dtype=np.int64)
    combinations: dict[bytes, int] = {}
    packed = np.packbits(np.column_stack(list(failed.values())), axis=1)
    for row in range(rows):
        combined[row] = combinations.setdefault(packed[row].tobytes(), len(combinations))
    names = []
    for combination in combinations:
        bits = np.unpackbits(np.frombuffer(combination, np.uint8), count=len(failed))
        names.append("; ".join([*batch, *(rule for rule, bit in zip(failed, bits, strict=True) if bit)]))
    return pa.array(names, pa.string()).take(pa.array(combined))
