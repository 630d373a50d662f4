"""A promotion is one reviewed line: nothing else in the file may move."""

from pathlib import Path

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.settings_line import write_model_version

SETTINGS = """# reviewed by the platform team
config:
  aws:region: eu-west-1   # close to the users

  flight-delays:model: none          # {version: N} once one is approved
  flight-delays:model_alarm: {percent: 1}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.local.yaml"
    path.write_text(SETTINGS)
    return path


def test_a_promotion_changes_one_line_and_keeps_comments_and_spacing(file: Path) -> None:
    change = write_model_version(file, "flight-delays", 3)
    assert change is not None and change.number == 5
    before, after = SETTINGS.splitlines(), file.read_text().splitlines()
    assert [line for line in range(len(before)) if before[line] != after[line]] == [4]
    assert after[4] == "  flight-delays:model: {version: 3}          # {version: N} once one is approved"


def test_promoting_the_version_that_is_there_writes_nothing(file: Path) -> None:
    write_model_version(file, "flight-delays", 3)
    written = file.stat().st_mtime_ns
    assert write_model_version(file, "flight-delays", 3) is None
    assert file.stat().st_mtime_ns == written


def test_a_later_version_replaces_an_earlier_one(file: Path) -> None:
    write_model_version(file, "flight-delays", 3)
    change = write_model_version(file, "flight-delays", 12)
    assert change is not None and "{version: 12}" in change.after and "{version: 3}" in change.before


def test_windows_line_ends_survive(file: Path) -> None:
    file.write_bytes(SETTINGS.replace("\n", "\r\n").encode())
    write_model_version(file, "flight-delays", 1)
    assert file.read_bytes().count(b"\r\n") == SETTINGS.count("\n")


@pytest.mark.parametrize("content", [
    "config:\n  aws:region: eu-west-1\n",
    "config:\n  flight-delays:model: none\n  flight-delays:model: none\n",
    "config:\n  flight-delays:model:\n    version: 1\n",
])
def test_a_file_without_exactly_one_such_line_is_refused_and_left_alone(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(MlsteadError) as caught:
        write_model_version(file, "flight-delays", 1)
    assert "flight-delays:model" in str(caught.value) and caught.value.fix
    assert file.read_text() == content
