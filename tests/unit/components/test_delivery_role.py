"""The role that CI becomes after a deployment: only this environment's deploy role does, and what it may is little."""

from __future__ import annotations

import dataclasses
import json

import pytest

from mlstead import DeliveryRoleArgs
from mlstead.errors import MlsteadError
from mlstead_toolkit.access import Context as Circumstances
from mlstead_toolkit.access import Policies, Policy, Principal, Request, evaluate

ACCOUNT, REGION = "123456789012", "eu-west-1"
IAM, SAGEMAKER = f"arn:aws:iam::{ACCOUNT}", f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
ROLE = "flight-delays-dev-delivery"
PACKAGE = f"{SAGEMAKER}:model-package/flight-delays-dev/1"
GROUP = "arn:aws:sagemaker:::ModelPackageGroup/flight-delays-models-0a1b2c3"  # as the mocks name it
PIPELINE = "arn:aws:sagemaker:::Pipeline/flight-delays-pipeline-0a1b2c3"


def lake(zone, key):
    return f"arn:aws:s3:::lake-{zone}-0a1b2c3/flight-delays/{key}"


@pytest.fixture(scope="module")
def role(serving):
    (found,) = [each for each in serving.of("aws:iam/role:Role") if each.inputs["tags"]["mlstead:use"] == "delivery"]
    return found


@pytest.mark.parametrize(("who", "tags", "allowed"), [
    (f"{IAM}:role/mlstead-ci/flight-delays-dev-deploy", {}, True),
    (f"{IAM}:role/mlstead-ci/flight-delays-dev-plan", {}, False),
    (f"{IAM}:role/mlstead-ci/flight-delays-prod-deploy", {}, False),
    (f"{IAM}:role/mlstead-ci/other-dev-deploy", {}, False),
    (f"{IAM}:role/flight-delays-dev-deploy", {}, False),
    (f"{IAM}:role/people/ann", {}, False),
    (f"{IAM}:root", {}, False),
    ("arn:aws:iam::210987654321:role/mlstead-ci/flight-delays-dev-deploy", {}, False),
    (f"{IAM}:role/mlstead-ci/flight-delays-dev-deploy", {"mlstead:project": "flight-delays"}, False),
])
def test_only_the_deploy_role_of_this_environment_is_let_in(role, who, tags, allowed):
    trust = Policy.parse("trust", role.inputs["assumeRolePolicy"])
    own = Policy.parse("own", json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}))
    policies = Policies([own], trust, resource_account=ACCOUNT, resource_must_allow=True,
                        resource_kind="role trust policy")
    assert evaluate(Request(Principal(who, "s", tags), "sts:AssumeRole", f"{IAM}:role/r"), policies).allowed is allowed


def test_it_lies_in_the_project_s_path_within_its_boundary_under_the_name_that_commands_look_for(role):
    assert (role.inputs["name"], role.inputs["path"]) == (ROLE, "/mlstead/flight-delays/dev/")
    assert role.inputs["permissionsBoundary"] == f"{IAM}:policy/mlstead/dev-boundary"
    assert role.inputs["tags"]["mlstead:project"] == "flight-delays"


@pytest.mark.parametrize(("action", "resource", "allowed"), [
    ("sagemaker:ListModelPackages", GROUP, True),
    ("sagemaker:DescribeModelPackage", PACKAGE, True),
    ("sagemaker:UpdateModelPackage", PACKAGE, False),
    ("sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/flight-delays-dev", True),
    ("sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/flight-delays-prod", False),
    ("sagemaker:UpdateEndpoint", f"{SAGEMAKER}:endpoint/flight-delays-dev", False),
    ("sagemaker:DescribeEndpoint", f"{SAGEMAKER}:endpoint/flight-delays-dev", True),
    ("sagemaker:DescribeEndpointConfig", f"{SAGEMAKER}:endpoint-config/flight-delays-endpoint-0a1b2c3", True),
    ("sagemaker:DescribeModel", f"{SAGEMAKER}:model/flight-delays-endpoint-0a1b2c3", True),
    ("sagemaker:DescribeModel", f"{SAGEMAKER}:model/fares-endpoint-0a1b2c3", False),
    ("sagemaker:StartPipelineExecution", PIPELINE, False),
    ("s3:GetObject", lake("artifacts", "evaluations/e/samples.jsonl"), True),
    ("s3:PutObject", lake("artifacts", "evaluations/e/samples.jsonl"), False),
    ("s3:GetObject", lake("artifacts", "models/m/output/model.tar.gz"), False),
    ("s3:GetObject", lake("artifacts", "capture/x.jsonl"), False),
    ("s3:GetObject", lake("curated", "flights/month=01/part-0.parquet"), False),
    ("s3:PutObject", lake("raw", "landing/flights/a.csv"), False),
    ("ecr:DescribeImages", "arn:aws:ecr:::Repository/flight-delays-dev", True),
    ("ecr:PutImage", "arn:aws:ecr:::Repository/flight-delays-dev", False),
    ("iam:PassRole", f"{IAM}:role/mlstead/flight-delays/dev/x", False),
    ("sts:AssumeRole", f"{IAM}:role/mlstead/flight-delays/dev/flight-delays-dev-data-engineer", False),
])
def test_it_reads_what_is_measured_and_asks_the_endpoint_and_nothing_else(serving, action, resource, allowed):
    own = [Policy.parse(each.name, each.inputs["policy"]) for each in serving.of("RolePolicy")
           if each.inputs["role"] == ROLE]
    who = Principal(f"{IAM}:role/mlstead/flight-delays/dev/{ROLE}", "ci", {"mlstead:project": "flight-delays"})
    assert evaluate(Request(who, action, resource, Circumstances({})), Policies(own)).allowed is allowed


def test_a_name_that_iam_would_not_take_is_refused(context):
    with pytest.raises(MlsteadError, match="longer than the 64 characters"):
        DeliveryRoleArgs(dataclasses.replace(context, project="p" * 32, environment="e" * 32))
