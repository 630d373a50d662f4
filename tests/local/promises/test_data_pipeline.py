"""The data pipeline: what starts it, who starts it, where a start that failed goes, and what its jobs may do."""

from __future__ import annotations

import json

import pytest
from deployed import ACCOUNT, PROJECT, Policy, anyone, service

from mlstead_toolkit.access import Context, Policies, Request, evaluate

pytestmark = pytest.mark.timeout(400)
NAME = f"{PROJECT}-local-data"
EVENTS = service("events.amazonaws.com")


@pytest.fixture
def rules(deployed):
    """Every rule by its name."""
    return {rule["Name"]: rule for rule in deployed.client("events").list_rules()["Rules"]
            if rule["Name"] in deployed.ids("aws:cloudwatch/eventRule:EventRule")}


@pytest.mark.promise("aws:cloudwatch/eventRule:EventRule")
def test_deliveries_to_raw_and_releases_in_quarantine_are_what_starts_it(deployed, rules):
    watched = {}
    for rule in rules.values():
        assert rule["State"] == "ENABLED"
        pattern = json.loads(rule["EventPattern"])
        assert (pattern["source"], pattern["detail-type"]) == (["aws.s3"], ["Object Created"])
        assert pattern["account"] == [ACCOUNT]
        (bucket,), (key,) = pattern["detail"]["bucket"]["name"], pattern["detail"]["object"]["key"]
        watched[bucket] = key
    assert watched == {
        deployed.buckets["raw"]: {"prefix": f"{PROJECT}/landing/"},
        deployed.buckets["quarantine"]: {"prefix": f"{PROJECT}/releases/"},
    }
    for zone in ("raw", "quarantine"):
        told = deployed.client("s3").get_bucket_notification_configuration(Bucket=deployed.buckets[zone])
        assert "EventBridgeConfiguration" in told


@pytest.mark.promise("aws:cloudwatch/eventTarget:EventTarget")
def test_a_rule_starts_this_pipeline_and_no_other_by_a_role_of_its_own(deployed, rules):
    pipeline = deployed.client("sagemaker").describe_pipeline(PipelineName=NAME)["PipelineArn"]
    starter = deployed.roles["scheduling"]
    for name in rules:
        (target,) = deployed.client("events").list_targets_by_rule(Rule=name)["Targets"]
        assert (target["Arn"], target["RoleArn"]) == (pipeline, starter.principal.arn)
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3600
        assert target["DeadLetterConfig"]["Arn"].endswith(dead_letters(deployed)["QueueArn"].rpartition(":")[2])

    def may(action, arn):
        return evaluate(Request(starter.principal, action, arn), Policies(starter.policies)).allowed

    assert may("sagemaker:StartPipelineExecution", pipeline)
    assert not may("sagemaker:StartPipelineExecution", pipeline.removesuffix("-data"))
    assert not may("sagemaker:StopPipelineExecution", pipeline) and not may("sagemaker:UpdatePipeline", pipeline)


def dead_letters(deployed):
    sqs = deployed.client("sqs")
    (url,) = [url for url in sqs.list_queues()["QueueUrls"] if url in deployed.ids("aws:sqs/queue:Queue")]
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


@pytest.mark.promise("aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy")
def test_a_start_that_failed_is_kept_for_two_weeks_encrypted_and_put_there_by_these_rules_alone(deployed, rules):
    queue = dead_letters(deployed)
    assert queue["SqsManagedSseEnabled"] == "true" and int(queue["MessageRetentionPeriod"]) == 14 * 24 * 3600

    def puts(who, context):
        usual = {"aws:SecureTransport": True, "aws:SourceArn": next(iter(rules.values()))["Arn"]}
        circumstances = {name: value for name, value in {**usual, **context}.items() if value is not None}
        request = Request(who.principal, "sqs:SendMessage", queue["QueueArn"], Context(circumstances))
        policy = Policy.parse("queue", queue["Policy"])
        return evaluate(request, Policies(who.policies, policy, resource_account=ACCOUNT)).allowed

    assert puts(EVENTS, {})
    another = f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/another"
    assert not puts(EVENTS, {"aws:SourceArn": another}) and not puts(EVENTS, {"aws:SourceArn": None})
    assert not puts(service("s3.amazonaws.com"), {}) and not puts(anyone("999988887777"), {})
    assert not puts(anyone(), {"aws:SecureTransport": False})


def test_an_alarm_says_that_the_queue_holds_something(deployed):
    (alarm,) = deployed.client("cloudwatch").describe_alarms(
        AlarmNames=[f"{NAME}-undelivered-events"])["MetricAlarms"]
    queue = dead_letters(deployed)["QueueArn"].rpartition(":")[2]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": queue}]
    assert alarm["Threshold"] == 1 and alarm["AlarmActions"] and alarm["ActionsEnabled"]


