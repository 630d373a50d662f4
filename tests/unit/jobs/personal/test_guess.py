"""What an unknown column holds is told from its name and its cells."""

from typing import Any

import pandas as pd
import pytest

from mlstead_jobs.personal.guess import looks_personal


@pytest.mark.parametrize(("name", "cells", "kind"), [
    ("contact", ["a@example.com", "b@example.org", None], "email"),
    ("email", ["unknown", "none"], "email"),
    ("customerEmail", ["x"], "email"),
    ("phone", ["4155552671", "2125551234"], "phone"),
    ("phone_calls", [3, 4, 0], None),
    ("mobile", [491701234567, 491701234568], "phone"),
    ("pay", [4111111111111111, 5500005555555559], "card"),
    ("iban", ["GB82WEST12345698765432"], "account"),
    ("ssn", ["123-45-6788"], "identifier"),
    ("passenger_name", ["Zbigniew X", "Åsa Y"], "name"),
    ("who", ["Mary Smith", "John Miller", "Susan Baker"], "name"),
    ("name", ["Zbigniew"], "name"),
    ("airport_name", ["John Wayne Airport", "Lansdowne Airport"], None),
    ("filename", ["a.csv"], None),
    ("carrier", ["UA", "AA"], None),
    ("tailnum", ["N14228"], None),
    ("time_hour", ["2013-01-01 05:00:00"], None),
    ("remarks", ["mail a@example.com about it", "nothing", "late"], None),
    ("email", [None, None], None),
    ("distance", [1400, 2475], None),
])
def test_a_column_of_personal_data_is_told_from_one_that_is_none(name: str, cells: list[Any], kind: str | None) -> None:
    assert looks_personal(pd.Series(cells, name=name)) == kind
