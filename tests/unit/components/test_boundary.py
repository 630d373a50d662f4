"""The permissions boundary: what a role of a project cannot do under it, whatever it was granted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlstead import Context
from mlstead_toolkit.access import Context as Circumstances
from mlstead_toolkit.access import Policies, Policy, Principal, Request, evaluate

ACCOUNT, REGION = "123456789012", "eu-west-1"
LONGEST = 6144  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
SAGEMAKER, IAM = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}", f"arn:aws:iam::{ACCOUNT}"
OWN = f"{IAM}:role/mlstead/flight-delays/dev"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/22222222-2222-4222-8222-222222222222"
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group"
ALL = Policy.parse("all", json.dumps({
    "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}))
ANYONE = Principal(f"{OWN}/processing", "job", {"mlstead:project": "flight-delays"})
SUBNETS = {"sagemaker:VpcSubnets": ["subnet-network-a"]}


@pytest.fixture(scope="module")
def boundary(foundation):
    (policy,) = foundation.of("aws:iam/policy:Policy")
    return policy.inputs


@pytest.fixture(scope="module")
def decide(boundary):
    bounds = Policy.parse("boundary", boundary["policy"])

    def ask(action, resource, context=None):
        known = {"aws:ResourceAccount": ACCOUNT} | (context or {})
        request = Request(ANYONE, action, resource, Circumstances(known))
        return evaluate(request, Policies([ALL], boundary=bounds))

    return ask


def test_it_has_the_name_that_everyone_knows_beforehand(boundary, foundation):
    context = Context("flight-delays", "dev", REGION, ACCOUNT)
    assert context.boundary_arn == f"{IAM}:policy{boundary['path']}{boundary['name']}"
    assert foundation.exports["boundary_arn"]


@pytest.mark.parametrize(("region", "environment"), [("us-gov-west-1", "staging"), ("eu-west-1", "production-two")])
def test_iam_takes_it_in_the_longest_of_places(run, region, environment):
    from mlstead import LakeReference, PermissionsBoundary, PermissionsBoundaryArgs
    from mlstead.foundation_outputs import FoundationOutputs
    from mlstead.network.reference import NetworkReference

    outputs = json.loads((Path(__file__).parent / "foundation_outputs.json").read_text())["*"]
    zones = {zone: about | {"arn": about["arn"].replace("arn:aws:", "arn:aws-us-gov:")}
             for zone, about in outputs["lake"]["zones"].items()}
    network = outputs["network"] | {
        "vpc_id": "vpc-0123456789abcdef0", "subnet_ids": [f"subnet-0123456789abcdef{each}" for each in "012"],
    }
    outputs |= {"region": region, "lake": outputs["lake"] | {"zones": zones}, "network": network}
    context = Context("mlstead-foundation", environment, region, ACCOUNT, "aws-us-gov")

    def program():
        known = FoundationOutputs("f", context)
        PermissionsBoundary("boundary", PermissionsBoundaryArgs(context, LakeReference(known), NetworkReference(known)))

    made = run(program, outputs=outputs, stack=environment, config={"aws:region": region})
    (policy,) = made.of("aws:iam/policy:Policy")
    assert "us-gov" in policy.inputs["policy"] and len(policy.inputs["policy"]) <= LONGEST


def test_every_role_of_a_project_is_bounded_and_in_its_own_name_space(serving):
    roles = serving.of("aws:iam/role:Role")
    assert {role.inputs["permissionsBoundary"] for role in roles} == {f"{IAM}:policy/mlstead/dev-boundary"}
    assert {role.inputs["path"] for role in roles} == {"/mlstead/flight-delays/dev/"}


def test_the_foundations_own_roles_are_not_bounded(foundation):
    assert not [role.name for role in foundation.of("aws:iam/role:Role") if "permissionsBoundary" in role.inputs]


REFUSED = {
    "makes a role": ("iam:CreateRole", f"{OWN}/mine", {}),
    "writes its own policy": ("iam:PutRolePolicy", f"{OWN}/processing", {}),
    "attaches a managed policy": ("iam:AttachRolePolicy", f"{OWN}/processing", {}),
    "takes its boundary off": ("iam:DeleteRolePermissionsBoundary", f"{OWN}/processing", {}),
    "changes its boundary": ("iam:CreatePolicyVersion", f"{IAM}:policy/mlstead/dev-boundary", {}),
    "gives itself another project's tag": ("iam:TagRole", f"{OWN}/processing", {}),
    "makes a user": ("iam:CreateUser", f"{IAM}:user/me", {}),
    "becomes who deploys": ("sts:AssumeRole", f"{IAM}:role/mlstead-ci/flight-delays-dev-deploy", {}),
    "hands on another project's role": (
        "iam:PassRole", f"{IAM}:role/mlstead/fares/dev/training", {"iam:PassedToService": "sagemaker.amazonaws.com"}),
    "hands on a role of another environment": (
        "iam:PassRole", f"{IAM}:role/mlstead/flight-delays/prod/x", {"iam:PassedToService": "sagemaker.amazonaws.com"}),
    "hands its role to another service": (
        "iam:PassRole", f"{OWN}/processing", {"iam:PassedToService": "lambda.amazonaws.com"}),
    "starts another project's pipeline": ("sagemaker:StartPipelineExecution", f"{SAGEMAKER}:pipeline/fares-dev", {}),
    "starts its pipeline of another environment": (
        "sagemaker:StartPipelineExecution", f"{SAGEMAKER}:pipeline/flight-delays-prod", {}),
    "asks another project's endpoint": ("sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/fares-dev", {}),
    "asks an endpoint whose name begins like its own": (
        "sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/flight-delays-dev-two",
        {"aws:ResourceTag/mlstead:project": "flight-delays-dev"}),
    "approves another project's model": (
        "sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/fares-dev/1", {}),
    "looks at what is another project's": (
        "sagemaker:DescribeEndpoint", f"{SAGEMAKER}:endpoint/fares-dev", {"aws:ResourceTag/mlstead:project": "fares"}),
    "deletes an endpoint": ("sagemaker:DeleteEndpoint", f"{SAGEMAKER}:endpoint/flight-delays-dev", {}),
    "makes a notebook instance": (
        "sagemaker:CreateNotebookInstance", f"{SAGEMAKER}:notebook-instance/flight-delays-x", SUBNETS),
    "runs a processing job without a VPC": (
        "sagemaker:CreateProcessingJob", f"{SAGEMAKER}:processing-job/pipelines-x", {}),
    "runs a training job without a VPC": (
        "sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/flight-delays-x", {}),
    "runs a job in another network": (
        "sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/flight-delays-x",
        {"sagemaker:VpcSubnets": ["subnet-network-a", "subnet-of-somebody"]}),
    "reads a bucket of another account": (
        "s3:GetObject", "arn:aws:s3:::somebodys/flight-delays/x", {"aws:ResourceAccount": "210987654321"}),
    "reads a zone's bucket that is another account's now": (
        "s3:GetObject", "arn:aws:s3:::lake-raw-0a1b2c3/flight-delays/x", {"aws:ResourceAccount": "210987654321"}),
    "writes to a bucket of another account": (
        "s3:PutObject", "arn:aws:s3:::somebodys/x", {"aws:ResourceAccount": "210987654321"}),
    "reads the states": ("s3:GetObject", f"arn:aws:s3:::mlstead-state-{ACCOUNT}-{REGION}/.pulumi/stacks/x.json", {}),
    "reads the access logs": ("s3:GetObject", "arn:aws:s3:::lake-access-logs-0a1b2c3/2026/x", {}),
    "changes a bucket's policy": ("s3:PutBucketPolicy", "arn:aws:s3:::lake-raw-0a1b2c3", {}),
    "turns a bucket's access log off": ("s3:PutBucketLogging", "arn:aws:s3:::lake-raw-0a1b2c3", {}),
    "deletes an object": ("s3:DeleteObject", "arn:aws:s3:::lake-raw-0a1b2c3/flight-delays/x", {}),
    "deletes a version": ("s3:DeleteObjectVersion", "arn:aws:s3:::lake-raw-0a1b2c3/flight-delays/x", {}),
    "changes a key's policy": ("kms:PutKeyPolicy", KEY, {}),
    "schedules a key's deletion": ("kms:ScheduleKeyDeletion", KEY, {}),
    "grants a key to whom it likes": ("kms:CreateGrant", KEY, {"kms:GrantIsForAWSResource": False}),
    "decrypts with a key of another account": (
        "kms:Decrypt", f"arn:aws:kms:{REGION}:210987654321:key/theirs", {"aws:ResourceAccount": "210987654321"}),
    "decrypts secrets of stacks": ("kms:Decrypt", KEY, {"aws:ResourceTag/mlstead:project": "mlstead-bootstrap"}),
    "stops the trail": ("cloudtrail:StopLogging", f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/x", {}),
    "turns flow logs off": ("ec2:DeleteFlowLogs", f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/fl-1", {}),
    "deletes logs": ("logs:DeleteLogGroup", f"{LOGS}:/aws/sagemaker/TrainingJobs", {}),
    "keeps logs for a day": ("logs:PutRetentionPolicy", f"{LOGS}:/aws/sagemaker/TrainingJobs", {}),
    "stops recording configurations": ("config:StopConfigurationRecorder", "*", {}),
    "puts an interface into another network": (
        "ec2:CreateNetworkInterface", f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/subnet-other",
        {"ec2:Vpc": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-other"}),
    "opens a route": ("ec2:CreateRoute", f"arn:aws:ec2:{REGION}:{ACCOUNT}:route-table/rtb-1", {}),
    "makes itself an administrator of the lake": ("lakeformation:PutDataLakeSettings", "*", {}),
    "replaces another project's image": ("ecr:PutImage", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/fares-dev", {}),
    "measures in another project's name": ("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "mlstead/fares"}),
    "starts a server": ("ec2:RunInstances", f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*", {}),
    "leaves the organisation": ("organizations:LeaveOrganization", "*", {}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_role_that_is_granted_everything_never(decide, what):
    decision = decide(*REFUSED[what])
    assert not decision.allowed and decision.kind == "permissions boundary", what


ALLOWED = {
    "reads its zone": ("s3:GetObject", "arn:aws:s3:::lake-raw-0a1b2c3/flight-delays/x", {}),
    "lists its zone": ("s3:ListBucket", "arn:aws:s3:::lake-raw-0a1b2c3", {}),
    "decrypts": ("kms:Decrypt", KEY, {"aws:ResourceTag/mlstead:project": "mlstead-foundation"}),
    "has encrypted volumes": ("kms:CreateGrant", KEY, {"kms:GrantIsForAWSResource": True}),
    "hands on its own project's role": (
        "iam:PassRole", f"{OWN}/training", {"iam:PassedToService": "sagemaker.amazonaws.com"}),
    "runs a job in the network": ("sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/pipelines-x", SUBNETS),
    "starts its data pipeline": (
        "sagemaker:StartPipelineExecution", f"{SAGEMAKER}:pipeline/flight-delays-dev-data", {}),
    "asks its endpoint": (
        "sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/flight-delays-dev",
        {"aws:ResourceTag/mlstead:project": "flight-delays"}),
    "opens Studio": (
        "sagemaker:CreatePresignedDomainUrl", f"{SAGEMAKER}:user-profile/d-1/flight-delays-data-science", {}),
    "makes an interface": (  # which has no VPC before it is made
        "ec2:CreateNetworkInterface", f"arn:aws:ec2:{REGION}:{ACCOUNT}:network-interface/*", {}),
    "joins the network": (
        "ec2:CreateNetworkInterface", f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/subnet-network-a",
        {"ec2:Vpc": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-network"}),
    "writes logs": ("logs:PutLogEvents", f"{LOGS}:/aws/sagemaker/TrainingJobs:log-stream:x", {}),
    "reads what bounds it": ("iam:GetPolicyVersion", f"{IAM}:policy/mlstead/dev-boundary", {}),
}


@pytest.mark.parametrize("what", ALLOWED)
def test_a_role_that_is_granted_it_still(decide, what):
    assert decide(*ALLOWED[what]).allowed, what


def test_a_role_without_a_projects_tag_touches_no_project(boundary):
    nobody = Principal(f"{OWN}/x", "job")
    bounds = Policies([ALL], boundary=Policy.parse("boundary", boundary["policy"]))
    for action, resource in (("sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/flight-delays-dev"),
                             ("iam:PassRole", f"{OWN}/training"),
                             ("s3:ListBucket", "arn:aws:s3:::lake-raw-0a1b2c3")):
        context = Circumstances({"iam:PassedToService": "sagemaker.amazonaws.com", "aws:ResourceAccount": ACCOUNT})
        assert not evaluate(Request(nobody, action, resource, context), bounds).allowed


@pytest.mark.parametrize(("role", "tag", "allowed"), [
    ("mlstead/flight-delays/dev/x", "flight-delays", True),
    ("mlstead/flight-delays/dev/x", "fares", False),
    ("mlstead/flight-delays/dev/x", "mlstead-foundation", False),  # which the zones let past every prefix
    ("mlstead/flight-delays/dev/x", "flight-delays/dev", False),
    ("mlstead/flight-delays/prod/x", "flight-delays", False),
])
def test_a_session_s_tag_that_is_not_its_role_s_path_opens_nothing(boundary, role, tag, allowed):
    who = Principal(f"{IAM}:role/{role}", "session", {"mlstead:project": tag})
    asked = Request(who, "s3:GetObject", "arn:aws:s3:::lake-raw-0a1b2c3/x",
                    Circumstances({"aws:ResourceAccount": ACCOUNT}))
    bounds = Policies([ALL], boundary=Policy.parse("boundary", boundary["policy"]))
    assert evaluate(asked, bounds).allowed is allowed
