"""The detector finds what is personal, leaves alone what only looks like it, and asks nobody."""

import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_sample import sample
from measurement import Measurement, written

from mlstead_jobs.personal.columns import suspects
from mlstead_jobs.personal.detector import Detector

PAGE = Path(__file__).parents[4] / "docs" / "personal-data.md"
CARD = 4111_1111_1111_1111
DEMANDED = {"email": 0.95, "phone": 0.95, "card": 0.95, "account": 0.95, "identifier": 0.95}


@pytest.fixture(scope="module")
def measurement() -> Measurement:
    return Measurement()


def found(text: str, column: str = "remarks") -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in Detector().find(text, column)]


def test_half_of_the_sample_is_innocent(measurement: Measurement) -> None:
    innocent = [cell for cell in measurement.cells if cell.kind is None]
    assert len(measurement.cells) >= 800
    assert len(innocent) >= len(measurement.cells) / 2


@pytest.mark.parametrize(("kind", "least"), DEMANDED.items())
@pytest.mark.parametrize("by", ["cell", "span"])
def test_what_is_said_of_a_kind_is_right_and_little_of_it_is_missed(
    measurement: Measurement, by: str, kind: str, least: float,
) -> None:
    assert measurement.precision(by, kind) >= least
    assert measurement.recall(by, kind) >= least


def test_names_are_seldom_claimed_wrongly_and_those_of_english_are_found(measurement: Measurement) -> None:
    assert measurement.precision("span", "name") >= 0.95
    label = "name (US, GB)"
    assert measurement.recalled["span", label] >= 0.95 * measurement.of[label]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_sample_that_nobody_looked_at_gives_the_same_picture(seed: int) -> None:
    other = Measurement(seed)
    for kind in DEMANDED:
        assert other.precision("span", kind) >= 0.95
        assert other.recall("span", kind) >= 0.95


def test_the_page_shows_what_was_measured(measurement: Measurement) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page, measurement) == page, "run: make docs"


def test_the_look_at_a_whole_column_passes_over_nothing_that_a_look_at_each_cell_finds() -> None:
    cells = sample()
    kept = set(suspects(pd.Series([cell.text for cell in cells])))
    detector = Detector()
    assert [cell.text for cell in cells if detector.find(cell.text, cell.column) and cell.text not in kept] == []


def test_nothing_is_asked_of_a_network_and_nothing_is_logged() -> None:
    script = (
        "import logging, socket\n"
        "logging.basicConfig(level=logging.INFO)\n"
        "def refuse(*_, **__): raise SystemExit('a socket was opened')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from mlstead_jobs.personal.detector import Detector\n"
        "text = 'a.b@example.co.uk, +44 20 7946 0018, 4111 1111 1111 1111, GB82WEST12345698765432, Mary Smith'\n"
        "print([span.kind for span in Detector().find(text)])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert (done.stdout.strip(), done.stderr) == ("['email', 'phone', 'card', 'account', 'name']", "")


def test_a_column_without_suspects_imports_no_recognizer() -> None:
    script = (
        "import sys, pandas as pd\n"
        "from mlstead_jobs.personal.detector import Detector\n"
        "columns = [['UA', 'AA', None], ['N14228', 'N24211', None], ['gate closed late', None, ''], [1.5, None, 2.0]]\n"
        "assert not any(Detector().scan(pd.Series(each)) for each in columns)\n"
        "print(sorted({'presidio_analyzer', 'spacy', 'phonenumbers', 'names'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_year_of_the_examples_codes_costs_less_than_reading_it() -> None:
    codes = pd.Series([f"N{number % 4043:05}" for number in range(336_776)], dtype="str")
    detector = Detector()
    detector.scan(codes.head())
    began = time.process_time()
    for at in range(0, len(codes), 65_536):
        for _ in range(4):
            assert not detector.scan(codes[at : at + 65_536])
    assert time.process_time() - began < 1  # 0.1 s on an idle machine


@pytest.mark.parametrize("text", [
    "a" * 300_000 + "@" + "1" * 300_000, "Aa" * 100_000, "A. " * 30_000, "+1" + "2" * 5_000 + "x", "00" + "12" * 5_000,
    "0512-" * 5_000, "(0512) " * 5_000, "GB82" + "A1B2" * 20_000, "tel " * 20_000, "4111 " * 10_000,
])
def test_a_long_text_takes_time_in_proportion_to_its_length(text: str) -> None:
    began = time.process_time()
    Detector().find(text)
    assert time.process_time() - began < 10


@given(st.text(st.characters(codec="utf-8")) | st.from_regex(r"[A-Z a-z.,@+()0-9-]{0,60}", fullmatch=True))
@settings(deadline=None)
def test_any_text_is_judged_and_finds_are_apart_and_in_it(text: str) -> None:
    spans = Detector().find(text)
    ends = [0, *(span.end for span in spans)]
    assert all(before <= span.start < span.end <= len(text) for before, span in zip(ends, spans, strict=False))


@pytest.mark.parametrize("dtype", ["int64", "float64", "Int64", "uint64", "int64[pyarrow]"])
def test_a_number_that_is_a_card_is_found_in_a_column_of_numbers(dtype: str) -> None:
    numbers = pd.Series([1, CARD, CARD + 1, 1_700_000_000_000, CARD], dtype=dtype)
    assert {value: spans[0].kind for value, spans in Detector().scan(numbers).items()} == {CARD: "card"}


@pytest.mark.parametrize("dtype", ["str", "object", "string", "category", "string[pyarrow]"])
def test_a_text_is_searched_whatever_pandas_keeps_it_as(dtype: str) -> None:
    texts = pd.Series(["quiet", None, "a@example.com", "a@example.com"], dtype=dtype)
    assert list(Detector().scan(texts)) == ["a@example.com"]


@pytest.mark.parametrize("values", [
    pd.Series(pd.to_datetime(["2013-01-01"])), pd.Series([True, False]), pd.Series([None, None]),
    pd.Series(pd.to_datetime(["2013-01-01"]).date), pd.Series([0.1, float("inf"), float("nan"), -5.0]),
])
def test_what_can_hold_nothing_personal_is_passed_over(values: pd.Series) -> None:
    assert Detector().scan(values) == {}


def test_a_list_is_searched_too() -> None:
    assert list(Detector().scan(pd.Series([["x"], ["a@example.com"], None]))) == ["['a@example.com']"]


@pytest.mark.parametrize(("text", "column", "expected"), [
    ("4155552671", "remarks", []),
    ("4155552671", "phone_number", [("phone", "4155552671")]),
    ("tel 4155552671", "remarks", [("phone", "4155552671")]),
    ("telemetry 4155552671", "remarks", []),
    ("git@github.com:owner/name.git", "remarks", []),
    ("order 4111111111111112", "remarks", []),
    ("GB82 WEST 1234 5698 7654 32", "remarks", [("account", "GB82 WEST 1234 5698 7654 32")]),
    ("GB83 WEST 1234 5698 7654 32", "remarks", []),
    ("routing number 021000021", "remarks", [("account", "021000021")]),
    ("021000021", "remarks", []),
    ("Mr. O'Brien, Mary Ann van der Berg", "remarks", [("name", "O'Brien"), ("name", "Mary Ann van der Berg")]),
    ("John Wayne Airport, 12 Melissa Orchard", "remarks", []),
    ("Marshall, Nelson and Byrd", "remarks", []),
    ("SMITH, JOHN Q", "remarks", [("name", "SMITH, JOHN Q")]),
    ("May Day on Sunday July 4", "remarks", []),
])
def test_context_decides_where_the_characters_do_not(text: str, column: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, column) == expected