def test_an_alarm_says_that_a_run_failed(deployed):
    (alarm,) = deployed.client("cloudwatch").describe_alarms(AlarmNames=[f"{NAME}-failed-runs"])["MetricAlarms"]
    assert alarm["Dimensions"] == [{"Name": "PipelineName", "Value": NAME}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 1) and alarm["AlarmActions"]
    (topic,) = alarm["AlarmActions"]
    attributes = deployed.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["KmsMasterKeyId"] == deployed.keys["operations"]


def test_its_jobs_run_in_the_network_on_encrypted_volumes_and_under_their_own_roles(deployed):
    described = deployed.client("sagemaker").describe_pipeline(PipelineName=NAME)
    assert described["RoleArn"] == deployed.roles["data-pipeline"].principal.arn
    definition = json.loads(described["PipelineDefinition"])
    given = {parameter["Name"]: parameter.get("DefaultValue") for parameter in definition["Parameters"]}
    network = deployed.foundation["network"]
    assert {given["FirstSubnet"], given["SecondSubnet"]} <= set(network["subnet_ids"])
    assert given["SecurityGroup"] == network["security_group_id"]
    assert given["TokenKey"] == deployed.keys["tokens"]
    roles = {step["Name"]: given[step["Arguments"]["RoleArn"]["Get"].removeprefix("Parameters.")]
             for step in definition["Steps"]}
    assert roles == {"Ingest": deployed.roles["ingestion"].principal.arn, "Gate": deployed.roles["gate"].principal.arn}
    for job in (step["Arguments"] for step in definition["Steps"]):
        assert job["NetworkConfig"]["EnableInterContainerTrafficEncryption"]
        assert job["NetworkConfig"]["VpcConfig"]["Subnets"] and job["NetworkConfig"]["VpcConfig"]["SecurityGroupIds"]
        assert job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == {"Get": "Parameters.KmsKey"}


def test_its_role_starts_jobs_in_the_network_alone_and_passes_on_its_two_roles(deployed):
    role, network = deployed.roles["data-pipeline"], deployed.foundation["network"]
    job = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:processing-job/pipelines-abc-Gate"
    usual = {
        "sagemaker:VpcSubnets": network["subnet_ids"], "sagemaker:VpcSecurityGroupIds": [network["security_group_id"]],
        "sagemaker:InterContainerTrafficEncryption": True, "sagemaker:VolumeKmsKey": deployed.keys["artifacts"],
        "sagemaker:InstanceTypes": ["ml.m5.large"],
    }

    def creates(**changes):
        context = {name: value for name, value in {**usual, **changes}.items() if value is not None}
        request = Request(role.principal, "sagemaker:CreateProcessingJob", job, Context(context))
        return evaluate(request, Policies(role.policies)).allowed

    assert creates()
    for lacking in usual:
        assert not creates(**{lacking: None}), lacking
    assert not creates(**{"sagemaker:VpcSubnets": ["subnet-elsewhere"]})
    assert not creates(**{"sagemaker:VolumeKmsKey": deployed.keys["raw"]})
    assert not creates(**{"sagemaker:InstanceTypes": ["ml.p4d.24xlarge"]})

    def passes(use):
        context = Context({"iam:PassedToService": "sagemaker.amazonaws.com"})
        request = Request(role.principal, "iam:PassRole", deployed.roles[use].principal.arn, context)
        return evaluate(request, Policies(role.policies)).allowed

    assert passes("ingestion") and passes("gate") and not passes("processing") and not passes("endpoint")


def test_only_the_gates_of_projects_derive_tokens_and_only_by_kms_itself(deployed):
    algorithm = {"kms:MacAlgorithm": "HMAC_SHA_256"}
    for use in ("gate", "ingestion", "processing", "training", "endpoint", "exploration"):
        assert deployed.on_key(deployed.roles[use], "kms:GenerateMac", "tokens", algorithm).allowed is (use == "gate")
    gate = deployed.roles["gate"]
    assert not deployed.on_key(gate, "kms:GenerateMac", "tokens", {"kms:MacAlgorithm": "HMAC_SHA_512"}).allowed
    assert not deployed.on_key(gate, "kms:VerifyMac", "tokens", algorithm).allowed
    assert not deployed.on_key(anyone(), "kms:GenerateMac", "tokens", algorithm).allowed
    assert not deployed.on_key(anyone("999988887777", mlstead_project=PROJECT), "kms:GenerateMac", "tokens",
                               algorithm).allowed


def test_the_gates_role_derives_the_same_bytes_each_time(deployed):
    kms = deployed.session(deployed.roles["gate"].principal.arn, "kms")
    made = {kms.generate_mac(KeyId=deployed.keys["tokens"], MacAlgorithm="HMAC_SHA_256", Message=b"mlstead")["Mac"]
            for _ in range(2)}
    assert len(made) == 1 and len(made.pop()) == 32
