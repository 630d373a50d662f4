"""Asking who may do what: the commands answer by what is deployed, and what a role signs is its own doing."""

from __future__ import annotations

import json

import pytest
from account import ACCOUNT, client_as
from botocore.exceptions import ClientError

pytestmark = pytest.mark.timeout(400)
PASSING = "--context", "iam:PassedToService=sagemaker.amazonaws.com"


def test_every_role_is_listed_with_who_may_assume_it_and_what_bounds_it(deployed):
    roles = {role["use"]: role for role in deployed.succeed("access", "roles", "local", "--json").json}
    assert {"ingestion", "gate", "data-pipeline", "processing", "training", "pipeline", "endpoint", "scheduling",
            "exploration", "data-engineer", "data-scientist", "ml-engineer", "auditor", "plan", "deploy",
            "delivery"} <= set(roles)
    assert roles["training"]["trusts"] == ["sagemaker.amazonaws.com"]
    assert {use for use, role in roles.items() if not role["boundary"]} == {"plan", "deploy"}
    shown = deployed.succeed("access", "roles", "local").out
    assert "assumed by  events.amazonaws.com" in shown and "bounded by  policy/mlstead/local-boundary" in shown


def test_an_answer_names_the_statements_that_decide_and_ends_with_0_or_1(deployed):
    yes = deployed.succeed("access", "can", "local", "training", "s3:GetObject", "features/flights/x", "--json").json
    assert yes["allowed"] and [one["action"] for one in yes["decisions"]] == ["s3:GetObject", "kms:Decrypt"]
    assert yes["decisions"][0]["sid"] == "Read"
    no = deployed.run("access", "can", "local", "training", "s3:GetObject", "raw/flights/x")
    assert no.code == 1 and "denied" in no.out and "no identity-based policy allows the s3:GetObject action" in no.out
    assert deployed.run("access", "can", "local", "pipeline", "iam:PassRole", "training").code == 1
    assert deployed.run("access", "can", "local", "pipeline", "iam:PassRole", "training", *PASSING).code == 0


def test_where_a_call_comes_from_is_part_of_the_question(deployed):
    words = "access", "can", "local", "training", "s3:GetObject", "features/flights/x"
    elsewhere = deployed.run(*words, "--context", "aws:ResourceAccount=999988887777")
    assert elsewhere.code == 1 and "VPC endpoint policy" in elsewhere.out
    assert deployed.run(*words, "--context", "aws:SecureTransport=false").code == 1


def test_a_mistyped_question_says_what_there_is(deployed):
    assert "did you mean 'training'" in deployed.refuse("access", "can", "local", "trainin", "s3:GetObject").err
    assert "write it as s3:GetObject" in deployed.refuse("access", "can", "local", "training", "GetObject").err
    resource = deployed.refuse("access", "can", "local", "training", "s3:GetObject", "featurs/x")
    assert "did you mean 'features'" in resource.err
    half = deployed.refuse("access", "can", "local", "training", "s3:GetObject", "raw/x", "--context", "aws:SourceVpc")
    assert "aws:SourceVpc=vpc-1" in half.err
    arn = "arn:aws:iam::123456789012:role/nobody"
    assert arn in deployed.refuse("access", "can", "local", arn, "s3:GetObject", "raw/x").err
    assert arn in deployed.acting(arn).refuse("status", "local").err
    for words in (("arn:foo", "s3:GetObject", "raw/x"), ("training", "s3:GetObject", "arn:foo")):
        assert "no whole ARN" in deployed.refuse("access", "can", "local", *words).err


def test_commands_sign_as_the_role_that_is_named(deployed):
    assert deployed.acting("data-engineer").succeed("data", "status", "local").code == 0
    denied = deployed.acting("auditor").run("data", "ingest", "local", "--batches", "1")
    assert denied.code == 1 and "is not authorized to perform" in denied.err
    lines = [json.loads(line) for line in (deployed.home / "cloud/calls.jsonl").read_text().splitlines()]
    assert any(line["principal"].endswith("/flight-delays-local-data-engineer") for line in lines)
    assert any(line["principal"].endswith("/flight-delays-local-auditor") and "refused" in line for line in lines)


def test_a_shell_signs_as_a_role_too(deployed):
    import boto3

    shell = deployed.succeed("env", "local", "--as", "data-engineer", "--json").json
    assert shell["MLSTEAD_AS"] == "data-engineer"
    sts = boto3.client("sts", endpoint_url=shell["AWS_ENDPOINT_URL"], region_name=shell["AWS_REGION"],
                       aws_access_key_id=shell["AWS_ACCESS_KEY_ID"], aws_session_token=shell["AWS_SESSION_TOKEN"],
                       aws_secret_access_key=shell["AWS_SECRET_ACCESS_KEY"])
    assert ":assumed-role/flight-delays-local-data-engineer/" in sts.get_caller_identity()["Arn"]
    assert "AWS_SESSION_TOKEN" not in deployed.succeed("env", "local", "--json").json


def test_a_role_that_is_not_there_is_refused_before_anything_runs(deployed):
    for words in (("status", "local"), ("up", "local"), ("env", "local")):
        told = deployed.acting("data-enginer").refuse(*words).err
        assert "did you mean 'data-engineer'" in told and "auditor" in told


def test_in_a_real_account_it_is_the_sign_in_that_says_who_somebody_is(deployed):
    for words in (("up", "dev"), ("status", "prod"), ("access", "roles", "dev")):
        assert "AWS_PROFILE" in deployed.acting("deploy").refuse(*words).err


def test_what_was_used_is_counted_by_statement(deployed):
    deployed.acting("data-engineer").succeed("data", "status", "local")
    found = deployed.succeed("access", "used", "local", "--json").json
    assert any(one["use"] == "data-engineer" and one["times"] for one in found)
    assert any(one["use"] == "training" and not one["times"] for one in found)
    never = deployed.succeed("access", "used", "local", "--never").out
    assert "never" in never and "actions granted were used" in never


@pytest.mark.parametrize("words", [("data", "ingest", "local"), ("train", "local")])
def test_the_role_of_smoke_tests_and_promotions_delivers_no_data_and_starts_no_pipeline(deployed, words):
    assert "flight-delays-local-delivery" in deployed.acting("delivery").refuse(*words).err


def test_it_approves_no_model(deployed):
    arn = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package/flight-delays-local/1"
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:UpdateModelPackage"):
        client_as(deployed, "delivery")("sagemaker").update_model_package(
            ModelPackageArn=arn, ModelApprovalStatus="Approved")
