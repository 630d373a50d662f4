"""Amounts in the units that a reader would choose."""

import pytest

from mlstead_toolkit.review.quantity import in_units


@pytest.mark.parametrize(("amount", "unit", "words"), [
    (780_610_306_048, "bytes", "727 GB"), (10 * 1024**4, "bytes", "10 TB"), (1024**3 * 3 // 2, "bytes", "1.5 GB"),
    (10, "bytes", "10 bytes"), (43_200, "seconds", "12 hours"), (86_400, "seconds", "1 day"),
    (5_400, "seconds", "90 minutes"), (61, "seconds", "61 seconds"), (1, "seconds", "1 second"),
    (0, "seconds", "0 seconds"), (36, "hours", "36 hours"), (1, "images", "1 image"),
])
def test_an_amount_is_written_in_the_largest_unit_that_says_it(amount: float, unit: str, words: str) -> None:
    assert in_units(amount, unit) == words
