"""`mlstead ci drift` of a real account: what Pulumi prints becomes a text and an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit import environment as environments
from mlstead_toolkit.cli.ci_drift import DRIFT, drift

RECORDED = Path(__file__).parents[1] / "review" / "cloud" / "recorded"
NO_STACK = "error: no stack named 'dev' found"


@pytest.fixture
def pulumi_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Stand in for Pulumi with an account, which no test has: it prints what the real one printed, as that of dev."""
    infra, tools = tmp_path / "tried" / "infra", tmp_path / "tools"
    infra.mkdir(parents=True)
    tools.mkdir()
    (infra.parent / ".copier-answers.yml").touch()
    (infra / "Pulumi.yaml").write_text("name: tried\nruntime: python\n")
    (infra / "Pulumi.dev.yaml").write_text("config: {}\n")
    monkeypatch.chdir(infra.parent)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr(environments, "ensure_environment", lambda *_: Path(sys.executable))

    def says(**recorded: str) -> None:
        for word, name in recorded.items():
            text = (RECORDED / f"{name}.json").read_text() if name else ""
            (tools / word).write_text(text.replace("urn:pulumi:local::", "urn:pulumi:dev::"))
        script = (f"#!{sys.executable}\nimport pathlib, sys\n"
                  f"found = pathlib.Path({str(tools)!r}, sys.argv[3]).read_text()\n"
                  f"print(found) if found else sys.exit({NO_STACK!r})\n")
        (tools / "pulumi").write_text(script)
        (tools / "pulumi").chmod(0o755)

    return says


def test_drift_and_what_is_not_deployed_stand_apart_and_end_with_3(
        pulumi_says: Callable[..., None], tmp_path: Path) -> None:
    pulumi_says(preview="planned-after-refresh", refresh="drifted")
    assert drift("dev", tmp_path / "drift.md", json=False) == DRIFT
    drifted, _, pending = (tmp_path / "drift.md").read_text().partition("In the code, and not deployed:")
    assert "`tried` in dev: 3 drifted, 5 not deployed" in drifted
    assert "`retentionInDays`: `30` → `7`" in drifted and "retentionInDays" not in pending
    assert "tags.stage" in pending and "tags.stage" not in drifted


@pytest.mark.parametrize("recorded", ["nothing", "first"])
def test_without_any_it_ends_with_0(pulumi_says: Callable[..., None], tmp_path: Path, recorded: str) -> None:
    pulumi_says(preview=recorded, refresh="nothing")
    assert drift("dev", tmp_path / "drift.md", json=False) == 0
    assert ("nothing is deployed yet" if recorded == "first" else "no drift") in (tmp_path / "drift.md").read_text()


def test_a_script_reads_it_as_the_review_tells_it(
        pulumi_says: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    pulumi_says(preview="planned-after-refresh", refresh="drifted")
    assert drift("dev", None, json=True) == DRIFT
    cloud = json.loads(capsys.readouterr().out)["cloud"]
    assert [change["name"] for change in cloud["drift"]] == ["kept", "gone", "secret"]


@pytest.mark.parametrize(("recorded", "says"), [("raised", "ValueError: no"), ("", "no stack named 'dev'")])
def test_what_pulumi_refuses_is_told_in_its_words_and_no_text_is_written(
        pulumi_says: Callable[..., None], tmp_path: Path, recorded: str, says: str) -> None:
    pulumi_says(preview=recorded)
    with pytest.raises(MlsteadError, match=says):
        drift("dev", tmp_path / "drift.md", json=False)
    assert not (tmp_path / "drift.md").exists()


def test_without_pulumi_the_fix_is_said(pulumi_says: Callable[..., None], tmp_path: Path) -> None:
    with pytest.raises(MlsteadError, match="install it"):
        drift("dev", None, json=False)
