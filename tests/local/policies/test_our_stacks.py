"""No rule is broken by foundation, bootstrap and project, in any environment, as they are really made."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from machine import unused_port

from mlstead.errors import MlsteadError
from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.aws.provider import provider_factory
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.cloud import control
from mlstead_toolkit.engine import Session, StackSource
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.policies.analysis import PolicyAnalysis, StackAnalyzer
from mlstead_toolkit.policies.finding import Verdict
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.scaffold import new_project

ENVIRONMENTS = ("dev", "staging", "prod", "local")
CI = """
  mlstead-bootstrap:projects: {{flight-delays: {{repository: acme/flight-delays, environments: [{0}]}}}}
  mlstead-bootstrap:platform: {{repository: acme/platform, environments: [{0}]}}
"""
Deploy = Callable[..., list[Report]]


class Onlooker:
    """Judges as an analyzer does, and stops nothing, so that one run shows all that is wrong."""

    def __init__(self, analyzer: StackAnalyzer) -> None:
        self._analyzer = analyzer

    def resource(self, state: ResourceState) -> Sequence[MlsteadError]:
        return ()

    def stack(self, states: Iterable[ResourceState]) -> Sequence[tuple[str, MlsteadError]]:
        self._analyzer.stack(states)
        return ()


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each program, copied: a test may change its settings. The bootstrap makes CI's roles, too."""
    folder = tmp_path_factory.mktemp("programs")
    for name in ("bootstrap", "foundation"):
        shutil.copytree(stack_directory(name), folder / name)
    for environment in ENVIRONMENTS:
        settings = folder / "bootstrap" / f"Pulumi.{environment}.yaml"
        settings.write_text(settings.read_text().rstrip() + CI.format(environment))
    new_project(folder / "flight-delays", {})
    return {"bootstrap": folder / "bootstrap", "foundation": folder / "foundation",
            "project": folder / "flight-delays" / "infra"}


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def deploy(programs: dict[str, Path], environment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
           ) -> Iterator[Deploy]:
    """Make an environment's stacks in an account of their own, and give what the rules say of each."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    port = unused_port()
    endpoint = control.ensure_running(tmp_path, port).endpoint

    def do(*names: str, apply: bool = True) -> list[Report]:
        analysis = PolicyAnalysis()
        sources = [StackSource(programs[name], environment, Path(sys.executable)) for name in names]
        with Session(sources, home=tmp_path, provider=provider_factory(Target.local(endpoint, "eu-west-1")),
                     analyzers=lambda *run: Onlooker(analysis(*run))) as session:
            (session.up if apply else session.preview)()
        return analysis.reports

    yield do
    control.stop(tmp_path, port)


def told(reports: list[Report]) -> list[str]:
    return sorted(f"{report.project}: {one.rule.id} ({one.rule.level}), {one.name}: {one.verdict}: {one.message}"
                  for report in reports for one in report.findings if one.verdict is not Verdict.EXCEPTED)


def test_no_rule_is_broken_without_a_model_and_with_one(
    deploy: Deploy, environment: str, programs: dict[str, Path]
) -> None:
    reports = deploy("bootstrap", "foundation", "project")
    assert [report.project for report in reports] == ["mlstead-bootstrap", "mlstead-foundation", "flight-delays"]
    assert told(reports) == []
    settings = programs["project"] / f"Pulumi.{environment}.yaml"
    settings.write_text(settings.read_text().replace("model: none", "model: {version: 1}"))
    assert told(deploy("project", apply=False)) == []
