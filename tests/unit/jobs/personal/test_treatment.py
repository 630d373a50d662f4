"""What gates.toml says of personal data happens to it, and to nothing else."""

import json
from typing import Any

import pandas as pd
import pytest

from mlstead_jobs.personal.detector import Detector
from mlstead_jobs.personal.tokens import Tokens
from mlstead_jobs.personal.treatment import ColumnTreatment, Finding, Treatment, TreatmentFailure

TOKENS = Tokens(b"k" * 32)
CARD = 4111_1111_1111_1111
DETECTOR = Detector()
REMARKS = ["mail a@example.com", "quiet", None, "call +49 30 12345678 or b@example.com", "quiet"]


def treated(column: list[Any], rule: ColumnTreatment | None, dtype: str = "str") -> Any:
    frame = pd.DataFrame({"remarks": pd.Series(column, dtype=dtype, index=range(10, 10 + len(column)))})
    rules = {} if rule is None else {"remarks": rule}
    return Treatment(rules, TOKENS, DETECTOR).apply(frame)


def test_what_is_found_is_masked_and_the_rest_of_the_text_stays() -> None:
    done = treated(REMARKS, ColumnTreatment("mask"))
    said = ["mail <email>", "quiet", "", "call <phone> or <email>", "quiet"]
    assert done.frame["remarks"].fillna("").tolist() == said
    assert done.findings == (Finding("remarks", "email", "mask", 2), Finding("remarks", "phone", "mask", 1))
    assert done.refused == {}


def test_a_kind_makes_the_whole_cell_personal_and_none_stays_none() -> None:
    done = treated(["N1", None, "N1", "N2"], ColumnTreatment("mask", "identifier"))
    assert done.frame["remarks"].fillna("").tolist() == ["<identifier>", "", "<identifier>", "<identifier>"]
    assert done.findings == (Finding("remarks", "identifier", "mask", 3),)


def test_the_same_value_gives_the_same_token_in_a_text_and_alone() -> None:
    alone = treated(["a@example.com"], ColumnTreatment("tokenise", "email")).frame["remarks"].iloc[0]
    inside = treated(["mail a@example.com", "b@example.com"], ColumnTreatment("tokenise")).frame["remarks"].tolist()
    assert inside[0] == f"mail {alone}"
    assert inside[1] != alone
    assert "example" not in "".join(inside)


@pytest.mark.parametrize("rule", [None, ColumnTreatment("refuse")])
def test_rows_are_refused_where_something_is_found_and_nobody_said_what_to_do(rule: ColumnTreatment | None) -> None:
    done = treated(REMARKS, rule)
    assert done.refused["remarks"].tolist() == [True, False, False, True, False]
    assert done.kinds("remarks") == "email, phone"
    assert done.frame["remarks"].iloc[0] == "mail a@example.com"


def test_what_is_kept_is_counted() -> None:
    done = treated(REMARKS, ColumnTreatment("keep"))
    assert done.frame["remarks"].iloc[0] == "mail a@example.com"
    assert done.refused == {}
    assert [(finding.action, finding.cells) for finding in done.findings] == [("keep", 2), ("keep", 1)]


@pytest.mark.parametrize("dtype", ["str", "object", "string", "category", "string[pyarrow]"])
def test_a_masked_column_is_text_with_its_rows_in_their_order(dtype: str) -> None:
    done = treated(["a@example.com", None, "x"], ColumnTreatment("mask"), dtype)
    assert done.frame["remarks"].isna().tolist() == [False, True, False]
    assert done.frame.index.tolist() == [10, 11, 12]
    assert pd.api.types.infer_dtype(done.frame["remarks"], skipna=True) == "string"


def test_what_holds_nothing_is_handed_on_as_it_is() -> None:
    frame = pd.DataFrame({"carrier": ["UA", None], "distance": [1400, 2475]})
    done = Treatment({}, None, DETECTOR).apply(frame)
    assert done.frame is frame
    assert (dict(done.refused), done.findings) == ({}, ())


def test_a_card_among_numbers_refuses_its_row() -> None:
    done = treated([1, CARD, 2], None, "int64")
    assert done.refused["remarks"].tolist() == [False, True, False]


@pytest.mark.parametrize("action", ["mask", "tokenise"])
def test_numbers_are_not_turned_into_words(action: Any) -> None:
    with pytest.raises(TreatmentFailure, match="make remarks a string"):
        treated([1, CARD], ColumnTreatment(action), "int64")


def test_without_a_key_nothing_is_tokenised() -> None:
    with pytest.raises(TreatmentFailure, match=r"tailnum cannot be tokenised(.|\n)*--token-key"):
        Treatment({"tailnum": ColumnTreatment("tokenise", "identifier")}, None, DETECTOR)


def test_an_empty_chunk_stays_empty() -> None:
    assert treated([], ColumnTreatment("tokenise", "email")).frame.empty


@pytest.mark.parametrize(("column", "value", "shown"), [
    ("tailnum", "N14228", "<identifier>"), ("remarks", "see a@example.com", "see <email>"),
    ("kept", "Åsa", "<personal>"), ("carrier", "UA", "UA"),
    ("distance", 1400, 1400), ("order", CARD, "<card>"), ("order", float(CARD), "<card>"), ("tailnum", None, None),
    ("distance", float("nan"), None), ("late", True, True),
    ("_unparsed", json.dumps({"tailnum": "N1", "distance": "a@example.com"}),
     json.dumps({"tailnum": "<identifier>", "distance": "<email>"})),
    ("_unparsed", json.dumps({"line": "UA,N14228,3"}), json.dumps({"line": "<line>"})),
])
def test_a_report_shows_no_personal_data(column: str, value: Any, shown: Any) -> None:
    treatment = Treatment({"tailnum": ColumnTreatment("tokenise", "identifier"),
                           "remarks": ColumnTreatment("mask"), "kept": ColumnTreatment("keep")}, TOKENS, DETECTOR)
    assert treatment.sample(column, value) == shown
