"""Where `local` stands, by what the environment variables say."""

from pathlib import Path

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.local_place import LocalTarget, local_place, refuse_target


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLSTEAD_HOME", str(tmp_path))
    for name in ("MLSTEAD_CLOUD_PORT", "MLSTEAD_COMPANION_PORT", "MLSTEAD_LOCALSTACK"):
        monkeypatch.delenv(name, raising=False)


def test_both_places_are_apart_in_home_and_port_from_each_other_and_from_localstack() -> None:
    plain, other = local_place(), local_place(LocalTarget.LOCALSTACK)

    assert (plain.port, other.port, other.localstack) == (4566, 4567, "http://127.0.0.1:4566")
    assert (plain.home, other.home) == (other.home.parent, plain.home / "localstack")
    assert (plain.words, other.words) == ("local", "local --target localstack")


def test_an_address_is_taken_as_it_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLSTEAD_LOCALSTACK", "http://localhost:4999/")

    assert local_place(LocalTarget.LOCALSTACK).localstack == "http://localhost:4999"


@pytest.mark.parametrize("address", ["", "localhost:4566", "https://127.0.0.1:4566", "http://127.0.0.1:4566/x",
                                     "http://127.0.0.1:ls", "http://127.0.0.1:99999", "http://127.0.0.1:0"])
def test_what_is_no_address_is_refused_with_how_to_write_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLSTEAD_LOCALSTACK", address)

    with pytest.raises(MlsteadError, match=r"MLSTEAD_LOCALSTACK(.|\n)*http://127.0.0.1:4566"):
        local_place(LocalTarget.LOCALSTACK)


def test_a_port_that_is_none_is_refused_by_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLSTEAD_COMPANION_PORT", "http")

    with pytest.raises(MlsteadError, match="MLSTEAD_COMPANION_PORT"):
        local_place(LocalTarget.LOCALSTACK)


def test_only_local_has_a_choice_of_targets() -> None:
    refuse_target("local", LocalTarget.LOCALSTACK)
    refuse_target("dev", LocalTarget.LOCAL)
    with pytest.raises(MlsteadError, match="real account"):
        refuse_target("dev", LocalTarget.LOCALSTACK)
