"""Personal data is no feature, unless somebody says why."""

from pathlib import Path

import pytest

from mlstead.refusal import Refusal
from mlstead_jobs.features import PersonalFeature, check_features

TABLES = """
[raw.flights]
comment = "a flight"
path = "flights"
[raw.flights.columns]
carrier = "string"
tailnum = { type = "string", sensitivity = "pii" }
[curated.flights]
comment = "a flight"
path = "flights"
[curated.flights.columns]
carrier = "string"
tailnum = "string"
[curated.crew]
comment = "who flew"
path = "crew"
sensitivity = "pii"
[curated.crew.columns]
captain = "string"
base = { type = "string", sensitivity = "internal" }
"""
GATES = '[flights.columns]\ntailnum = { personal = "tokenise", kind = "identifier" }\n'


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    tables, gates = tmp_path / "tables.toml", tmp_path / "gates.toml"
    tables.write_text(TABLES)
    gates.write_text(GATES)
    return tables, gates


def test_features_that_are_not_personal_are_let_through(files: tuple[Path, Path]) -> None:
    assert check_features(["carrier", "base", "departure_minute"], *files) == {}


def test_a_column_tagged_in_raw_is_refused_though_it_is_a_token_in_curated(files: tuple[Path, Path]) -> None:
    with pytest.raises(PersonalFeature) as refused:
        check_features(["carrier", "tailnum"], *files)
    said = str(refused.value)
    assert "tailnum would be a feature, but is tagged pii in [raw.flights]." in said
    assert str(files[0]) in said
    assert 'gates.toml' in said
    assert 'admitted = { tailnum = "the reason" }' in said


def test_a_column_of_a_table_tagged_as_a_whole_is_refused(files: tuple[Path, Path]) -> None:
    with pytest.raises(PersonalFeature, match=r"captain .* \[curated\.crew\]"):
        check_features(["captain"], *files)


def test_what_gates_admit_is_given_back_with_its_reason_and_only_what_is_used(files: tuple[Path, Path]) -> None:
    files[1].write_text(GATES + '[features]\nadmitted = { tailnum = "age of the aircraft", captain = "rosters" }\n')
    assert check_features(["carrier", "tailnum"], *files) == {"tailnum": "age of the aircraft"}


def test_a_reason_is_needed(files: tuple[Path, Path]) -> None:
    files[1].write_text(GATES + '[features]\nadmitted = { tailnum = "" }\n')
    with pytest.raises(Refusal):
        check_features(["tailnum"], *files)
