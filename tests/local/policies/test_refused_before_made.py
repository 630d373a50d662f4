"""What a mandatory rule forbids is refused: in a preview where that is known, otherwise by `up` before it is made."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlstead_toolkit.aws.provider import provider_factory
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.engine import DeploymentFailed, Session, StackSource
from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.analysis import PolicyAnalysis
from mlstead_toolkit.policies.finding import Verdict
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.policies.rules.ecr import RULES as ECR

TOPIC, QUEUE = "aws:sns/topic:Topic", "aws:sqs/queue:Queue"
PROGRAM = """
import pulumi, pulumi_aws as aws
from pulumi import ResourceOptions as O

key = aws.kms.Key("{name}-key")

def repository(name, encryption, opts=None):
    return aws.ecr.Repository(name, name=name, image_tag_mutability="IMMUTABLE",
                              image_scanning_configuration={{"scan_on_push": True}}, opts=opts,
                              encryption_configurations=[encryption])

late = key.arn.apply(lambda _: "{kind}")
repository("{name}-one", {{"encryption_type": late, "kms_key": key.arn}})
"""


def _followed(topic: Resource, stack: Stack) -> Iterator[str]:
    if not any(stack.of(QUEUE)):
        yield "no queue of the stack hears it"


def _placed(topic: Resource, stack: Stack) -> Iterator[str]:
    parent = next((one for one in stack.resources if one.urn == topic.parent), None)
    if parent is None or not parent.flag("allowed"):
        yield "its component does not allow it"


FOLLOWED = Rule("topic-followed", Level.MANDATORY, ("test 1",), "It is heard.", "Add a queue.", (TOPIC,), _followed)
PLACED = Rule("topic-placed", Level.MANDATORY, ("test 2",), "It is allowed.", "Allow it.", (TOPIC,), _placed)
RULES = tuple(rule for rule in ECR if rule.id == "ecr-customer-key")


@dataclass
class Place:
    """A program, its rules and its cloud."""

    folder: Path
    endpoint: str
    rules: tuple[Rule, ...] = RULES

    def write(self, program: str) -> None:
        (self.folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (self.folder / "Pulumi.local.yaml").write_text("config:\n  aws:region: eu-west-1\n")
        (self.folder / "__main__.py").write_text(program)

    def preview(self) -> Report:
        analysis = PolicyAnalysis(self.rules)
        with self._session(analysis) as session:
            session.preview()
        return analysis.reports[0]

    def up(self) -> Report:
        analysis = PolicyAnalysis(self.rules)
        with self._session(analysis) as session:
            session.up()
        return analysis.reports[0]

    def refused(self) -> str:
        with self._session(PolicyAnalysis(self.rules)) as session, pytest.raises(DeploymentFailed) as failed:
            session.up()
        return str(failed.value)

    def _session(self, analysis: PolicyAnalysis) -> Session:
        return Session([StackSource(self.folder, "local", Path(sys.executable))], home=self.folder,
                       provider=provider_factory(Target.local(self.endpoint, "eu-west-1")), analyzers=analysis)


@pytest.fixture
def place(tmp_path: Path, cloud: CloudStatus, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    return Place(tmp_path, cloud.endpoint)


@pytest.fixture
def repositories(boto: Callable[[str], Any]) -> Callable[[], set[str]]:
    return lambda: {one["repositoryName"] for one in boto("ecr").describe_repositories()["repositories"]}


def test_an_unknown_is_not_decided_in_a_preview_and_what_it_turns_out_to_be_is_refused_before_it_is_made(
    place: Place, repositories: Callable[[], set[str]]
) -> None:
    place.write(PROGRAM.format(name="bad", kind="AES256"))
    (one,) = place.preview().findings
    assert (one.rule.id, one.name, one.verdict) == ("ecr-customer-key", "bad-one", Verdict.NOT_DECIDED)
    assert "encryptionType is not known yet" in one.message
    told = place.refused()
    assert "bad-one: ecr-customer-key: images are not encrypted with a KMS key of your own." in told
    assert "fix:" in told and "__main__.py" in told
    assert "bad-one" not in repositories()


def test_an_unknown_that_turns_out_well_is_made(place: Place, repositories: Callable[[], set[str]]) -> None:
    place.write(PROGRAM.format(name="well", kind="KMS"))
    assert [one.verdict for one in place.preview().findings] == [Verdict.NOT_DECIDED]
    assert place.up().findings == ()
    assert "well-one" in repositories()
    assert place.preview().findings == (), "what exists is known"


def test_a_change_for_the_worse_is_refused_and_nothing_is_changed(
    place: Place, repositories: Callable[[], set[str]], boto: Callable[[str], Any]
) -> None:
    place.write(PROGRAM.format(name="turned", kind="KMS"))
    place.up()
    place.write(PROGRAM.format(name="turned", kind="AES256"))
    assert place.preview().stops
    assert "ecr-customer-key" in place.refused()
    (kept,) = boto("ecr").describe_repositories(repositoryNames=["turned-one"])["repositories"]
    assert kept["encryptionConfiguration"]["encryptionType"] == "KMS"


def test_what_takes_the_whole_stack_is_decided_in_a_preview_and_at_the_end_of_up(
    place: Place, boto: Callable[[str], Any]
) -> None:
    place.rules = (FOLLOWED,)
    topic = "import pulumi_aws as aws\naws.sns.Topic('{0}', name='{0}')\n"
    place.write(topic.format("unheard") + "aws.sqs.Queue('heard', name='heard')\n")
    assert place.up().findings == ()
    place.write(topic.format("unheard"))
    assert [one.message for one in place.preview().stopping] == ["no queue of the stack hears it"]
    assert "topic-followed: no queue of the stack hears it." in place.refused()
    urls = boto("sqs").list_queues()["QueueUrls"]
    assert any(url.endswith("/heard") for url in urls), "a stack that must not be takes nothing with it"


def test_a_rule_sees_the_component_above_before_anything_of_it_is_made(
    place: Place, boto: Callable[[str], Any]
) -> None:
    place.rules = (PLACED,)
    program = """
