"""What a rule's target is sent, whom it admits, what is tried again, and what becomes of the rest."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from moto.events.models import EventPattern, Rule

from mlstead_toolkit.cloud.boot import Boot
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.cloud.events.delivery import Delivery
from mlstead_toolkit.cloud.events.event import payload
from mlstead_toolkit.cloud.events.undelivered import FAILED, NO_RESOURCE, Undelivered
from mlstead_toolkit.cloud.trail import Trail
from mlstead_toolkit.cloud.workshop import Workshop

Boto = Callable[[str], Any]
ACCOUNT, REGION = "123456789012", "eu-west-1"
EVENT = {"version": "0", "id": "e-1", "detail-type": "Object Created", "source": "mine", "account": ACCOUNT,
         "time": "2024-02-28T12:00:00Z", "region": REGION, "resources": [],
         "detail": {"object": {"key": 'a"b.csv', "size": 3}, "list": [{"x": 1}, {"x": 2}]}}


def statement(action: str, resource: str, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": action, "Resource": resource,
        **more}]})


class Bench:
    """A rule, and the queues around it."""

    def __init__(self, boto: Boto, log: Path) -> None:
        self.boto, self.log, self.source = boto, log, f"test-{uuid.uuid4()}"
        self.rule = boto("events").put_rule(Name=self.source, EventPattern=json.dumps({"source": [self.source]})
                                            )["RuleArn"]

    def queue(self, admitted: bool = True, **attributes: str) -> str:
        url = self.boto("sqs").create_queue(QueueName=f"q-{uuid.uuid4()}", Attributes=attributes)["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"
        if admitted:
            condition = {"ArnEquals": {"aws:SourceArn": self.rule}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
            policy = statement("sqs:SendMessage", arn, Condition=condition)
            self.boto("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        return arn

    def target(self, arn: str, **more: Any) -> None:
        self.boto("events").put_targets(Rule=self.source, Targets=[{"Id": "target", "Arn": arn, **more}])

    def send(self, **detail: Any) -> None:
        entry = {"Source": self.source, "DetailType": "test", "Detail": json.dumps(detail)}
        assert self.boto("events").put_events(Entries=[entry])["FailedEntryCount"] == 0

    def received(self, queue: str) -> list[Any]:
        url = self.boto("sqs").get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
        answer = self.boto("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10)
        return list(answer.get("Messages", []))

    def calls(self, principal: str, resource: str) -> list[dict[str, Any]]:
        """Wait until the record of calls has some that somebody made to a resource, and give them."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            written = (self.log.parent / "calls.jsonl").read_text().rpartition("\n")[0]
            lines = [json.loads(line) for line in written.splitlines()]
            if found := [line for line in lines if line["principal"] == principal
                         and resource in [need["resource"] for need in line.get("needs", [])]]:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{principal} did nothing to {resource}")


