"""No rule is broken by foundation, bootstrap and project: as they are really made locally, else as a review sees them.

A review evaluates programs without a cloud, so that an environment takes seconds; that the rules judge what is made as
they judge what is evaluated is seen in the one that is made.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
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
from mlstead_toolkit.engine.values import Properties
from mlstead_toolkit.policies.analysis import PolicyAnalysis, StackAnalyzer
from mlstead_toolkit.policies.finding import Verdict
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.review.evaluations import Evaluations
from mlstead_toolkit.review.sides.side import Side
from mlstead_toolkit.scaffold import new_project

LOCAL = "local"
ENVIRONMENTS = ("dev", "staging", "prod")
CI = """
  mlstead-bootstrap:projects: {{flight-delays: {{repository: acme/flight-delays, environments: [{0}]}}}}
  mlstead-bootstrap:platform: {{repository: acme/platform, environments: [{0}]}}
"""


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
    for environment in (*ENVIRONMENTS, LOCAL):
        settings = folder / "bootstrap" / f"Pulumi.{environment}.yaml"
        settings.write_text(settings.read_text().rstrip() + CI.format(environment))
    new_project(folder / "flight-delays", {})
    return {"bootstrap": folder / "bootstrap", "foundation": folder / "foundation",
            "project": folder / "flight-delays" / "infra"}


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    port = unused_port()
    yield Target.local(control.ensure_running(tmp_path, port).endpoint, "eu-west-1")
    control.stop(tmp_path, port)


@pytest.fixture(scope="module")
def evaluations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluations]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLSTEAD_HOME", str(tmp_path_factory.mktemp("mlstead-home")))
        with Evaluations() as shared:
            yield shared


def told(reports: Iterable[Report]) -> list[str]:
    return sorted(f"{report.project}: {one.rule.id} ({one.rule.level}), {one.name}: {one.verdict}: {one.message}"
                  for report in reports for one in report.findings if one.verdict is not Verdict.EXCEPTED)


def with_a_model(infra: Path, environment: str) -> None:
    settings = infra / f"Pulumi.{environment}.yaml"
    text = settings.read_text()
    assert "model: none" in text
    settings.write_text(text.replace("model: none", "model: {version: 1}"))


def test_no_rule_is_broken_by_what_is_made_without_a_model_and_with_one(programs: dict[str, Path], cloud: Target,
                                                                       tmp_path: Path) -> None:
    def deploy(*names: str, apply: bool = True) -> list[Report]:
        analysis = PolicyAnalysis()
        sources = [StackSource(programs[name], LOCAL, Path(sys.executable)) for name in names]
        with Session(sources, home=tmp_path, provider=provider_factory(cloud),
                     analyzers=lambda *run: Onlooker(analysis(*run))) as session:
            (session.up if apply else session.preview)()
        return analysis.reports

    reports = deploy("bootstrap", "foundation", "project")
    assert [report.project for report in reports] == ["mlstead-bootstrap", "mlstead-foundation", "flight-delays"]
    assert told(reports) == []
    with_a_model(programs["project"], LOCAL)
    assert told(deploy("project", apply=False)) == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_rule_is_broken_in_an_environment_without_a_model_and_with_one(
    programs: dict[str, Path], evaluations: Evaluations, environment: str
) -> None:
    foundation: dict[str, Properties] = {}

    def evaluate(name: str) -> Report:
        infra = programs[name]
        root = infra.parent if name == "project" else infra
        found = evaluations.of(Side("head", root, infra, Path(sys.executable), foundation), None, environment)
        assert found.graph is not None and not found.problems, found.problems
        if name == "foundation":
            foundation[environment] = found.graph.outputs
        return found.graph.policies

    reports = [evaluate(name) for name in ("bootstrap", "foundation", "project")]
    assert [report.project for report in reports] == ["mlstead-bootstrap", "mlstead-foundation", "flight-delays"]
    assert told(reports) == []
    with_a_model(programs["project"], environment)
    assert told([evaluate("project")]) == []
