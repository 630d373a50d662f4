"""A small table of the tests' own, and files of it: good ones, and ones that are wrong in one way each."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]
COLUMNS = ("order_id", "ordered_at", "paid_at", "country", "weight", "note", "remarks")
_COLUMNS = """
order_id = "bigint"
ordered_at = { type = "timestamp", comment = "UTC" }
paid_at = { type = "timestamp", comment = "UTC" }
country = "string"
weight = { type = "double", comment = "kilograms" }
note = "string"
remarks = "string"
"""
TABLES = f"""
[raw.orders]
comment = "Orders, as a shop delivers them"
path = "orders"

[raw.orders.columns]
{_COLUMNS}
[curated.orders]
comment = "Orders that passed the gates"
path = "orders"

[curated.orders.columns]
{_COLUMNS}"""
RULES = """
[orders]
batch = { column = "ordered_at", every = "month" }
key = ["order_id"]

[orders.columns]
order_id = { required = true }
country = { required = true, one_of = ["AT", "CH", "DE"] }
weight = { between = [0.01, 5000], missing_at_most = 0.1, mean_between = [1, 10] }
remarks = { personal = "mask" }
"""
CARD = "4111 1111 1111 1111"
"""Visa's own test number: no account has it."""


def rows(month: str, count: int = 200) -> list[Row]:
    """Good orders of one month, 2024-01."""
    return [{
        "order_id": int(month.replace("-", "")) * 10_000 + number,
        "ordered_at": f"{month}-{number % 28 + 1:02}T10:{number % 60:02}:00Z",
        "paid_at": f"{month}-{number % 28 + 1:02}T11:{number % 60:02}:00Z",
        "country": ("AT", "CH", "DE")[number % 3], "weight": 2 + number % 7 / 2,
        "note": "leave at the door", "remarks": "none",
    } for number in range(count)]


def changed(month: str, change: Callable[[Row], Row], which: Iterable[int]) -> list[Row]:
    """Good orders of a month, some of them changed."""
    chosen = set(which)
    return [row | change(row) if number in chosen else row for number, row in enumerate(rows(month))]


def as_csv(content: list[Row], columns: Iterable[str] = COLUMNS) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(content)
    return text.getvalue().encode()
