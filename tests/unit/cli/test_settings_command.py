"""`mlstead settings`: one table of every setting by environment, and what a reviewer should see of it."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from mlstead_toolkit.cli import console
from mlstead_toolkit.cli.main import app

FOUNDATION = Path(__file__).parents[3] / "stacks" / "foundation"
REASON = "a sandbox that is thrown away every night"


@pytest.fixture
def foundation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the foundation, and the working directory is it."""
    shutil.copytree(FOUNDATION, tmp_path / "foundation")
    monkeypatch.chdir(tmp_path / "foundation")
    return tmp_path / "foundation"


@pytest.fixture
def change(foundation: Path) -> Callable[..., None]:
    """Set something in an environment of the foundation."""
    def write(environment: str, **settings: Any) -> None:
        file = foundation / f"Pulumi.{environment}.yaml"
        document = yaml.safe_load(file.read_text())
        document["config"] |= {f"mlstead-foundation:{key}": value for key, value in settings.items()}
        file.write_text(yaml.safe_dump(document))

    return write


def run(*words: str) -> Result:
    console.out.cache_clear()
    return CliRunner().invoke(app, ["settings", *words])


def on_a_terminal(*words: str, columns: int) -> str:
    ours, theirs = pty.openpty()
    surroundings = os.environ | {"COLUMNS": str(columns), "TERM": "xterm"}
    with os.fdopen(ours, "rb", buffering=0) as screen:
        command = subprocess.Popen([sys.executable, "-m", "mlstead_toolkit", *words], stdin=theirs, stdout=theirs,
                                   stderr=theirs, env=surroundings)
        os.close(theirs)
        printed = b""
        try:
            while part := screen.read(4096):
                printed += part
        except OSError:  # Linux's way to say that nobody writes any more
            pass
        assert command.wait(timeout=60) == 0, printed
    return re.sub(r"\x1b\[[0-9;]*m", "", printed.decode()).replace("\r\n", "\n")


def row(printed: str, setting: str) -> list[str]:
    return next(line.split() for line in printed.splitlines() if line.split()[:1] == [setting])


def test_every_setting_has_a_row_and_every_environment_a_column(foundation: Path) -> None:
    shown = run("--check")
    assert shown.exit_code == 0, shown.output
    assert row(shown.output, "setting") == ["setting", "default", "local", "dev", "staging", "prod"]
    assert row(shown.output, "log_retention_days") == ["log_retention_days", "365", "30"]
    assert row(shown.output, "network.zones") == ["network.zones", "2", "3"]
    assert row(shown.output, "lake.inventory") == ["lake.inventory", "Weekly"]
    assert row(shown.output, "aws:region") == ["aws:region"] + ["eu-west-1"] * 4


def test_a_value_is_shown_with_its_brackets_and_a_sealed_one_as_sealed(foundation: Path) -> None:
    file = foundation / "Pulumi.dev.yaml"
    file.write_text(file.read_text() + '  aws:profile: "[/bold] x"\n  datadog:key: {secure: v1:AAAA:BBBB}\n')
    shown = run().output
    assert row(shown, "aws:profile") == ["aws:profile", "-", "[/bold]", "x", "-", "-"]
    assert row(shown, "datadog:key") == ["datadog:key", "-", "[secret]", "-", "-"]


def test_what_is_the_same_everywhere_can_be_left_out(foundation: Path) -> None:
    shown = run("--differing").output
    assert "network.zones" in shown and "lake.inventory" not in shown and "aws:region" not in shown


def test_a_weakened_guard_is_listed_with_its_reason(change: Callable[..., None]) -> None:
    change("local", lake={"protect": {"weakened": REASON}})
    shown = run()
    assert f"weakened: mlstead-foundation:lake.protect in local: {REASON}" in shown.output


def test_a_weaker_prod_is_marked_told_and_fails_the_check(change: Callable[..., None]) -> None:
    change("prod", log_retention_days=90, only_from_network=True)
    shown = run("--check")
    assert shown.exit_code == 1
    assert row(shown.output, "log_retention_days")[-2:] == ["90", "!"]
    assert "log_retention_days is 90 in prod and 365 in dev: longer is stronger" in shown.output
    assert run().exit_code == 0


def test_a_script_gets_the_same(change: Callable[..., None]) -> None:
    change("prod", lake={"protect": {"weakened": REASON}})
    data = json.loads(run("--json").output)
    (stack,) = data["stacks"]
    protect = next(setting for setting in stack["settings"] if setting["name"] == "lake.protect")
    assert protect["values"] == {"local": True, "dev": True, "staging": True, "prod": {"weakened": REASON}}
    assert [(found["setting"], found["environment"]) for found in data["weaker_in_production"]] == [
        ("lake.protect", environment) for environment in ("local", "dev", "staging")]
    assert data["weakened"][0]["reason"] == REASON


def test_a_project_shows_its_foundation_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    infra = tmp_path / "shop" / "infra"
    infra.mkdir(parents=True)
    (tmp_path / "shop" / ".copier-answers.yml").write_text("_src_path: x\n")
    (infra / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (infra / "__main__.py").write_text("")
    (infra / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-west-1\n  shop:image: {tag: v1}\n"
                                           "  shop:foundation: organization/mlstead-foundation/dev\n")
    monkeypatch.chdir(infra)
    shown = run().output
    assert shown.index("mlstead-foundation") < shown.index("network.cidr") < shown.index("image.tag")
    assert f"{FOUNDATION}/Pulumi.<environment>.yaml" in shown and f"{infra}/Pulumi.<environment>.yaml" in shown
    assert "! shop has no Pulumi.local.yaml, Pulumi.staging.yaml, Pulumi.prod.yaml" in shown


def test_an_environment_without_a_file_is_told(foundation: Path) -> None:
    assert "has no" not in run().output
    (foundation / "Pulumi.prod.yaml").unlink()
    assert "! mlstead-foundation has no Pulumi.prod.yaml" in run().output
    assert json.loads(run("--json").output)["stacks"][0]["missing"] == ["prod"]


def test_what_is_piped_is_neither_cut_nor_wrapped(change: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    owner = " ".join(["whoever looks after it"] * 20)
    change("prod", owner=owner)
    assert any(line.startswith(" owner") and owner in line for line in run().output.splitlines())


def test_a_narrow_terminal_gets_a_block_for_each_setting(change: Callable[..., None]) -> None:
    change("prod", owner="platform", log_retention_days=90)
    printed = on_a_terminal("settings", columns=60)
    assert "owner  -\n  prod: platform\n" in printed
    assert "log_retention_days  365\n  local: 30\n  prod: 90 !\n" in printed
    assert "network.cidr  10.64.0.0/16\nnetwork.zones  2\n" in printed
    assert row(on_a_terminal("settings", columns=120), "log_retention_days") == [
        "log_retention_days", "365", "30", "90", "!"]


def test_nothing_is_coloured_where_nobody_looks(foundation: Path) -> None:
    assert "\x1b" not in run().output
