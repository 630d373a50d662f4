"""The roles of people: who may assume them, and what each may do and not do, within the boundary."""

from __future__ import annotations

import dataclasses
import json
import runpy

import pytest

from mlstead import Context
from mlstead.errors import MlsteadError
from mlstead_toolkit.access import Context as Circumstances
from mlstead_toolkit.access import Policies, Policy, Principal, Request, evaluate

ACCOUNT, REGION = "123456789012", "eu-west-1"
IAM, LOGS = f"arn:aws:iam::{ACCOUNT}", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group"
SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
PIPELINE = "arn:aws:sagemaker:::Pipeline/flight-delays-pipeline-0a1b2c3"  # as the mocks name it
DATA = "arn:aws:sagemaker:::Pipeline/flight-delays-data-0a1b2c3"
IMAGES = "arn:aws:ecr:::Repository/flight-delays-dev"
MODELS = f"{SAGEMAKER}:model-package/flight-delays-dev"
ENDPOINT = f"{SAGEMAKER}:endpoint/flight-delays-dev"
WORK = ("data-engineer", "data-scientist", "ml-engineer", "auditor")
LONGEST = 10_240  # of a role's inline policies: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html


def lake(zone, key):
    return f"arn:aws:s3:::lake-{zone}-0a1b2c3/flight-delays/{key}"


def trust(made, work):
    (role,) = [each for each in made.of("aws:iam/role:Role") if each.inputs["tags"]["mlstead:use"] == work]
    return Policy.parse(work, role.inputs["assumeRolePolicy"]), role


def admitted(made, work, arn, **tags):
    """Tell whether a principal whose own policies let him is let into the role."""
    policy, _ = trust(made, work)
    own = Policy.parse("own", json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}))
    request = Request(Principal(arn, "s", {name.replace("_", ":"): value for name, value in tags.items()}),
                      "sts:AssumeRole", f"{IAM}:role/r")
    policies = Policies([own], policy, resource_account=ACCOUNT, resource_must_allow=True,
                        resource_kind="role trust policy")
    return evaluate(request, policies).allowed


@pytest.fixture(scope="module")
def decide(serving):
    def ask(work, action, resource, context=None):
        policies = [Policy.parse(each.name, each.inputs["policy"]) for each in serving.of("RolePolicy")
                    if each.inputs["role"] == f"flight-delays-dev-{work}"]
        principal = Principal(f"{IAM}:role/mlstead/flight-delays/dev/flight-delays-dev-{work}", "ann",
                              {"mlstead:project": "flight-delays"})
        return evaluate(Request(principal, action, resource, Circumstances(context or {})), Policies(policies)).allowed

    return ask


def test_people_type_the_names_of_their_roles(serving):
    for work in WORK:
        _, role = trust(serving, work)
        assert role.inputs["name"] == f"flight-delays-dev-{work}"
        assert role.inputs["permissionsBoundary"] == f"{IAM}:policy/mlstead/dev-boundary"


@pytest.mark.parametrize("work", WORK)
def test_where_nobody_is_named_the_account_says_who_but_no_role_of_a_project_comes_in(serving, work):
    assert admitted(serving, work, f"{IAM}:role/people/ann")
    assert admitted(serving, work, f"{IAM}:root")
    assert not admitted(serving, work, f"{IAM}:role/mlstead/flight-delays/dev/gate", mlstead_project="flight-delays")
    assert not admitted(serving, work, f"{IAM}:role/mlstead/fares/dev/fares-dev-{work}", mlstead_project="fares")
    assert not admitted(serving, work, "arn:aws:iam::210987654321:role/people/ann")


def test_where_members_are_named_nobody_else_comes_in(run_project):
    sso = f"{IAM}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_DataScience_*"
    elsewhere = "arn:aws:iam::210987654321:role/data/*"
    made = run_project("dev", {"team": {"data_scientists": [sso, elsewhere]}})
    ann = f"{IAM}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_DataScience_0a1b2c"
    assert admitted(made, "data-scientist", ann)
    assert not admitted(made, "data-scientist", ann.replace("DataScience", "Administrator"))
    assert not admitted(made, "data-scientist", f"{IAM}:root")
    assert not admitted(made, "data-scientist", ann, mlstead_project="flight-delays")
    assert admitted(made, "auditor", ann)  # nobody is named there
    (statement,) = json.loads(trust(made, "data-scientist")[1].inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"AWS": [f"{IAM}:root", "arn:aws:iam::210987654321:root"]}


