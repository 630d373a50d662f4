"""The account for this folder's tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from machine import Machine, unused_port
from real_account import RealAccount, bring_up

from mlstead_toolkit.cloud import control

PULUMI = "#!/bin/sh\necho v3.999.0\n"  # which version there is, is all that is asked of it


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAccount]:
    """An account with everything that a project needs, and the project."""
    folder = tmp_path_factory.mktemp("account")
    (home := folder / "home").mkdir()
    (tools := folder / "tools").mkdir()
    for name in ("pulumi", "pulumi-language-python"):
        (tools / name).write_text(PULUMI)
        (tools / name).chmod(0o755)
    machine = Machine(home, unused_port(), folder)
    running = control.ensure_running(home, machine.port)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
        try:
            yield bring_up(machine, running.endpoint, tools)
        finally:
            control.stop(home, machine.port)


@pytest.fixture
def account(standing: RealAccount, monkeypatch: pytest.MonkeyPatch) -> RealAccount:
    """The same, from the shell of its developer."""
    for name, value in standing.shell.items():
        monkeypatch.setenv(name, value)
    return standing
