"""The whole life of a project: every call is some role's, none is refused, and little is granted for nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from account import PROJECT, bring_up_bootstrap, bring_up_foundation, client_as
from machine import Machine, unused_port
from reviewed import covered, read, said

from mlstead_toolkit.access.deployed import DeployedRole, project_roles, read_role
from mlstead_toolkit.access.deployed.usage import usage
from mlstead_toolkit.cloud import control

pytestmark = pytest.mark.timeout(600)
FILE = "granted_not_used.toml"
DEVELOPER = "mlstead"
TAKING_A_NAME = {"sts:AssumeRole", "iam:GetRole", "iam:ListRoles", "iam:ListRoleTags"}
"""What the developer's key is for where MLSTEAD_AS names a role: to find it by its use, and to assume it."""
SWEEPING = {
    "sagemaker:ListPipelineExecutions", "sagemaker:ListPipelineExecutionSteps", "sagemaker:DescribePipelineExecution",
    "sagemaker:ListModelPackages", "sagemaker:DeleteModelPackage", "sagemaker:DeleteProcessingJob",
    "sagemaker:DeleteTrainingJob", "logs:DescribeLogStreams", "logs:DeleteLogStream", "logs:DeleteLogGroup",
    "s3:ListObjectVersions", "s3:DeleteObjects",
}
"""What it is for at the end: what runs have left stays in an account, and goes on this machine, as no role's doing."""


@dataclass
class Life:
    """What was recorded of it, and the roles as they were before the project was taken down."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    sweeping: list[dict[str, Any]] = field(default_factory=list)
    roles: list[DeployedRole] = field(default_factory=list)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine of its own: an administrator has made its bootstrap, and the platform's CI its foundation."""
    folder = tmp_path_factory.mktemp("life")
    made = Machine(folder / "home", unused_port(), folder)
    made.home.mkdir()
    try:
        made.succeed("new", PROJECT, "--defaults", cwd=made.folder)
        bring_up_bootstrap(made)
        bring_up_foundation(made, "deploy")
        yield made
    finally:
        control.stop(made.home, made.port)


@pytest.fixture(scope="module")
def life(machine: Machine) -> Life:
    """The example's life, each step under the role whose it is."""
    found, record = Life(), machine.home / "cloud/calls.jsonl"
    begins = len(_lines(record))
    _live(machine)
    found.calls = _lines(record)[begins:]
    auditor = client_as(machine, "auditor")
    found.roles = [read_role(auditor, role.arn) for role in project_roles(auditor, PROJECT, "local")]
    looked = len(_lines(record))
    machine.acting("deploy").succeed("destroy", "local", "--yes")
    found.sweeping = _lines(record)[looked:]
    return found


def _live(machine: Machine) -> None:
    plan, deploy, engineer, scientist, builder, auditor = map(
        machine.acting, ("plan", "deploy", "data-engineer", "data-scientist", "ml-engineer", "auditor"))
    deploy.succeed("up", "local")
    engineer.succeed("data", "ingest", "local")
    _mend(engineer)
    scientist.succeed("train", "local")
    builder.succeed("approve", "local", "1")
    _in_no_ci(deploy, "promote")
    builder.succeed("promote", "local", "1")
    plan.succeed("preview", "local", "--refresh")
    deploy.succeed("up", "local", "--refresh")
    _in_no_ci(deploy, "smoke")
    builder.succeed("predict", "local", "--sample", "2")
    machine.succeed("notebook", "local", "--execute", str(machine.project / "notebooks/explore.ipynb"))
    for who in (engineer, scientist, builder):
        who.succeed("status", "local")
    engineer.succeed("logs", "local", "gate")
    scientist.succeed("logs", "local", "train")
    builder.succeed("logs", "local", "endpoint")
    auditor.succeed("access", "roles", "local")
    auditor.succeed("access", "can", "local", "training", "s3:GetObject", "features/x")


