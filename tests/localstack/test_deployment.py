"""Foundation and project on LocalStack and the local cloud beside it, by the command that a user types."""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from lifecycle.conftest import differences
from localstack_machine import ON_LOCALSTACK, DeployedOnLocalStack, LocalStackMachine
from promises.test_network import ec2, ours

from mlstead_toolkit.aws.target import ACCOUNT
from mlstead_toolkit.cloud import control

__all__ = ["differences", "ec2", "ours"]
pytestmark = pytest.mark.timeout(300)
RULE = "objects-in-raw"
# What the local cloud is held to where LocalStack stands in for it: the same tests.
PROMISES = ("buckets", "keys", "network", "project")
NOT_HERE = {
    "test_the_cloud_really_refuses_what_the_policies_deny",  # LocalStack's community edition enforces no policy
}
for room in PROMISES:
    held = vars(importlib.import_module(f"promises.test_{room}"))
    globals().update({name: found for name, found in held.items() if name.startswith("test_") and name not in NOT_HERE})


def test_up_says_where_it_stands_and_that_nothing_runs_there(deployed: DeployedOnLocalStack) -> None:
    assert f"on LocalStack at {deployed.machine.localstack}" in deployed.said
    assert "nothing runs in it" in deployed.said


def test_what_localstack_takes_stands_there_alone_and_the_rest_beside_it(deployed: DeployedOnLocalStack) -> None:
    there = {bucket["Name"] for bucket in deployed.client("s3").list_buckets()["Buckets"]}
    assert set(deployed.buckets.values()) <= there
    assert deployed.machine.client("s3", beside=True).list_buckets()["Buckets"] == []
    assert deployed.machine.client("iam", beside=True).list_roles()["Roles"] == []
    pipelines = deployed.client("sagemaker").list_pipelines()["PipelineSummaries"]
    assert {pipeline["PipelineName"] for pipeline in pipelines} == {*deployed.ids("aws:sagemaker/pipeline:Pipeline")}


def test_plain_local_knows_nothing_of_it(deployed: DeployedOnLocalStack) -> None:
    assert "mlstead up local" in deployed.machine.refuse("status", "local").err
    assert not (deployed.machine.home / ".pulumi").exists()


def test_an_unchanged_up_changes_nothing_even_where_everything_is_read_back(deployed: DeployedOnLocalStack) -> None:
    plans = deployed.machine.succeed("preview", "local", *ON_LOCALSTACK, "--refresh", "--json").json["stacks"]
    assert [(step["operation"], step["name"], step["changes"]) for plan in plans for step in plan["steps"]
            if step["operation"] != "refresh"] == []


@pytest.fixture
def queue(deployed: DeployedOnLocalStack, attached: Any) -> Iterator[Any]:
    """A queue that a rule fills with what lands in the raw zone."""
    session = attached.boto3.session(aws_access_key_id=ACCOUNT, aws_session_token=None)
    events, sqs = session.client("events"), session.client("sqs")
    url = sqs.create_queue(QueueName=RULE)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"],
               "detail": {"bucket": {"name": [deployed.buckets["raw"]]}}}
    events.put_rule(Name=RULE, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=RULE, Targets=[{"Id": "queue", "Arn": arn}])
    yield sqs.receive_message, url
    events.remove_targets(Rule=RULE, Ids=["queue"])
    events.delete_rule(Name=RULE)
    sqs.delete_queue(QueueUrl=url)


def test_an_object_landing_in_raw_reaches_a_queue(deployed: DeployedOnLocalStack, queue: Any) -> None:
    receive, url = queue
    bucket = deployed.buckets["raw"]
    deployed.client("s3").put_object(Bucket=bucket, Key="flight-delays/2013/01.csv", Body=b"a,b\n")

    deadline, messages = time.monotonic() + 30, []
    while not messages and time.monotonic() < deadline:
        messages = receive(QueueUrl=url, WaitTimeSeconds=5).get("Messages", [])
    event = json.loads(messages[0]["Body"])
    assert (event["detail"]["bucket"]["name"], event["detail"]["object"]["key"]) == (
        bucket, "flight-delays/2013/01.csv")


def test_another_localstack_is_noticed_and_everything_is_to_be_made_again_in_both_clouds(
        deployed: DeployedOnLocalStack, another: str) -> None:
    deployed.machine.localstack, kept = another, deployed.machine.localstack
    try:
        plans = deployed.machine.succeed("preview", "local", *ON_LOCALSTACK, "--json").json["stacks"]
    finally:
        deployed.machine.localstack = kept
    steps = [step for plan in plans for step in plan["steps"] if step["type"].startswith("aws:")]
    assert len(steps) == sum(resource["type"].startswith("aws:") for resource in deployed.resources)
    assert {step["operation"] for step in steps} <= {"create", "update"}  # settings that an account always has are put


def test_destroy_leaves_nothing_of_ours_in_either_cloud(
        deployed: DeployedOnLocalStack, before: dict[str, Any], differences: Any) -> None:
    ours = {*deployed.ids("aws:ec2/vpc:Vpc")}
    run = deployed.machine.succeed("destroy", "local", *ON_LOCALSTACK, "--yes")
    assert "mlstead up local --target localstack brings it back" in run.out
    left = differences(before, deployed.machine.snapshot())
    left.pop("cloudwatch.DescribeAlarmHistory", None)  # the story of an alarm outlives it, on AWS too
    assert left == {}
    # Another module's types may have left theirs in the same LocalStack: it does not delete gateway endpoints.
    assert ours and not ours & {vpc["VpcId"] for vpc in deployed.client("ec2").describe_vpcs()["Vpcs"]}


def test_a_localstack_that_does_not_answer_is_named_with_the_way_to_start_it(machine: LocalStackMachine) -> None:
    machine.localstack, kept = "http://127.0.0.1:1", machine.localstack
    try:
        refused = machine.refuse("up", "local", *ON_LOCALSTACK).err
    finally:
        machine.localstack = kept
    assert "http://127.0.0.1:1" in refused and "MLSTEAD_LOCALSTACK" in refused and "localstack:4.14.0" in refused


def test_what_is_not_localstack_is_not_taken_for_it(machine: LocalStackMachine) -> None:
    control.ensure_running(machine.home, machine.port)
    machine.localstack, kept = f"http://127.0.0.1:{machine.port}", machine.localstack
    try:
        assert "is not LocalStack" in machine.refuse("up", "local", *ON_LOCALSTACK).err
    finally:
        machine.localstack = kept
        control.stop(machine.home, machine.port)


def test_a_real_account_does_not_stand_on_localstack(machine: LocalStackMachine) -> None:
    assert "real account" in machine.refuse("up", "dev", *ON_LOCALSTACK).err
