"""Finds personal data in columns and texts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mlstead_jobs.personal.census_names import names
from mlstead_jobs.personal.columns import card_numbers, searchable, suspects
from mlstead_jobs.personal.phones import named_so, phones
from mlstead_jobs.personal.recognizers import recognised
from mlstead_jobs.personal.span import Span, apart

_REMEMBERED = 20_000_000  # characters


class Detector:
    """Finds personal data; each distinct text is judged once, as long as it is remembered.

    Nothing is downloaded and nothing is asked of a network. What it finds and what it cannot: docs/personal-data.md.
    """

    def __init__(self) -> None:
        self._judged: dict[tuple[bool, str], tuple[Span, ...]] = {}
        self._characters = 0

    def scan(self, column: pd.Series[Any]) -> dict[Any, tuple[Span, ...]]:
        """Give the distinct values of a column, as `searchable` shows it, that hold personal data, and where."""
        searched = searchable(column)
        if searched is None:
            return {}
        if pd.api.types.is_numeric_dtype(searched.dtype):
            return {number: (Span(0, len(str(int(number))), "card"),) for number in card_numbers(searched)}
        found = {text: self.find(text, str(column.name)) for text in suspects(searched)}
        return {text: spans for text, spans in found.items() if spans}

    def find(self, text: str, column: str = "") -> tuple[Span, ...]:
        """Find the personal data in a text.

        Args:
            text: a cell.
            column: the name of its column: in one called phone, digits alone are a number.
        """
        asked = (named_so(column), text)
        if asked not in self._judged:
            self._characters += len(text) + 100
            if self._characters > _REMEMBERED:
                self._judged.clear()
                self._characters = len(text)
            self._judged[asked] = apart((*recognised(text), *phones(text, asked[0]), *names(text)))
        return self._judged[asked]
