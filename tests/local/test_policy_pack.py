"""The rules under a real `pulumi`, as a policy pack: the same verdicts as without one.

Nothing in the product needs the real engine, and these tests are skipped where there is none on the PATH.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.events import EngineEvent

sys.path.insert(0, str(Path(__file__).parent))

from workplace import Workplace, needs_pulumi

from mlstead_toolkit.cli.provider_server import stop_serving
from mlstead_toolkit.cli.pulumi_policies import found
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.engine import Session, StackSource
from mlstead_toolkit.policies.analysis import PolicyAnalysis
from mlstead_toolkit.policies.pack.folder import pack_folder

pytestmark = needs_pulumi

PROGRAM = """
import pulumi_aws as aws, pulumi

class Part(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("tried:index:Part", name)

key = aws.kms.Key("key", enable_key_rotation=True, description="images", opts=pulumi.ResourceOptions(protect=True))

def repository(name, expires=True, **changed):
    made = aws.ecr.Repository(name, **{
        "image_tag_mutability": "IMMUTABLE", "image_scanning_configuration": {"scan_on_push": True},
        "encryption_configurations": [{"encryption_type": "KMS", "kms_key": key.arn}], **changed,
    }, opts=pulumi.ResourceOptions(parent=Part(name)))
    if expires:
        aws.ecr.LifecyclePolicy(name, repository=made.name, policy='{"rules": [{"rulePriority": 1, "selection": '
            '{"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14}, '
            '"action": {"type": "expire"}}]}')

repository("good")
"""
BAD = PROGRAM + """
repository("kept", expires=False)
repository("moved", image_tag_mutability="MUTABLE")
repository("secretive", image_tag_mutability=pulumi.Output.secret("MUTABLE_WITH_EXCLUSION"),
           image_tag_mutability_exclusion_filters=[{"filter": "latest", "filter_type": "WILDCARD"}])
"""
LATE = PROGRAM + """
repository("late", encryption_configurations=[{"encryption_type": key.arn.apply(lambda _: "AES256")}])
"""
EXCEPTION = """
[[exception]]
rule = "ecr-tags-immutable"
resource = "{resource}"
reason = "the tag latest moves until the old builds are gone"
owner = "platform@example.com"
expires = {expires}
"""
OURS = ("ecr-", "policy-exceptions")
Verdicts = set[tuple[str, str, str]]


class Place:
    """A program with the pack beside it."""

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace
        # As a shell sets it where pulumi is typed; and --event-log is one of the commands for debugging.
        workplace.environment |= {"PWD": str(workplace.program), "PULUMI_DEBUG_COMMANDS": "true"}
        self.pack = str(pack_folder(workplace.home))
        self.messages = ""

    def embedded(self) -> Verdicts:
        """What a preview of the embedded engine finds."""
        analysis = PolicyAnalysis()
        source = StackSource(self.workplace.program, "local", Path(sys.executable))
        with Session([source], home=self.workplace.home, provider=self.workplace.factory,
                     analyzers=analysis) as session:
            session.preview()
        return {(one.rule.id, one.name, one.verdict.value) for report in analysis.reports for one in report.findings}

    def real(self, *command: str) -> tuple[int, Verdicts]:
        """How `pulumi` ends, and what the pack has told it."""
        log = self.workplace.home / "events.jsonl"
        log.unlink(missing_ok=True)
        run = self.workplace.run(*command, "--policy-pack", self.pack, "--event-log", str(log))
        self.messages = f"{run.stdout}\n{run.stderr}"
        assert log.exists(), self.messages
        events = [EngineEvent.from_json(json.loads(line)) for line in log.read_text().splitlines()]
        return run.returncode, {(one["rule"], one["resource"], one["verdict"]) for one in found(events)}

    def agree(self, resource: str, expires: datetime.date) -> None:
        """Agree to an exception."""
        (self.workplace.program / "policy-exceptions.toml").write_text(
            EXCEPTION.format(resource=resource, expires=expires))


@pytest.fixture
def place(tmp_path: Path, cloud: CloudStatus, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Place]]:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    made: list[Workplace] = []

    def make(program: str) -> Place:
        made.append(Workplace(tmp_path / "place", cloud, program))
        made[-1].pulumi("stack", "init")
        return Place(made[-1])

    yield make
    for workplace in made:
        stop_serving(workplace.home)


def _on(verdicts: Verdicts, verdict: str) -> set[tuple[str, str]]:
    return {(rule, name) for rule, name, said in verdicts if said == verdict and rule.startswith(OURS)}


def test_both_engines_find_the_same_and_leave_the_same_undecided(place: Callable[[str], Place]) -> None:
    there = place(BAD)
    embedded = there.embedded()
    code, real = there.real("preview")
    assert code != 0
    assert _on(real, "violated") == _on(embedded, "violated") == {
        ("ecr-lifecycle-policy", "kept"), ("ecr-tags-immutable", "moved"), ("ecr-tags-immutable", "secretive")}
    undecided = {rule for rule, _, said in embedded if said == "not decided"}
    assert undecided == {rule for rule, _, said in real if said == "not decided"}
    assert "ecr-customer-key" in undecided
    assert "is [secret]" in there.messages and "is MUTABLE_WITH_EXCLUSION" not in there.messages


def test_what_is_good_comes_up_and_everything_is_decided_then(place: Callable[[str], Place]) -> None:
    there = place(PROGRAM)
    code, previewed = there.real("preview")
    assert code == 0, there.messages
    assert _on(previewed, "violated") == set() and any(said == "not decided" for _, _, said in previewed)
    code, made = there.real("up", "--yes", "--skip-preview")
    assert code == 0, there.messages
    assert _on(made, "violated") == set() and not any(said == "not decided" for _, _, said in made)


def test_what_only_up_can_decide_is_refused_before_it_is_made(
    place: Callable[[str], Place], boto: Callable[[str], Any]
) -> None:
    there = place(LATE)
    code, previewed = there.real("preview")
    assert code == 0 and _on(previewed, "violated") == set(), there.messages
    code, made = there.real("up", "--yes", "--skip-preview")
    assert code != 0 and _on(made, "violated") == {("ecr-customer-key", "late")}, there.messages
    assert not [one for one in boto("ecr").describe_repositories()["repositories"]
                if one["repositoryName"].startswith("late")]


def test_an_exception_counts_until_it_has_expired(place: Callable[[str], Place]) -> None:
    there = place(BAD.replace("secretive", "moved-too"))
    today = datetime.datetime.now(datetime.UTC).date()
    there.agree("moved*", today)
    code, excepted = there.real("preview")
    assert code == 0 and _on(excepted, "violated") == {("ecr-lifecycle-policy", "kept")}, there.messages
    there.agree("moved*", today - datetime.timedelta(days=1))
    code, expired = there.real("preview")
    assert code != 0 and "policy-exceptions" in {rule for rule, _ in _on(expired, "violated")}
    assert "has expired: the tag latest moves until the old builds are gone (platform@example.com" in there.messages
