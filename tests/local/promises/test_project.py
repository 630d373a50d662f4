"""What a project has: roles that one service may assume, for one use; logs, images and messages under our keys."""

from __future__ import annotations

import json

import pytest
from deployed import ACCOUNT, PROJECT, Policy, anyone, service

from mlstead_toolkit.access import Context, Policies, Request, evaluate

pytestmark = pytest.mark.timeout(400)
NAME = f"{PROJECT}-local"
SERVICES = {"Catalog": "lakeformation", "NetworkFlowLogs": "vpc-flow-logs", "scheduling": "events"}
TEAM = ("data-engineer", "data-scientist", "ml-engineer", "auditor", "delivery")
OWN = {"aws:SourceAccount": ACCOUNT}
SOURCES = {"lakeformation": "lakeformation:eu-west-1:{}:x", "vpc-flow-logs": "ec2:eu-west-1:{}:vpc-flow-log/x",
           "sagemaker": "sagemaker:eu-west-1:{}:training-job/x"}


@pytest.mark.promise("aws:iam/role:Role")
def test_a_role_is_assumed_by_its_service_for_this_account_and_by_nobody_else(deployed):
    trusts = {role["Arn"]: Policy.parse(role["RoleName"], json.dumps(role["AssumeRolePolicyDocument"]))
              for role in deployed.client("iam").list_roles()["Roles"]}
    assert set(deployed.roles) >= {"ingestion", "gate", "data-pipeline", "processing", "training", "pipeline",
                                   "endpoint", "monitoring", "exploration", *SERVICES, *TEAM}
    rule = deployed.ids("aws:cloudwatch/eventRule:EventRule")[0]
    for use, role in deployed.roles.items():
        if use in TEAM:
            continue
        name, arn = SERVICES.get(use, "sagemaker"), role.principal.arn
        sources = SOURCES | {"events": f"events:eu-west-1:{{}}:rule/{rule}"}
        source = f"arn:aws:{sources[name].format(ACCOUNT)}"

        def assumed(who, context, arn=arn):
            request = Request(who.principal, "sts:AssumeRole", arn, Context(context))
            policies = Policies(who.policies, trusts[arn], resource_account=ACCOUNT, resource_must_allow=True)
            return evaluate(request, policies).allowed

        asks = service(f"{name}.amazonaws.com")
        assert assumed(asks, OWN | {"aws:SourceArn": source}), use
        assert not assumed(asks, {"aws:SourceAccount": "999988887777", "aws:SourceArn": source})
        assert not assumed(asks, OWN | {"aws:SourceArn": f"arn:aws:{sources[name].format('999988887777')}"})
        assert not assumed(asks, {})
        for other in (service("lambda.amazonaws.com"), service("ec2.amazonaws.com"), anyone(), anyone("999988887777")):
            assert not assumed(other, OWN | {"aws:SourceArn": source})


@pytest.mark.promise("aws:iam/policy:Policy")
def test_what_every_role_of_the_project_may_is_bounded_by_the_foundations_policy(deployed):
    iam = deployed.client("iam")
    bounded = {use: iam.get_role(RoleName=who.principal.arn.rpartition("/")[2])["Role"].get("PermissionsBoundary", {})
               for use, who in deployed.roles.items() if who.principal.tags.get("mlstead:project") == PROJECT}
    arn = f"arn:aws:iam::{ACCOUNT}:policy/mlstead/local-boundary"
    assert {each.get("PermissionsBoundaryArn") for each in bounded.values()} == {arn}
    assert set(bounded) >= {*TEAM, "gate"}
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    boundary, role = Policy.parse(arn, json.dumps(document)), deployed.roles["gate"]
    everything = Policy.parse("all", json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))

    def may(action, resource, **context):
        request = Request(role.principal, action, resource, Context({"aws:ResourceAccount": ACCOUNT, **context}))
        return evaluate(request, Policies([everything], boundary=boundary)).allowed

    zone = deployed.zone("raw")["arn"]
    assert may("s3:GetObject", f"{zone}/{PROJECT}/a")
    assert not may("s3:GetObject", "arn:aws:s3:::somebodys/a") and not may("s3:PutBucketPolicy", zone)
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary"):
        assert not may(action, role.principal.arn)