@pytest.mark.parametrize("member", ["*", "ann", f"{IAM}:role/*", f"{IAM}:root", "arn:aws:sts::1:assumed-role/a/b"])
def test_a_member_that_is_nobody_or_everybody_is_refused_by_the_settings_name(run_project, member):
    with pytest.raises(MlsteadError, match=r"flight-delays:team\.ml_engineers.*names no role or user"):
        run_project("dev", {"team": {"ml_engineers": [member]}})


def test_a_role_whose_name_iam_would_not_take_is_refused(context):
    from mlstead.access.team_roles import TeamRoleArgs

    with pytest.raises(MlsteadError, match="longer than the 64 characters"):
        TeamRoleArgs(dataclasses.replace(context, project="p" * 32, environment="e" * 32), "data-scientist")


ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm"
ATHENA = "arn:aws:athena:::Workgroup/flight-delays-dev"
PUSH = ("ecr:InitiateLayerUpload", IMAGES)
APPROVED = {"sagemaker:ModelApprovalStatus": "Approved"}
PROFILE = f"{SAGEMAKER}:user-profile/d-0a1b2c3d4e5f/flight-delays-data-science"
# role, action, resource, context of the call, whether it may
DECISIONS = [
    ("data-engineer", "s3:PutObject", lake("raw", "landing/flights/a.csv"), {}, True),
    ("data-engineer", "s3:PutObject", lake("raw", "incoming/d/flights/a.csv"), {}, True),
    ("data-engineer", "s3:PutObject", lake("raw", "flights/month=01/part-0.parquet"), {}, False),
    ("data-engineer", "s3:PutObject", lake("raw", "manifests/flights/month=01.json"), {}, False),
    ("data-engineer", "s3:GetObject", lake("raw", "flights/month=01/part-0.parquet"), {}, True),
    ("data-engineer", "s3:GetObject", lake("quarantine", "flights/month=01/part-0.parquet"), {}, True),
    ("data-engineer", "s3:PutObject", lake("quarantine", "releases/flights/month=01.json"), {}, True),
    ("data-engineer", "s3:PutObject", lake("quarantine", "reports/flights/month=01.json"), {}, False),
    ("data-engineer", "s3:GetObject", lake("curated", "flights/month=01/part-0.parquet"), {}, True),
    ("data-engineer", "s3:PutObject", lake("curated", "flights/month=01/part-0.parquet"), {}, False),
    ("data-engineer", "s3:DeleteObject", lake("raw", "landing/flights/a.csv"), {}, False),
    ("data-engineer", "s3:GetObject", "arn:aws:s3:::lake-raw-0a1b2c3/fares/landing/a.csv", {}, False),
    ("data-engineer", "s3:GetObject", lake("features", "flights/a"), {}, False),
    ("data-engineer", "sagemaker:StartPipelineExecution", DATA, {}, True),
    ("data-engineer", "sagemaker:StartPipelineExecution", PIPELINE, {}, False),
    ("data-engineer", "sagemaker:InvokeEndpoint", ENDPOINT, {}, False),
    ("data-engineer", "sagemaker:UpdateModelPackage", f"{MODELS}/1", APPROVED, False),
    ("data-engineer", "s3:GetObject", lake("artifacts", "evaluations/e/evaluation.json"), {}, True),
    ("data-engineer", "sagemaker:ListPipelineExecutions", PIPELINE, {}, True),
    ("data-scientist", "s3:GetObject", lake("curated", "flights/month=01/part-0.parquet"), {}, True),
    ("data-scientist", "s3:GetObject", lake("features", "flights/a"), {}, True),
    ("data-scientist", "s3:GetObject", lake("raw", "manifests/flights/month=01.json"), {}, True),
    ("data-scientist", "s3:GetObject", lake("raw", "flights/month=01/part-0.parquet"), {}, False),
    ("data-scientist", "s3:GetObject", lake("raw", "landing/flights/a.csv"), {}, False),
    ("data-scientist", "s3:GetObject", lake("quarantine", "reports/flights/month=01.json"), {}, True),
    ("data-scientist", "s3:GetObject", lake("quarantine", "flights/month=01/part-0.parquet"), {}, False),
    ("data-scientist", "s3:PutObject", lake("features", "flights/a"), {}, False),
    ("data-scientist", "s3:GetObject", lake("artifacts", "evaluations/e/evaluation.json"), {}, True),
    ("data-scientist", "s3:GetObject", lake("artifacts", "capture/x.jsonl"), {}, False),
    ("data-scientist", "athena:StartQueryExecution", ATHENA, {}, True),
    ("data-scientist", "sagemaker:CreatePresignedDomainUrl", PROFILE, {}, True),
    ("data-scientist", "sagemaker:CreatePresignedDomainUrl", PROFILE.replace("flight-delays-", "fares-"), {}, False),
    ("data-scientist", "sagemaker:StartPipelineExecution", PIPELINE, {}, True),
    ("data-scientist", "sagemaker:DescribePipeline", PIPELINE, {}, True),
    ("data-scientist", "sagemaker:ListPipelineExecutionSteps", f"{DATA}/execution/e", {}, True),
    ("data-scientist", "sagemaker:StartPipelineExecution", DATA, {}, False),
    ("data-scientist", "sagemaker:UpdateModelPackage", f"{MODELS}/1", APPROVED, False),
    ("data-scientist", "sagemaker:InvokeEndpoint", ENDPOINT, {}, False),
    ("data-scientist", "sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/flight-delays-x", {}, False),
    ("data-scientist", *PUSH, {}, False),
    ("data-scientist", "logs:FilterLogEvents", f"{LOGS}:/aws/sagemaker/TrainingJobs:*", {}, True),
    ("ml-engineer", "sagemaker:UpdateModelPackage", f"{MODELS}/1", APPROVED, True),
    ("ml-engineer", "sagemaker:UpdateModelPackage", f"{MODELS}/1", {}, False),
    ("ml-engineer", "sagemaker:CreateModelPackage", f"{MODELS}/2", {}, False),
    ("ml-engineer", "sagemaker:InvokeEndpoint", ENDPOINT, {}, True),
    ("ml-engineer", "sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/fares-dev", {}, False),
    ("ml-engineer", "sagemaker:UpdateEndpoint", ENDPOINT, {}, False),
    ("ml-engineer", "sagemaker:StartPipelineExecution", PIPELINE, {}, True),
    ("ml-engineer", "s3:GetObject", lake("artifacts", "models/m/output/model.tar.gz"), {}, True),
    ("ml-engineer", "s3:GetObject", lake("artifacts", "capture/x.jsonl"), {}, True),
    ("ml-engineer", "s3:PutObject", lake("artifacts", "models/m/output/model.tar.gz"), {}, False),
    ("ml-engineer", "s3:GetObject", lake("artifacts", "athena/result.csv"), {}, False),
    ("ml-engineer", "s3:GetObject", lake("curated", "flights/month=01/part-0.parquet"), {}, False),
    ("ml-engineer", *PUSH, {}, True),
    ("ml-engineer", "ecr:BatchDeleteImage", IMAGES, {}, False),
    ("ml-engineer", "cloudwatch:DescribeAlarms", f"{ALARM}:flight-delays-dev-latency", {}, True),
    ("ml-engineer", "cloudwatch:DescribeAlarms", f"{ALARM}:fares-dev-latency", {}, False),
    ("ml-engineer", "cloudwatch:GetMetricData", "*", {}, True),
    ("ml-engineer", "logs:GetLogEvents", f"{LOGS}:/aws/sagemaker/Endpoints/flight-delays-dev:log-stream:x", {}, True),
    ("ml-engineer", "logs:GetLogEvents", f"{LOGS}:/aws/sagemaker/Endpoints/fares-dev:log-stream:x", {}, False),
    ("auditor", "iam:GetRolePolicy", f"{IAM}:role/mlstead/flight-delays/dev/x", {}, True),
    ("auditor", "iam:GetRolePolicy", f"{IAM}:role/mlstead/fares/dev/x", {}, False),
    ("auditor", "iam:GetPolicyVersion", f"{IAM}:policy/mlstead/dev-boundary", {}, True),
    ("auditor", "s3:GetBucketPolicy", "arn:aws:s3:::lake-raw-0a1b2c3", {}, True),
    ("auditor", "sagemaker:DescribeEndpointConfig", f"{SAGEMAKER}:endpoint-config/flight-delays-endpoint-0a", {}, True),
    ("auditor", "s3:GetObject", lake("raw", "manifests/flights/month=01.json"), {}, False),
    ("auditor", "s3:GetObject", lake("artifacts", "evaluations/e/evaluation.json"), {}, False),
    ("auditor", "s3:ListBucket", "arn:aws:s3:::lake-raw-0a1b2c3", {"s3:prefix": "flight-delays/"}, False),
    ("auditor", "s3:GetObject", "arn:aws:s3:::lake-access-logs-0a1b2c3/x", {}, False),
    ("auditor", "kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/22222222-2222-4222-8222-222222222222", {}, False),
    ("auditor", "athena:StartQueryExecution", ATHENA, {}, False),
    ("auditor", "athena:GetQueryResults", ATHENA, {}, False),
    ("auditor", "logs:FilterLogEvents", f"{LOGS}:/aws/sagemaker/TrainingJobs:*", {}, False),
    ("auditor", "sagemaker:InvokeEndpoint", ENDPOINT, {}, False),
    ("auditor", "lakeformation:GetDataAccess", "*", {}, False),
]


