"""What a batch's rows failed: how many, by which rule, with some of them as a report may show them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from mlstead.ingestion.gate_definitions import Gate
from mlstead_jobs.ledger import FIRST_ROW, Failure
from mlstead_jobs.quality.batch_rules import BatchRule
from mlstead_jobs.quality.row_rules import Mask, RowRule
from mlstead_jobs.quality.statistics import plain

UNPARSED, LINE = "_unparsed", "line"
_SAMPLE = 5  # rows of each rule
_LONGEST = 200  # characters of a cell

Masked = Callable[[str, Any], Any]


class RowFailures:
    """The rows that failed, counted and sampled as chunks come by.

    Args:
        gate: the table's gate.
        rules: its row rules.
        masked: gives a cell, by column and value, with personal data masked.
    """

    def __init__(self, gate: Gate, rules: Iterable[RowRule], masked: Masked) -> None:
        self._gate, self._masked = gate, masked
        self._says = {rule.id: rule.says for rule in rules}
        self._order = list(self._says)
        self._rows: dict[str, int] = {}
        self._sample: dict[str, list[dict[str, Any]]] = {}
        self._found: dict[str, set[str]] = {}

    def add(self, chunk: pa.RecordBatch, first: int, failed: Mapping[str, Mask]) -> None:
        """Take in the rows of a chunk that failed.

        Args:
            chunk: the chunk.
            first: how many rows of the batch came before it.
            failed: rule → which rows.
        """
        for rule, rows in failed.items():
            at = np.flatnonzero(rows)
            if not len(at):
                continue
            self._rows[rule] = self._rows.get(rule, 0) + len(at)
            sample = self._sample.setdefault(rule, [])
            sample += [self._shown(chunk, int(row), first, rule) for row in at[: _SAMPLE - len(sample)]]

    def found(self, rule: str, words: str) -> None:
        """Add words on what was found, once each."""
        self._found.setdefault(rule, set()).add(words)

    def listed(self) -> list[dict[str, Any]]:
        """Give the failures, as a report has them: types, keys, rules in the order of gates.toml, personal data."""
        return [asdict(self._failure(rule)) for rule in sorted(self._rows, key=self._place)]

    def rows(self) -> dict[str, int]:
        """Give how many rows failed, by rule."""
        return dict(self._rows)

    def _failure(self, rule: str) -> Failure:
        name, _, column = rule.partition(":")
        found = ", ".join(sorted(self._found.get(rule, ()))) or None
        return Failure(name, column or None, "row", self._words(name, column), self._rows[rule], found,
                       self._sample[rule])

    def _words(self, name: str, column: str) -> str:
        match name:
            case "type":
                return f"is of type {self._gate.columns.get(column, '…')}" if column else "is a row of the table"
            case "key":
                return f"is the only row with its {', '.join(self._gate.rules.key)}, or the first of identical ones"
            case "personal":
                return "holds no personal data"
        return self._says[f"{name}:{column}"]

    def _place(self, rule: str) -> tuple[int, int, str]:
        name = rule.partition(":")[0]
        group = {"type": 0, "key": 1, "personal": 3}.get(name, 2)
        return group, self._order.index(rule) if rule in self._says else 0, rule

    def _shown(self, chunk: pa.RecordBatch, row: int, first: int, rule: str) -> dict[str, Any]:
        name, _, column = rule.partition(":")
        columns = [*self._gate.rules.key, *([column] if column and name != "type" else [])]
        shown: dict[str, Any] = {"_row": first + row + FIRST_ROW}
        for each in dict.fromkeys(columns):
            if each in chunk.schema.names:
                shown[each] = _short(self._masked(each, plain(chunk.column(each)[row].as_py())))
        if name == "type":
            cells = json.loads(self._masked(UNPARSED, chunk.column(UNPARSED)[row].as_py()))
            shown[column or LINE] = _short(cells[column or LINE])
        return shown


def _short(cell: Any) -> Any:
    return f"{cell[:_LONGEST]}…" if isinstance(cell, str) and len(cell) > _LONGEST else cell


def of_batch(rule: BatchRule, rows: int) -> dict[str, Any]:
    """Give the failure of a batch rule, as a report has it; it fails all rows."""
    return asdict(Failure(rule.rule, rule.column, "batch", rule.says, rows, rule.found))