# use, action, zone, key (None: a list below the prefix), whether it is allowed
DATA = [
    ("ingestion", "s3:GetObject", "raw", f"{PROJECT}/landing/flights/a.csv", True),
    ("ingestion", "s3:PutObject", "raw", f"{PROJECT}/flights/a", True),
    ("ingestion", "s3:PutObject", "quarantine", f"{PROJECT}/files/a", True),
    ("ingestion", "s3:GetObject", "quarantine", f"{PROJECT}/a", False),
    ("ingestion", "s3:PutObject", "quarantine", f"{PROJECT}/releases/flights/month=01.json", False),
    ("ingestion", "s3:PutObject", "quarantine", f"{PROJECT}/reports/flights/month=01.json", False),
    ("ingestion", "s3:PutObject", "curated", f"{PROJECT}/a", False),
    ("ingestion", "s3:GetObject", "raw", "another/a", False),
    ("ingestion", "s3:DeleteObject", "raw", f"{PROJECT}/landing/flights/a.csv", False),
    ("gate", "s3:GetObject", "raw", f"{PROJECT}/manifests/a", True),
    ("gate", "s3:PutObject", "raw", f"{PROJECT}/manifests/a", False),
    ("gate", "s3:GetObject", "quarantine", f"{PROJECT}/releases/a", True),
    ("gate", "s3:PutObject", "quarantine", f"{PROJECT}/reports/a", True),
    ("gate", "s3:PutObject", "curated", f"{PROJECT}/flights/a", True),
    ("gate", "s3:GetObject", "features", f"{PROJECT}/a", False),
    ("gate", "s3:PutObject", "curated", "another/a", False),
    ("gate", "s3:DeleteObject", "curated", f"{PROJECT}/flights/a", False),
    ("processing", "s3:GetObject", "curated", f"{PROJECT}/a", True),
    ("processing", "s3:PutObject", "curated", f"{PROJECT}/a", False),
    ("processing", "s3:GetObject", "raw", f"{PROJECT}/a", False),
    ("processing", "s3:GetObject", "quarantine", f"{PROJECT}/a", False),
    ("processing", "s3:GetObject", "features", f"{PROJECT}/a", True),
    ("processing", "s3:PutObject", "features", f"{PROJECT}/a", True),
    ("processing", "s3:GetObject", "curated", "another/a", False),
    ("processing", "s3:DeleteObject", "features", f"{PROJECT}/a", False),
    ("training", "s3:GetObject", "features", f"{PROJECT}/a", True),
    ("training", "s3:PutObject", "features", f"{PROJECT}/a", False),
    ("training", "s3:GetObject", "raw", f"{PROJECT}/a", False),
    ("training", "s3:GetObject", "curated", f"{PROJECT}/a", False),
    ("training", "s3:PutObject", "artifacts", f"{PROJECT}/a", True),
    ("training", "s3:PutBucketPolicy", "artifacts", None, False),
    ("endpoint", "s3:GetObject", "artifacts", f"{PROJECT}/models/a", True),
    ("endpoint", "s3:PutObject", "artifacts", f"{PROJECT}/capture/a", True),
    ("endpoint", "s3:GetObject", "features", f"{PROJECT}/a", False),
    ("exploration", "s3:GetObject", "raw", f"{PROJECT}/a", False),
    ("exploration", "s3:GetObject", "quarantine", f"{PROJECT}/a", False),
    ("exploration", "s3:GetObject", "features", f"{PROJECT}/a", False),
    ("exploration", "s3:GetObject", "curated", "another/a", False),
    ("exploration", "s3:PutObject", "curated", f"{PROJECT}/a", False),
    ("exploration", "s3:GetObject", "artifacts", f"{PROJECT}/athena/a", True),
    ("exploration", "s3:GetObject", "artifacts", f"{PROJECT}/models/a", False),
    ("pipeline", "s3:GetObject", "raw", f"{PROJECT}/a", False),
]


@pytest.mark.promise("aws:iam/rolePolicy:RolePolicy")
def test_a_role_gets_at_what_its_use_needs_and_at_nothing_more(deployed):
    wrong = [f"{use}: {decision}" for use, action, zone, key, allowed in DATA
             if (decision := deployed.on_bucket(deployed.roles[use], action, zone, key)).allowed is not allowed]
    assert not wrong


def test_no_role_may_touch_policies_roles_or_keys(deployed):
    for use, role in deployed.roles.items():
        for action, resource in (
            ("iam:PutRolePolicy", role.principal.arn), ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/x"),
            ("kms:PutKeyPolicy", deployed.keys["raw"]), ("kms:ScheduleKeyDeletion", deployed.keys["raw"]),
            ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/admin"), ("lakeformation:PutDataLakeSettings", "*"),
            ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin"), ("ec2:CreateRoute", "*"),
        ):
            decision = evaluate(Request(role.principal, action, resource), Policies(role.policies))
            assert not decision.allowed, use


def test_the_pipeline_passes_its_jobs_roles_to_sagemaker_alone(deployed):
    pipeline = deployed.roles["pipeline"]

    def passes(use, to):
        context = Context({"iam:PassedToService": to})
        request = Request(pipeline.principal, "iam:PassRole", deployed.roles[use].principal.arn, context)
        return evaluate(request, Policies(pipeline.policies)).allowed

    assert passes("training", "sagemaker.amazonaws.com") and passes("processing", "sagemaker.amazonaws.com")
    assert not passes("training", "lambda.amazonaws.com") and not passes("endpoint", "sagemaker.amazonaws.com")


