"""What is kept is whole, whatever was killed; what is used stays; what is old goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlstead_toolkit.review.sides.kept import ABANDONED_SECONDS, MAKING, KeptFolders

KILLED = """
import sys, time
from pathlib import Path
from mlstead_toolkit.review.sides.kept import KeptFolders
def make(folder):
    (folder / "half").touch()
    print("making", flush=True)
    time.sleep(60)
with KeptFolders(Path(sys.argv[1]), 2).entry("a", make):
    pass
"""


def fill(folder: Path) -> None:
    (folder / "content").write_text("whole")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def made_old(path: Path, seconds: float) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def test_it_is_made_once(tmp_path: Path) -> None:
    made: list[Path] = []
    for _ in range(2):
        with KeptFolders(tmp_path, 2).entry("a", lambda folder: (made.append(folder), fill(folder))[1]) as path:
            assert (path / "content").read_text() == "whole"
    assert len(made) == 1 and names(tmp_path) == ["a"]


def test_what_was_killed_in_the_middle_is_made_again_and_deleted(tmp_path: Path) -> None:
    killed = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None and killed.stdout.readline() == "making\n"
    (half,) = tmp_path.iterdir()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    made_old(half, ABANDONED_SECONDS + 1)
    with KeptFolders(tmp_path, 2).entry("a", fill) as path:
        assert names(path) == ["content"] and names(tmp_path) == ["a"]


def test_what_is_being_made_is_not_deleted_however_long_it_takes(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None and running.stdout.readline() == "making\n"
        (half,) = tmp_path.iterdir()
        made_old(half, ABANDONED_SECONDS + 1)
        with KeptFolders(tmp_path, 2).entry("b", fill):
            assert half.exists()
        running.kill()


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"), KeptFolders(tmp_path, 2).entry("a", fail):
        pass
    assert names(tmp_path) == []


def test_the_latest_used_stay_and_one_in_use_does_whatever_its_age(tmp_path: Path) -> None:
    kept = KeptFolders(tmp_path, 2)
    with kept.entry("in-use", fill) as used:
        for number, name in enumerate(("a", "b", "c")):
            with kept.entry(name, fill):
                pass
            made_old(tmp_path / name, 100 - number)
        made_old(used, 1000)
        with kept.entry("d", fill):
            pass
        assert names(tmp_path) == ["c", "d", "in-use"]
    with kept.entry("d", fill):
        pass
    assert names(tmp_path) == ["c", "d"]


def test_many_at_once_all_get_a_whole_one(tmp_path: Path) -> None:
    def use(number: int) -> str:
        with KeptFolders(tmp_path, 1).entry(f"key-{number % 3}", fill) as path:
            time.sleep(0.002)
            return (path / "content").read_text()

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(use, range(90))) == {"whole"}
    assert not [name for name in names(tmp_path) if name.startswith(MAKING)]