@pytest.fixture
def bench(boto: Boto, cloud: CloudStatus, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    base = tmp_path_factory.getbasetemp()
    port = cloud.endpoint.rpartition(":")[2]
    home = next(path.parents[1] for path in base.rglob("cloud.json") if f'"port": {port}' in path.read_text())
    return Bench(boto, home / "cloud" / "cloud.log")


def role(boto: Boto, service: str, action: str, resource: str) -> str:
    name = f"r-{uuid.uuid4()}"
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}]}
    arn = boto("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}
    boto("iam").put_role_policy(RoleName=name, PolicyName="start", PolicyDocument=json.dumps(allowed))
    return str(arn)


def attributes(message: Any) -> dict[str, str]:
    return {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}


def test_a_queue_that_admits_the_rule_gets_the_whole_event_as_aws_writes_it(bench: Bench) -> None:
    queue = bench.queue()
    bench.target(queue)

    bench.send(a=1)

    (message,) = bench.received(queue)
    event = json.loads(message["Body"])
    assert list(event) == list(EVENT)
    assert (event["source"], event["account"], event["detail"]) == (bench.source, ACCOUNT, {"a": 1})
    assert time.strptime(event["time"], "%Y-%m-%dT%H:%M:%SZ")


def test_a_queue_without_a_policy_for_eventbridge_gets_nothing_and_the_dead_letter_says_why(bench: Bench) -> None:
    queue, dead = bench.queue(admitted=False), bench.queue()
    bench.target(queue, DeadLetterConfig={"Arn": dead})

    bench.send(a=1)

    assert bench.received(queue) == []
    (message,) = bench.received(dead)
    told = attributes(message)
    assert json.loads(message["Body"])["detail"] == {"a": 1}
    assert "no resource-based policy allows the sqs:SendMessage action" in told.pop("ERROR_MESSAGE")
    assert told == {"RULE_ARN": bench.rule, "TARGET_ARN": queue, "ERROR_CODE": "NO_PERMISSIONS", "RETRY_ATTEMPTS": "0"}


def test_a_queue_policy_for_another_rule_does_not_admit_this_one(bench: Bench, boto: Boto) -> None:
    other = Bench(boto, bench.log)
    queue = other.queue()
    bench.target(queue)

    bench.send()

    assert bench.received(queue) == []


def test_what_no_queue_takes_is_dropped_and_the_log_says_so(bench: Bench) -> None:
    bench.target(bench.queue(admitted=False))
    bench.send()
    bench.target(bench.queue(admitted=False), DeadLetterConfig={"Arn": bench.queue(admitted=False)})
    bench.send()

    log = [line for line in bench.log.read_text().splitlines() if bench.rule in line]
    assert "is dropped: the target has no dead-letter queue" in log[0]
    assert "does not take it" in log[1]


def test_a_queue_under_a_key_takes_events_only_where_the_key_admits_eventbridge(bench: Bench, boto: Boto) -> None:
    kms = boto("kms")
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    key = kms.create_key(Policy=json.dumps({"Version": "2012-10-17", "Statement": [own]}))["KeyMetadata"]["Arn"]
    queue, dead, aws_own = bench.queue(KmsMasterKeyId=key), bench.queue(), bench.queue(KmsMasterKeyId="alias/aws/sqs")
    for each in (queue, aws_own):
        bench.target(each, DeadLetterConfig={"Arn": dead})
        bench.send()
        assert bench.received(each) == []
        assert attributes(bench.received(dead)[0])["ERROR_CODE"] == "NO_PERMISSIONS"

    admitted = json.loads(statement("x", "*"))["Statement"][0] | {"Action": ["kms:GenerateDataKey", "kms:Decrypt"]}
    policy = {"Version": "2012-10-17", "Statement": [own, admitted]}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    bench.target(queue)
    bench.send(a=2)
    assert json.loads(bench.received(queue)[0]["Body"])["detail"] == {"a": 2}


def test_a_topic_that_does_not_admit_eventbridge_publishes_nothing(bench: Bench, boto: Boto) -> None:
    sns = boto("sns")
    topic = sns.create_topic(Name=f"t-{uuid.uuid4()}")["TopicArn"]
    queue, dead = bench.queue(admitted=False), bench.queue()
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    bench.target(topic, DeadLetterConfig={"Arn": dead})

    bench.send()
    assert bench.received(queue) == []
    assert attributes(bench.received(dead)[0])["ERROR_CODE"] == "NO_PERMISSIONS"

    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy",
                             AttributeValue=statement("sns:Publish", topic))
    bench.send(a=3)
    (message,) = bench.received(queue)
    assert json.loads(json.loads(message["Body"])["Message"])["detail"] == {"a": 3}


