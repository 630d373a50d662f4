"""AWS's refusals, as its services word them: each is read for what it is."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, NoCredentialsError, ParamValidationError
from botocore.stub import Stubber

from mlstead import ProjectSettings
from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.answers import read
from mlstead_toolkit.doctor.finding import NotSignedIn, Unreachable, Unseen, together
from mlstead_toolkit.doctor.quotas import instances
from mlstead_toolkit.project import Project

ROOM = {"ml.m5.large for training job usage": 4.0, "ml.m5.large for processing job usage": 4.0}
CODE = "L-0123456A"


def refusal(code: str, message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@pytest.mark.parametrize(("code", "message", "service", "operation", "needs"), [
    ("AccessDenied", "User: arn:… is not authorized to perform: iam:GetRole on resource: role x", "iam", "GetRole",
     "needs iam:GetRole"),
    ("403", "Forbidden", "s3", "HeadBucket", "needs s3:ListBucket"),
    ("UnauthorizedOperation", "You are not authorized to perform this operation.", "ec2", "DescribeSubnets",
     "needs ec2:DescribeSubnets"),
    ("AccessDeniedException", "no", "service-quotas", "ListServiceQuotas", "needs servicequotas:ListServiceQuotas"),
    ("NotImplemented", "", "macie2", "GetMacieSession", "nobody here answers macie2:GetMacieSession"),
])
def test_what_may_not_be_asked_names_the_action(
        code: str, message: str, service: str, operation: str, needs: str) -> None:
    with pytest.raises(Unseen, match=needs):
        read(refusal(code, message, operation), service, operation)


@pytest.mark.parametrize(("code", "message"), [
    ("NoSuchEntity", "The role with name x cannot be found."), ("404", "Not Found"),
    ("RepositoryNotFoundException", ""), ("InvalidSubnetID.NotFound", ""), ("InvalidGroup.NotFound", ""),
    ("AccessDeniedException", "Macie is not enabled."), ("ValidationException", "Could not find endpoint \"arn:…\"."),
    ("InvalidRequestException", "WorkGroup x is not found."),
])
def test_what_is_not_there_is_an_answer(code: str, message: str) -> None:
    read(refusal(code, message, "GetRole"), "iam", "GetRole")


def test_a_session_that_has_ended_and_a_network_that_is_away_are_told_apart() -> None:
    for error in (refusal("ExpiredToken", "The security token is expired", "GetCallerIdentity"), NoCredentialsError()):
        with pytest.raises(NotSignedIn, match="credentials"):
            read(error, "sts", "GetCallerIdentity")
    with pytest.raises(Unreachable, match="does not answer"):
        read(ConnectTimeoutError(endpoint_url="https://sts"), "sts", "GetCallerIdentity")


@pytest.mark.parametrize("error", [ValueError("ours"), ParamValidationError(report="ours")])
def test_a_defect_of_ours_is_not_taken_for_a_sign_in(error: Exception) -> None:
    with pytest.raises(type(error), match="ours"):
        read(error, "iam", "GetRole")


@pytest.mark.parametrize(("applied", "default", "ok"), [({"endpoint": 4}, {}, True), ({"endpoint": 1}, {}, False),
                                                        ({}, {"endpoint": 0}, False), ({}, {"endpoint": 9}, True)])
def test_a_quota_below_what_the_settings_need_comes_with_the_request_for_more(
        tmp_path: Path, applied: dict[str, float], default: dict[str, float], ok: bool) -> None:
    found = together(instances(account_with(tmp_path, applied, default)))
    assert found.ok is ok
    if not ok:
        assert found.fix == ("aws service-quotas request-service-quota-increase --service-code sagemaker --quota-code "
                             f"{CODE} --desired-value 2 --region eu-west-1")


def account_with(folder: Path, applied: dict[str, float], default: dict[str, float]) -> Account:
    """An account that answers for its quotas; the local cloud has no Service Quotas of SageMaker."""
    settings = ProjectSettings.read(
        {"x:foundation": "organization/mlstead-foundation/dev", "x:image": '{"tag": "1"}'}, "x", "Pulumi.dev.yaml")
    account = Account(Project(folder, "x"), "dev", settings, "eu-west-1", {}, {})
    client = boto3.client("service-quotas", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    stub = Stubber(client)
    for operation, values in (("list_service_quotas", {**ROOM, **named(applied)}),
                              ("list_aws_default_service_quotas", named(default))):
        quotas = [{"QuotaName": name, "Value": value, "QuotaCode": CODE} for name, value in values.items()]
        stub.add_response(operation, {"Quotas": quotas}, {"ServiceCode": "sagemaker", "MaxResults": 100})
    stub.activate()
    account._clients["service-quotas", "eu-west-1"] = client
    return account


def named(values: dict[str, float]) -> dict[str, float]:
    return {f"ml.m5.large for {use} usage": value for use, value in values.items()}
