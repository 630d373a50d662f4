"""Archives are known by Pulumi's own hashes; those here were written by a real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlstead_toolkit.engine import Archive, Asset
from mlstead_toolkit.engine.archive_digest import archive_digest
from mlstead_toolkit.engine.errors import EngineError


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "a.txt").write_text("hello\n")
    return str(tmp_path)


def test_a_folder_has_the_hash_that_pulumi_gives_it(folder: str) -> None:
    assert archive_digest(folder, None, None) == "7ffb0193a0c932eec1d3790422f28138b89fec63b67b3c7542298febee96a6c0"


def test_members_have_the_hash_that_pulumi_gives_them(folder: str) -> None:
    members = (("f", Archive(folder)), ("t", Asset(text="t")))

    digest = archive_digest(None, None, members)

    assert digest == "81e711371bca40c44758e3b4a33b73bca089bf0ebae6dd564c683c5080be5f1c"


def test_what_is_packed_already_is_known_by_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "code.zip"
    file.write_bytes(b"")

    assert archive_digest(str(file), None, None).startswith("e3b0c44298fc1c149afbf4c8996fb924")


def test_a_long_path_and_a_moved_file_change_the_hash(folder: str) -> None:
    before = archive_digest(folder, None, None)
    deep = Path(folder, "d" * 90, "e" * 90)
    deep.mkdir(parents=True)
    (deep / "f").write_text("x")
    added = archive_digest(folder, None, None)
    (deep / "f").rename(deep / "g")

    assert len({before, added, archive_digest(folder, None, None)}) == 3


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="missing"):
        archive_digest(str(tmp_path / "missing"), None, None)