def _in_no_ci(deploy: Machine, command: str) -> None:
    """Have CI's role ask what it asks after a deployment, with nobody to write to."""
    with pytest.MonkeyPatch.context() as outside:
        for name in ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_STEP_SUMMARY"):
            outside.delenv(name, raising=False)
        deploy.succeed("ci", command, "local")


def _mend(engineer: Machine) -> None:
    """Mend the row that the example's weather has wrong, not well enough, and let it pass by word."""
    rows = engineer.folder / "rows.csv"
    engineer.succeed("data", "rows", "local", "weather", "2", "-o", str(rows))
    with rows.open(newline="") as file:
        mended = [row | {"wind_speed": "800"} for row in csv.DictReader(file)]
    with rows.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(mended[0]))
        writer.writeheader()
        writer.writerows(mended)
    engineer.succeed("data", "ingest", "local", str(rows), "--table", "weather")
    engineer.succeed("data", "release", "local", "weather", "2", "--rule", "between:wind_speed", "--reason", "tornado")
    assert "1 quarantined" not in engineer.succeed("data", "status", "local").out


def _lines(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_text().splitlines(keepends=True) if line.endswith("\n")]


def _name(call: dict[str, Any]) -> str:
    return f"{call['service']}:{call['operation']}"


def test_every_call_is_a_roles(life):
    for calls, own in ((life.calls, TAKING_A_NAME), (life.sweeping, TAKING_A_NAME | SWEEPING)):
        nobodys = {(_name(call), call["principal"]) for call in calls
                   if ":role/" not in call["principal"] and not (call["principal"] == DEVELOPER and _name(call) in own)}
        assert not nobodys
    uses = {role.arn: role.use for role in life.roles}
    active = {uses.get(call["principal"], call["principal"]) for call in life.calls}
    assert active >= {
        "plan", "deploy", "delivery", "data-engineer", "data-scientist", "ml-engineer", "auditor", "exploration",
        "ingestion", "gate", "data-pipeline", "scheduling", "processing", "training", "pipeline", "endpoint"}


def test_ci_asks_the_endpoint_and_reads_evaluations_as_delivery_alone(life):
    uses = {role.arn: role.use for role in life.roles}
    asked = {_name(call) for call in life.calls if uses.get(call["principal"]) == "delivery"}
    assert asked >= {"sagemaker:ListModelPackages", "s3:GetObject", "sagemaker:DescribeEndpoint"}
    assert not {"s3:GetObject", "sagemaker-runtime:InvokeEndpoint", "sagemaker:ListModelPackages"} & {
        _name(call) for call in life.calls if uses.get(call["principal"]) == "deploy"}


def test_nothing_that_was_needed_is_missing(life):
    refused = {f"{_name(call)} by {call['principal']}: {call['refused']}" for call in [*life.calls, *life.sweeping]
               if "refused" in call}
    assert not refused, said("Refused:", refused)


def test_every_call_of_a_role_was_decided(life):
    undecided = {_name(call) for call in life.calls if ":role/" in call["principal"] and not call.get("needs")}
    assert undecided <= {"sts:GetCallerIdentity"}  # anybody may ask who he is


def test_what_is_granted_and_never_used_has_a_reason(life):
    used = usage(life.roles, [*life.calls, *life.sweeping])
    places = {f"{one.use}/{one.policy.rpartition('/')[2]}/{one.sid}/{one.action}": times for one, times in used.items()}
    entries = read(FILE, "grant")
    unexplained = [place for place, times in places.items()
                   if not times and not any(covered(entry, place) for entry in entries)]
    assert not unexplained, said(f"Granted and never used; take it away, or write the reason into {FILE}:", unexplained)
    stale = [pattern for entry in entries for pattern in entry["places"]
             if not (matching := [times for place, times in places.items() if covered({"places": [pattern]}, place)])
             or any(matching)]
    assert not stale, said(f"Used, or not granted any more; take it out of {FILE}:", stale)