import pulumi, pulumi_aws as aws
class Part(pulumi.ComponentResource):
    def __init__(self, name, allowed):
        super().__init__("tried:index:Part", name, {{"allowed": allowed}})
aws.sns.Topic("{0}", name="{0}", opts=pulumi.ResourceOptions(parent=Part("part", {1})))
"""
    place.write(program.format("outside", False))
    assert "topic-placed" in place.refused()
    place.write(program.format("inside", True))
    assert place.up().findings == ()
    names = {one["TopicArn"].rpartition(":")[2] for one in boto("sns").list_topics()["Topics"]}
    assert "inside" in names and "outside" not in names


def test_an_exception_lets_it_be_made_and_a_rule_that_cannot_decide_does_not(place: Place) -> None:
    def undecided(topic: Resource, stack: Stack) -> Iterator[str]:
        raise KeyError(topic.name)
        yield

    place.rules = (FOLLOWED,)
    place.write("import pulumi_aws as aws\naws.sns.Topic('alone', name='alone')\n")
    (place.folder / "policy-exceptions.toml").write_text(
        '[[exception]]\nrule = "topic-followed"\nresource = "alone"\nreason = "a person reads it by hand"\n'
        f'owner = "ml@example.com"\nexpires = {_soon()}\n')
    assert [one.verdict for one in place.up().findings] == [Verdict.EXCEPTED]
    place.rules = (Rule("topic-failing", Level.MANDATORY, ("test 3",), "It is.", "Be.", (TOPIC,), undecided), FOLLOWED)
    assert "topic-failing: not decided: the rule failed: KeyError" in place.refused()


def _soon() -> str:
    import datetime

    return str(datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=30))