@pytest.mark.parametrize(("work", "action", "resource", "context", "may"), DECISIONS)
def test_each_does_his_work_and_not_the_others(decide, work, action, resource, context, may):
    assert decide(work, action, resource, context) is may


def test_no_role_of_people_writes_a_role_or_hands_one_on(serving):
    for policy, statement in serving.statements():
        if policy.inputs.get("role", "").endswith(WORK):
            for action in statement["Action"]:
                service, _, name = action.partition(":")
                assert service != "iam" or name.startswith(("Get", "List")), (policy.name, action)
                assert not name.startswith(("Delete", "CreateTraining", "CreateProcessing")), (policy.name, action)


def test_the_roles_of_people_stay_below_iams_limit_for_the_longest_names(project_directory, run, monkeypatch):
    monkeypatch.chdir(project_directory)
    name, region = "a-very-long-name-of-a-project-32", "ap-southeast-2"
    made = run(lambda: runpy.run_path("__main__.py"), project=name, stack="staging",
               config={"foundation": "f", "image": {"tag": "1"}})
    sizes = {}
    for policy in made.of("RolePolicy"):
        text = policy.inputs["policy"].replace(REGION, region)
        sizes[policy.inputs["role"]] = sizes.get(policy.inputs["role"], 0) + len(text)
    assert len(name) == 32 and max(sizes.values()) <= LONGEST, max(sizes.items(), key=lambda each: each[1])


def test_jobs_of_the_monitoring_role_read_what_is_captured_and_write_reports_alone(serving):
    grants = {each.name.removeprefix("flight-delays-monitoring-") for each in serving.of("RolePolicy")
              if each.name.startswith("flight-delays-monitoring-")}
    assert grants == {
        "observe", "read-artifacts-capture", "read-write-artifacts-monitoring", "volumes", "join-network",
        "pull-images",
    }


def test_every_use_that_the_issue_asks_for_has_its_role(serving):
    uses = {role.inputs["tags"]["mlstead:use"] for role in serving.of("aws:iam/role:Role")}
    assert uses >= {*WORK, "processing", "training", "pipeline", "endpoint", "monitoring", "scheduling"}


@pytest.mark.parametrize(("use", "source_arns"), [("scheduling", ()), ("training", ("arn:aws:events:::rule/r",))])
def test_rules_are_named_for_scheduling_and_for_nothing_else(use, source_arns):
    from mlstead import ExecutionRoleArgs

    with pytest.raises(MlsteadError, match="Rules use a role for scheduling"):
        ExecutionRoleArgs(Context("flight-delays", "dev", REGION, ACCOUNT), use, source_arns=source_arns)
