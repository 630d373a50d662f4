"""What happens to personal data between raw and curated: masked, tokenised, refused or kept, as gates.toml says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias, cast

import numpy as np
import pandas as pd

from mlstead.errors import MlsteadError
from mlstead.ingestion.gate_rules import Action, Kind
from mlstead_jobs.personal.columns import is_text, searchable, uncategorised
from mlstead_jobs.personal.detector import Detector
from mlstead_jobs.personal.span import Span, spliced
from mlstead_jobs.personal.tokens import Tokens

UNPARSED, LINE = "_unparsed", "line"

_Rows: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
# For each row whether it holds personal data; cells by kind; what each value becomes.
_Finds: TypeAlias = tuple[_Rows, dict[Kind, int], dict[Any, str]]


class TreatmentFailure(MlsteadError):
    """A rule on personal data cannot be carried out."""


@dataclass(frozen=True)
class ColumnTreatment:
    """What gates.toml says of personal data in a column. A column that it says nothing of is searched, too.

    Args:
        action: mask, tokenise, refuse the row, or keep.
        kind: what every cell of the column is; None: what is found in it.
    """

    action: Action = "refuse"
    kind: Kind | None = None


@dataclass(frozen=True, order=True)
class Finding:
    """What was found in a column of a chunk, and what was done.

    Args:
        column: its name.
        kind: what it is.
        action: what was done with it.
        cells: in how many cells.
    """

    column: str
    kind: Kind
    action: Action
    cells: int


@dataclass(frozen=True)
class Treated:
    """A chunk after treatment; as many rows as before, in the same order.

    Args:
        frame: the chunk with what was masked and tokenised; whoever writes it leaves out the refused rows.
        refused: column → for each row, whether it is refused for what this column holds. Only columns that refuse any.
        findings: what was found, sorted; rows that are refused are counted too.
    """

    frame: pd.DataFrame
    refused: Mapping[str, _Rows]
    findings: tuple[Finding, ...]

    def kinds(self, column: str) -> str:
        """Name the kinds that were found in a column, with commas."""
        return ", ".join(sorted({found.kind for found in self.findings if found.column == column}))


@dataclass
class Treatment:
    """Treats the chunks of one table.

    Args:
        columns: what gates.toml says, by column.
        tokens: makes tokens; None: no column is tokenised.
        detector: finds personal data; one for a run, so that what was judged once stays judged.
    """

    columns: Mapping[str, ColumnTreatment]
    tokens: Tokens | None
    detector: Detector = field(default_factory=Detector)

    def __post_init__(self) -> None:
        """Refuse to start without what is needed to end."""
        tokenised = [name for name, rule in self.columns.items() if rule.action == "tokenise"]
        if tokenised and self.tokens is None:
            raise TreatmentFailure(f"{', '.join(tokenised)} cannot be tokenised: there is no key.", where="gates.toml",
                                   fix="name the key of tokens with --token-key")

    def apply(self, chunk: pd.DataFrame) -> Treated:
        """Treat a chunk.

        Raises:
            TreatmentFailure: a column of numbers would have to hold text.
        """
        replaced: dict[str, pd.Series[Any]] = {}
        refused: dict[str, _Rows] = {}
        findings: list[Finding] = []
        for name in chunk.columns:
            rule, column = self.columns.get(name, ColumnTreatment()), chunk[name]
            if rule.action in ("mask", "tokenise") and not is_text(column):
                raise no_text(name, rule.action, str(column.dtype))
            held, counts, words = self._whole(column, rule) if rule.kind else self._found(column, rule)
            if not held.any():
                continue
            findings += [Finding(name, kind, rule.action, cells) for kind, cells in counts.items()]
            if rule.action == "refuse":
                refused[name] = held
            elif rule.action != "keep":
                replaced[name] = _replaced(column, words)
        return Treated(chunk.assign(**replaced) if replaced else chunk, refused, tuple(sorted(findings)))

    def sample(self, column: str, value: Any) -> Any:
        """Give a value as a report may show it: what is personal is masked, whatever is done with it in curated."""
        if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
            return None
        if column == UNPARSED and isinstance(value, str):
            return self._unparsed_sample(value)
        rule = self.columns.get(column, ColumnTreatment())
        if rule.kind is not None:
            return f"<{rule.kind}>"
        return "<personal>" if rule.action == "keep" else mask_sample(value, self.detector, column)

    def _unparsed_sample(self, text: str) -> Any:
        try:
            cells = json.loads(text)
        except ValueError:
            return mask_sample(text, self.detector)
        # A line that is no row may hold any column's cells.
        hidden = any(rule.kind or rule.action == "keep" for rule in self.columns.values())
        return json.dumps({
            name: "<line>" if name == LINE and hidden else self.sample(name, cell) for name, cell in cells.items()
        }, ensure_ascii=False)

    def _whole(self, column: pd.Series[Any], rule: ColumnTreatment) -> _Finds:
        """Take each cell as a whole."""
        held = column.notna().to_numpy(dtype=bool)
        kind = cast(Kind, rule.kind)
        words = {} if rule.action in ("refuse", "keep") else {
            value: self._word(rule.action, kind, value) for value in column[held].unique()
        }
        return held, {kind: int(held.sum())}, words

    def _found(self, column: pd.Series[Any], rule: ColumnTreatment) -> _Finds:
        """Take what the detector finds in the cells."""
        found = self.detector.scan(column)
        if not found:
            return np.zeros(len(column), dtype=bool), {}, {}
        searched = cast("pd.Series[Any]", searchable(column))
        held = searched.isin(list(found)).to_numpy(dtype=bool)
        counts: dict[Kind, int] = {}
        for value, times in searched[held].value_counts().items():
            for kind in {span.kind for span in found[value]}:
                counts[kind] = counts.get(kind, 0) + int(times)
        words = {} if rule.action in ("refuse", "keep") else {
            text: spliced(text, spans, partial(self._part, rule.action, text)) for text, spans in found.items()
        }
        return held, counts, words

    def _part(self, action: Action, text: str, span: Span) -> str:
        return self._word(action, span.kind, text[span.start : span.end])

    def _word(self, action: Action, kind: Kind, value: str) -> str:
        if action == "mask" or self.tokens is None:
            return f"<{kind}>"
        return self.tokens.token(kind, value)


def _replaced(column: pd.Series[Any], words: Mapping[Any, str]) -> pd.Series[Any]:
    """Put words in the place of values, distinct value by distinct value, in the column's own type."""
    plain = uncategorised(column)
    codes, distinct = pd.factorize(plain)
    words_by_code = pd.array([words.get(value, value) for value in distinct], dtype=cast(Any, plain.dtype))
    return pd.Series(words_by_code.take(codes, allow_fill=True), index=column.index, name=column.name)


def no_text(column: str, action: str, type_: str) -> TreatmentFailure:
    """Say that a rule would turn numbers into words, which would change the column's type in curated."""
    return TreatmentFailure(
        f"{column} is {type_}, and {action} would put text into it.", where=f"gates.toml, column {column}",
        fix=f'make {column} a string in tables.toml, in raw and curated; or say "refuse" or {{ keep = "the reason" }}',
    )


def mask_sample(value: Any, detector: Detector, column: str = "") -> Any:
    """Give a value with the personal data in it masked; a number that is a card becomes <card>."""
    if isinstance(value, bool):
        return value
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    spans = detector.find(text, column)
    return spliced(text, spans, lambda span: f"<{span.kind}>") if spans else value