@pytest.mark.parametrize(("trusted", "action", "said"), [
    ("sagemaker.amazonaws.com", "sagemaker:StartPipelineExecution", "sts:AssumeRole"),
    ("events.amazonaws.com", "sagemaker:DescribePipeline", "sagemaker:StartPipelineExecution"),
])
def test_a_pipeline_is_not_started_by_a_role_that_may_not(
    bench: Bench, boto: Boto, trusted: str, action: str, said: str
) -> None:
    pipeline, dead = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/any", bench.queue()
    bench.target(pipeline, RoleArn=role(boto, trusted, action, pipeline), DeadLetterConfig={"Arn": dead})

    bench.send()

    told = attributes(bench.received(dead)[0])
    assert told["ERROR_CODE"] == "NO_PERMISSIONS"
    assert said in told["ERROR_MESSAGE"]


def test_what_eventbridge_does_is_recorded_under_the_targets_role_or_its_own_name(bench: Bench, boto: Boto) -> None:
    pipeline, dead = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/recorded", bench.queue()
    starter = role(boto, "events.amazonaws.com", "sagemaker:StartPipelineExecution", pipeline)
    bench.target(pipeline, RoleArn=starter, DeadLetterConfig={"Arn": dead})
    bench.send()
    assert bench.received(dead)

    (started,) = bench.calls(starter, pipeline)
    assert started["operation"] == "StartPipelineExecution"
    (sent,) = bench.calls("events.amazonaws.com", dead)
    assert sent["operation"] == "SendMessage"


def test_a_pipeline_that_is_not_there_and_a_role_that_is_not_are_told_apart(bench: Bench, boto: Boto) -> None:
    pipeline, dead = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/absent", bench.queue()
    starter = role(boto, "events.amazonaws.com", "sagemaker:StartPipelineExecution", pipeline)
    for arn in (starter, starter + "-gone"):
        bench.target(pipeline, RoleArn=arn, DeadLetterConfig={"Arn": dead})
        bench.send()

    assert sorted(attributes(message)["ERROR_CODE"] for message in bench.received(dead)) == [
        "NO_PERMISSIONS", "NO_RESOURCE"]


def test_a_disabled_rule_and_one_that_only_has_a_schedule_get_no_events(bench: Bench, boto: Boto) -> None:
    queue = bench.queue()
    bench.target(queue)
    boto("events").put_rule(Name=bench.source, ScheduleExpression="rate(1 day)")
    bench.send()
    boto("events").put_rule(Name=bench.source, EventPattern=json.dumps({"source": [bench.source]}), State="DISABLED")
    bench.send()

    assert bench.received(queue) == []


@pytest.mark.parametrize(("target", "expected"), [
    ({"Input": '{"fixed": true}'}, '{"fixed": true}'),
    ({"InputPath": "$.detail.object"}, '{"key": "a\\"b.csv", "size": 3}'),
    ({"InputPath": "$.detail.list[1].x"}, "2"),
    ({"InputTransformer": {"InputPathsMap": {"k": "$.detail.object.key", "n": "$.detail.object.size"},
                           "InputTemplate": '{"key": <k>, "n": <n>, "said": "got <k>"}'}},
     '{"key": "a\\"b.csv", "n": 3, "said": "got a\\"b.csv"}'),
    ({"InputTransformer": {"InputPathsMap": {"s": "$.source"}, "InputTemplate": "from <s>"}}, "from mine"),
    ({}, json.dumps(EVENT)),
])
def test_a_target_is_sent_what_its_input_says(target: dict[str, Any], expected: str) -> None:
    assert payload(target, EVENT) == expected


class Failing:
    """A target that fails some times, on a clock that stands."""

    def __init__(self, tmp_path: Path, code: str, times: int) -> None:
        self.workshop = Workshop(Boot(tmp_path, 0), Trail(tmp_path / "calls.jsonl"))
        self.now, self.tries, self.code, self.times = 0.0, [], code, times  # type: ignore[var-annotated]
        self.workshop.timetable.clock = lambda: self.now

    def send(self, *_: Any) -> None:
        self.tries.append(self.now)
        if len(self.tries) <= self.times:
            raise Undelivered(self.code, "no")

    def run(self, until: float, **target: Any) -> list[float]:
        Delivery(self.workshop).deliver("rule", {"Arn": "arn", **target}, EVENT, self.send)
        while self.now < until:
            self.now += 1
            self.workshop.timetable.look()
            time.sleep(0.003)
        self.workshop.close()
        return self.tries


