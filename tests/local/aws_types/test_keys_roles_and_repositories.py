"""Keys, roles and image repositories, each through its whole life (see conftest.py)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider


def policy(action: str, principal: object = None, resource: str = "*") -> str:
    statement: dict[str, object] = {"Sid": "one", "Effect": "Allow", "Action": action, "Resource": resource}
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(service: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})


def images(count: int) -> str:
    selection = {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": count}
    return json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]})


def _in_force(iam: Any, arn: str) -> tuple[str, int]:
    default = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=default)["PolicyVersion"]
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    return version["Document"]["Statement"][0]["Action"], len(versions)


KEY = {"key": "aws:kms/key:Key"}
EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:kms/key:Key", {"description": "lake", "enableKeyRotation": True, "deletionWindowInDays": 7,
                                "tags": {"owner": "a"}},
            {"description": "raw", "tags": {"owner": "b"},
             "policy": policy("kms:*", {"AWS": "arn:aws:iam::123456789012:root"})},
            lambda boto, out: boto("kms").describe_key(KeyId=out["keyId"])["KeyMetadata"]["Description"],
            "lake", "raw", ("keyUsage", "SIGN_VERIFY")),
    ("aws:kms/key:Key", {"description": "tokens", "keyUsage": "GENERATE_VERIFY_MAC",
                         "customerMasterKeySpec": "HMAC_256", "deletionWindowInDays": 7},
            {"policy": policy("kms:*", {"AWS": "arn:aws:iam::123456789012:root"}), "description": "token key"},
            lambda boto, out: (lambda key: (key["KeySpec"], key["KeyUsage"], key["Description"]))
            (boto("kms").describe_key(KeyId=out["keyId"])["KeyMetadata"]),
            ("HMAC_256", "GENERATE_VERIFY_MAC", "tokens"), ("HMAC_256", "GENERATE_VERIFY_MAC", "token key"),
            ("customerMasterKeySpec", "HMAC_512")),
    ("aws:kms/alias:Alias", {"name": "alias/lake", "targetKeyId": "{key.arn}"}, {"targetKeyId": "{other.keyId}"},
            lambda boto, out: boto("kms").describe_key(KeyId="alias/lake")["KeyMetadata"]["KeyId"] == out["_other"],
            False, True, ("name", "alias/pond"), {**KEY, "other": "aws:kms/key:Key"}),
    ("aws:iam/role:Role",
            {"assumeRolePolicy": trust("sagemaker.amazonaws.com"), "description": "a", "tags": {"owner": "a"},
             "permissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"},
            {"assumeRolePolicy": trust("events.amazonaws.com"), "description": "b", "maxSessionDuration": 7200,
             "tags": {"owner": "b"}, "permissionsBoundary": None},
            lambda boto, out: (lambda role: (role["Description"], role["MaxSessionDuration"],
                                             role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"],
                                             "PermissionsBoundary" in role))
            (boto("iam").get_role(RoleName=out["name"])["Role"]),
            ("a", 3600, "sagemaker.amazonaws.com", True), ("b", 7200, "events.amazonaws.com", False), ("path", "/x/")),
    ("aws:iam/rolePolicy:RolePolicy", {"role": "{role.name}", "policy": policy("s3:GetObject")},
            {"policy": policy("s3:PutObject")},
            lambda boto, out: boto("iam").get_role_policy(RoleName=out["role"], PolicyName=out["name"])
            ["PolicyDocument"]["Statement"][0]["Action"], "s3:GetObject", "s3:PutObject", ("role", "other"),
            {"role": "aws:iam/role:Role"}),
    ("aws:iam/policy:Policy",
            {"policy": policy("s3:GetObject"), "path": "/mlstead/", "tags": {"owner": "a"}},
            {"policy": policy("s3:PutObject"), "tags": {"owner": "b"}},
            lambda boto, out: _in_force(boto("iam"), out["arn"]), ("s3:GetObject", 1), ("s3:PutObject", 2),
            ("description", "bounds")),
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "{role.name}", "policyArn": "{policy.arn}"}, {},
            lambda boto, out: [each["PolicyArn"] for each in boto("iam").list_attached_role_policies(
                RoleName=out["role"])["AttachedPolicies"]] == [out["policyArn"]],
            True, True, ("role", "other"), {"role": "aws:iam/role:Role", "policy": "aws:iam/policy:Policy"}),
    ("aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            {"url": "https://token.acme.example", "clientIdLists": ["sts.amazonaws.com"], "tags": {"owner": "a"}},
            {"thumbprintLists": ["9" * 40], "tags": {"owner": "b"}},
            lambda boto, out: (lambda one: (one["ClientIDList"], one["ThumbprintList"]))
            (boto("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=out["arn"])),
            (["sts.amazonaws.com"], []), (["sts.amazonaws.com"], ["9" * 40]),
            ("url", "https://token.other.example")),
    ("aws:ecr/repository:Repository",
            {"imageTagMutability": "IMMUTABLE", "imageScanningConfiguration": {"scanOnPush": True},
             "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "{key.arn}"}], "tags": {"owner": "a"}},
            {"imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": False}},
            lambda boto, out: (lambda one: (one["imageTagMutability"], one["imageScanningConfiguration"]["scanOnPush"]))
            (boto("ecr").describe_repositories(repositoryNames=[out["name"]])["repositories"][0]),
            ("IMMUTABLE", True), ("MUTABLE", False), ("name", "other"), KEY),
    ("aws:ecr/lifecyclePolicy:LifecyclePolicy", {"repository": "{repository.name}", "policy": images(3)}, {},
            lambda boto, out: json.loads(boto("ecr").get_lifecycle_policy(repositoryName=out["repository"])
                                         ["lifecyclePolicyText"])["rules"][0]["selection"]["countNumber"],
            3, 3, ("policy", images(4)), {"repository": "aws:ecr/repository:Repository"}),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)


def test_a_getter_reads_the_same_again(aws: AwsProvider, stand: Any) -> None:
    role, _, _ = stand.create("aws:iam/role:Role", {"assumeRolePolicy": trust("sagemaker.amazonaws.com")}, "got")
    first = aws.read("aws:iam/role:Role", role, {}, {})
    assert first is not None

    again = aws.read("aws:iam/role:Role", role, {}, first.outputs)

    assert again is not None
    assert (again.outputs, again.inputs) == (first.outputs, {})  # the program wrote no inputs: a refresh finds no drift


def test_a_session_is_told_its_role_with_the_path_that_its_own_arn_lacks(aws: AwsProvider, stand: Any) -> None:
    role = stand.create("aws:iam/role:Role", {"path": "/deploy/", "assumeRolePolicy": trust("ec2.amazonaws.com")})[2]
    session = f"arn:aws:sts::123456789012:assumed-role/{role['name']}/ann"

    answer = aws.invoke("aws:iam/getSessionContext:getSessionContext", {"arn": session})

    assert (answer["issuerArn"], answer["sessionName"]) == (role["arn"], "ann")
    assert ":role/deploy/" in answer["issuerArn"]


def test_a_managed_policy_can_change_more_often_than_iam_keeps_versions(
    aws: AwsProvider, stand: Any, boto: Any,
) -> None:
    token = "aws:iam/policy:Policy"
    identity, inputs, outputs = stand.create(token, {"name": "often", "policy": policy("s3:Get0")})
    for number in range(1, 7):
        news = {**inputs, "policy": policy(f"s3:Get{number}")}
        outputs = aws.update(token, stand.urn(token), identity, inputs, outputs, news, preview=False, timeout=60,
                             ignore_changes=())
        inputs = news

    assert _in_force(boto("iam"), identity) == ("s3:Get6", 5)
