"""Lines that containers print, and what must not keep them from printing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from moto.logs.models import logs_backends

from mlstead_toolkit.cloud.account import ACCOUNT_ID
from mlstead_toolkit.cloud.container import Container
from mlstead_toolkit.cloud.image import Image
from mlstead_toolkit.cloud.log_stream import LogStream
from mlstead_toolkit.cloud.reaper import Reaper

REGION = "eu-west-3"


def test_two_jobs_that_make_their_log_group_at_once_both_write(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = logs_backends[ACCOUNT_ID][REGION]
    create = backend.create_log_group

    def after_another(name: str, tags: dict[str, str]) -> None:
        create(name, tags)
        create(name, tags)

    monkeypatch.setattr(backend, "create_log_group", after_another)
    LogStream(REGION, "at-once", "second").write(["a line"])
    assert list(backend.groups["at-once"].streams) == ["second"]


def test_a_container_runs_to_its_end_when_its_lines_cannot_be_kept(tmp_path: Path) -> None:
    class Refusing(LogStream):
        def write(self, lines: list[str]) -> None:
            raise RuntimeError("the group is gone")

    reaper = Reaper()
    seen: list[str] = []
    command = [sys.executable, "-c", "print('x' * 200 + chr(10), end='') or [print('y' * 99) for _ in range(9000)]"]
    image = Image("project", tmp_path, Path(sys.executable))
    container = Container(image, command, tmp_path, {}, Refusing(REGION, "g", "s"), reaper, seen.extend)
    try:
        container.start()
        code: Any = container.wait(within=60)
    finally:
        reaper.close()
    assert code == (0, False)
    assert len(seen) == 9001