@pytest.mark.promise("aws:cloudwatch/logGroup:LogGroup")
def test_logs_are_encrypted_with_our_key_and_kept_for_a_time_that_is_said(deployed):
    groups = {group["logGroupName"]: group for group in deployed.client("logs").describe_log_groups()["logGroups"]}
    for name in deployed.ids("aws:cloudwatch/logGroup:LogGroup"):
        assert groups[name]["kmsKeyId"] == deployed.keys["operations"] and groups[name]["retentionInDays"] >= 30


@pytest.mark.promise("aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy")
def test_images_are_scanned_unchangeable_encrypted_and_do_not_pile_up(deployed):
    ecr = deployed.client("ecr")
    repository = ecr.describe_repositories(repositoryNames=[NAME])["repositories"][0]
    assert repository["imageTagMutability"] == "IMMUTABLE" and repository["imageScanningConfiguration"]["scanOnPush"]
    assert repository["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": deployed.keys["artifacts"]}
    assert json.loads(ecr.get_lifecycle_policy(repositoryName=NAME)["lifecyclePolicyText"])["rules"]


@pytest.mark.promise("aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy",
                     "aws:cloudwatch/metricAlarm:MetricAlarm")
def test_alarms_reach_an_encrypted_topic_to_which_nothing_else_publishes(deployed):
    (topic,) = [arn for arn in deployed.ids("aws:sns/topic:Topic") if "-endpoint-" in arn]
    attributes = deployed.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["KmsMasterKeyId"] == deployed.keys["operations"]
    alarms = [alarm for alarm in deployed.client("cloudwatch").describe_alarms(AlarmNamePrefix=NAME)["MetricAlarms"]
              if alarm["Namespace"] == "AWS/SageMaker"]
    assert len(alarms) == 3 and all(alarm["AlarmActions"] == [topic] and alarm["ActionsEnabled"] for alarm in alarms)

    def publishes(who, context):
        usual = {"aws:SecureTransport": True, "aws:SourceAccount": ACCOUNT, "aws:SourceArn": alarms[0]["AlarmArn"]}
        policy = Policy.parse(topic, attributes["Policy"])
        return evaluate(Request(who.principal, "sns:Publish", topic, Context(usual | context)),
                        Policies(who.policies, policy, resource_account=ACCOUNT)).allowed

    cloudwatch = service("cloudwatch.amazonaws.com")
    assert publishes(cloudwatch, {})
    assert not publishes(cloudwatch, {"aws:SourceAccount": "999988887777"})
    assert not publishes(cloudwatch, {"aws:SourceArn": f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:another"})
    assert not publishes(service("s3.amazonaws.com"), {}) and not publishes(anyone("999988887777"), {})
    assert not publishes(anyone(), {"aws:SecureTransport": False})


@pytest.mark.promise("aws:sagemaker/pipeline:Pipeline", "aws:sagemaker/modelPackageGroup:ModelPackageGroup")
def test_every_job_of_the_pipeline_runs_isolated_in_the_network_on_encrypted_volumes(deployed):
    sagemaker, network = deployed.client("sagemaker"), deployed.foundation["network"]
    described = sagemaker.describe_pipeline(PipelineName=NAME)
    assert described["RoleArn"] == deployed.roles["pipeline"].principal.arn
    definition = json.loads(described["PipelineDefinition"])
    given = {parameter["Name"]: parameter.get("DefaultValue") for parameter in definition["Parameters"]}
    assert {given["FirstSubnet"], given["SecondSubnet"]} <= set(network["subnet_ids"])
    assert given["SecurityGroup"] == network["security_group_id"]
    jobs = [step["Arguments"] for step in definition["Steps"] if step["Type"] in ("Processing", "Training")]
    for job in jobs:
        network_config = job.get("NetworkConfig", job)
        assert network_config["EnableNetworkIsolation"] and network_config["EnableInterContainerTrafficEncryption"]
        assert network_config["VpcConfig"]["Subnets"] and network_config["VpcConfig"]["SecurityGroupIds"]
        cluster = job.get("ProcessingResources", {}).get("ClusterConfig") or job["ResourceConfig"]
        assert cluster["VolumeKmsKeyId"]
        assert job.get("ProcessingOutputConfig", job.get("OutputDataConfig"))["KmsKeyId"]
    group = sagemaker.describe_model_package_group(ModelPackageGroupName=NAME)
    assert group["ModelPackageGroupStatus"] == "Completed"
