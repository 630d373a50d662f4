"""The provider that a real Pulumi engine attaches to: one process for each program, found again, ended together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mlstead_toolkit.cli.provider_server import ensure_serving, stop_serving

ENDPOINT, REGION = "http://127.0.0.1:1", "eu-west-1"  # nothing is asked of the cloud here


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[tuple[Path, Path, Path]]:
    home, one, other = (tmp_path / name for name in ("home", "one", "other"))
    for folder in (home, one, other):
        folder.mkdir()
    yield home, one, other
    stop_serving(home)


def serving(directory: Path) -> list[psutil.Process]:
    return [child for child in psutil.Process().children()
            if child.status() != psutil.STATUS_ZOMBIE and child.cwd() == str(directory)]


def test_a_program_finds_its_provider_again_and_another_program_has_its_own(programs: tuple[Path, Path, Path]) -> None:
    home, one, other = programs
    port = ensure_serving(home, one, ENDPOINT, REGION)

    assert ensure_serving(home, one, ENDPOINT, REGION) == port
    assert ensure_serving(home, other, ENDPOINT, REGION) != port
    assert len(serving(one)) == len(serving(other)) == 1  # where paths of assets are relative to


def test_a_provider_for_another_region_takes_the_place_of_the_first(programs: tuple[Path, Path, Path]) -> None:
    home, one, _ = programs
    ensure_serving(home, one, ENDPOINT, REGION)
    first = serving(one)

    ensure_serving(home, one, ENDPOINT, "us-west-2")
    psutil.wait_procs(first, timeout=10)

    assert len(serving(one)) == 1
    assert serving(one) != first


def test_stopping_ends_the_providers_of_all_programs(programs: tuple[Path, Path, Path]) -> None:
    home, one, other = programs
    for program in (one, other):
        ensure_serving(home, program, ENDPOINT, REGION)
    running = [*serving(one), *serving(other)]

    stop_serving(home)

    gone, alive = psutil.wait_procs(running, timeout=10)
    assert (len(gone), alive) == (2, [])
