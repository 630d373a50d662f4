"""Codes of an HMAC key: who derives them, and when nobody does. Contracts with moto 5.2.5."""

from __future__ import annotations

import inspect
import json
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.kms.models import KmsBackend

from mlstead_toolkit.cloud.control import CloudStatus

ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
ASKED = {"MacAlgorithm": "HMAC_SHA_256", "Message": b"mlstead tokens of flights"}
Boto = Callable[[str], Any]


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def key(boto: Boto) -> str:
    """A key that leaves its codes to roles that are tagged with a project."""
    policy = document(
        {"Effect": "Allow", "Principal": ROOT, "Action": "kms:Describe*", "Resource": "*"},
        {"Effect": "Allow", "Principal": ROOT, "Action": "kms:GenerateMac", "Resource": "*", "Condition": {
            "StringEquals": {"kms:MacAlgorithm": "HMAC_SHA_256", "kms:CallerAccount": "123456789012"},
            "StringLike": {"aws:PrincipalTag/mlstead:project": "?*"}}})
    return str(boto("kms").create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256", Policy=policy
                                      )["KeyMetadata"]["Arn"])


@pytest.fixture
def role(boto: Boto, cloud: CloudStatus) -> Callable[..., Any]:
    """Give KMS as a role sees it."""
    def made(*statements: dict[str, Any], **tags: str) -> Any:
        iam, name = boto("iam"), f"r-{uuid.uuid4()}"
        trust = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ROOT})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=[
            {"Key": f"mlstead:{tag}", "Value": value} for tag, value in tags.items()])["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        found = boto("sts").assume_role(RoleArn=arn, RoleSessionName="gate")["Credentials"]
        return boto3.client("kms", endpoint_url=cloud.endpoint, region_name="eu-west-1",
                            aws_access_key_id=found["AccessKeyId"], aws_secret_access_key=found["SecretAccessKey"],
                            aws_session_token=found["SessionToken"])

    return made


def allow(key: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "kms:GenerateMac", "Resource": key}


def test_a_role_that_key_and_policy_allow_derives_the_same_code_each_time(key: str, role: Any) -> None:
    kms = role(allow(key), project="flights")

    first, second = (kms.generate_mac(KeyId=key, **ASKED) for _ in range(2))
    assert first["Mac"] == second["Mac"]
    assert len(first["Mac"]) == 32
    assert first["KeyId"] == key


def test_another_key_or_message_gives_another_code(key: str, boto: Boto) -> None:
    kms = boto("kms")
    other = kms.create_key(KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")["KeyMetadata"]["Arn"]

    codes = {kms.generate_mac(KeyId=key, **ASKED)["Mac"], kms.generate_mac(KeyId=other, **ASKED)["Mac"],
             kms.generate_mac(KeyId=key, MacAlgorithm="HMAC_SHA_256", Message=b"other")["Mac"]}
    assert len(codes) == 3


def test_a_role_derives_nothing_without_its_own_policy_a_project_or_the_algorithm(key: str, role: Any) -> None:
    without_policy = role({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, project="flights")
    without_project = role(allow(key))
    other_algorithm = role(allow(key), project="flights")

    for kms, asked in ((without_policy, ASKED), (without_project, ASKED),
                       (other_algorithm, {**ASKED, "MacAlgorithm": "HMAC_SHA_512"})):
        with pytest.raises(ClientError, match=r"AccessDeniedException.*not authorized to perform: kms:GenerateMac"):
            kms.generate_mac(KeyId=key, **asked)


def test_a_key_that_is_disabled_or_about_to_go_gives_no_code(key: str, boto: Boto, role: Any) -> None:
    admin, kms, identifier = boto("kms"), role(allow(key), project="flights"), key.rpartition("/")[2]
    admin.disable_key(KeyId=identifier)
    with pytest.raises(ClientError, match=r"DisabledException.*is disabled"):
        kms.generate_mac(KeyId=key, **ASKED)
    admin.enable_key(KeyId=identifier)
    assert kms.generate_mac(KeyId=key, **ASKED)["Mac"]
    admin.schedule_key_deletion(KeyId=identifier, PendingWindowInDays=7)
    with pytest.raises(ClientError, match="KMSInvalidStateException"):
        kms.generate_mac(KeyId=key, **ASKED)


def test_moto_still_makes_codes_with_any_key() -> None:
    """Contract: when this fails, moto looks at the key's state, and message_code.py can go."""
    assert "enabled" not in inspect.getsource(inspect.unwrap(KmsBackend.generate_mac))