def test_a_target_that_failed_is_tried_again_with_growing_waits(tmp_path: Path) -> None:
    tries = Failing(tmp_path, FAILED, 3).run(20)

    assert len(tries) == 4
    assert tries[0] == 0
    waits = [later - before for before, later in itertools.pairwise(tries)]
    assert waits == sorted(waits)
    assert waits[2] >= 4


def test_the_retry_policy_limits_how_often_and_how_long(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    assert len(Failing(tmp_path, FAILED, 99).run(20, RetryPolicy={"MaximumRetryAttempts": 1})) == 2
    assert len(Failing(tmp_path / "b", FAILED, 99).run(20, RetryPolicy={"MaximumEventAgeInSeconds": 4})) == 3


def test_what_only_someone_can_mend_is_not_tried_again(tmp_path: Path) -> None:
    assert Failing(tmp_path, NO_RESOURCE, 99).run(5) == [0]


KEY = "raw/flights/landing/flights/04.csv"


@pytest.mark.parametrize(("filters", "matches"), [
    ([{"prefix": "raw/flights/landing/"}], True),
    ([{"prefix": "raw/weather/"}], False),
    ([{"suffix": ".csv"}], True),
    ([{"suffix": ".parquet"}], False),
    ([{"wildcard": "raw/*/landing/*.csv"}], True),
    ([{"wildcard": "raw/*/incoming/*"}], False),
    ([{"wildcard": "*.manifest.json"}], False),
    ([{"anything-but": {"prefix": "raw/weather/"}}], True),
    ([{"anything-but": {"suffix": ".csv"}}], False),
    ([{"anything-but": {"wildcard": "*/landing/*"}}], False),
    ([{"anything-but": [KEY]}], False),
    ([{"equals-ignore-case": KEY.upper()}], True),
    ([{"prefix": {"equals-ignore-case": "RAW/"}}], True),
    ([{"exists": False}], False),
])
def test_patterns_on_the_key_of_an_object_match_as_on_aws(filters: list[Any], matches: bool) -> None:
    """Contract with moto 5.2.5, whose matcher we keep."""
    pattern = EventPattern.load(json.dumps({"source": ["aws.s3"], "detail": {"object": {"key": filters}}}))
    event: Any = {"source": "aws.s3", "detail": {"object": {"key": KEY}}}

    assert pattern.matches_event(event) is matches


def test_one_of_several_patterns_is_enough() -> None:
    """Contract with moto 5.2.5."""
    pattern = EventPattern.load(json.dumps({"detail": {"$or": [
        {"bucket": {"name": ["raw"]}, "object": {"key": [{"prefix": "landing/"}]}},
        {"bucket": {"name": ["quarantine"]}, "object": {"key": [{"prefix": "releases/"}]}}]}}))

    def matches(bucket: str, key: str) -> bool:
        event: Any = {"detail": {"bucket": {"name": bucket}, "object": {"key": key}}}
        return pattern.matches_event(event)

    assert matches("raw", "landing/a")
    assert matches("quarantine", "releases/a")
    assert not matches("raw", "releases/a")


def test_moto_still_sends_events_to_rules_that_are_disabled_or_only_have_a_schedule() -> None:
    """Contract: when this fails, moto asks, and backend.py need not."""
    rule = Rule("r", ACCOUNT, REGION, None, None, "rate(1 day)", None, "default", "DISABLED")

    assert rule.event_pattern.matches_event({"source": "any"})  # type: ignore[typeddict-item]
