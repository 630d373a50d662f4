"""What the policy of a domain's key allows, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlstead.context import Context
from mlstead.policy import Statement

MAC_ALGORITHM = "HMAC_SHA_256"

_ITSELF = "in a key policy * is the key that the policy belongs to"
_PROJECT = "aws:PrincipalTag/mlstead:project"
_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*")
_ADMINISTER = (
    "kms:ListKeyPolicies", "kms:ListResourceTags", "kms:ListGrants",
    "kms:PutKeyPolicy", "kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias", "kms:UpdateKeyDescription",
    "kms:EnableKey", "kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:ListKeyRotations", "kms:TagResource",
    "kms:UntagResource", "kms:RevokeGrant", "kms:CancelKeyDeletion",
)
_REMOVE = ("kms:DisableKey", "kms:ScheduleKeyDeletion")
_GRANTEES = ("ecr", "sagemaker")


def administer(context: Context, *, removable: bool) -> list[Statement]:
    """Let the account's IAM policies say who administers; never one that works with a project's data."""
    return [
        _allow(
            "AdministerByAccount", (*_ADMINISTER, *(_REMOVE if removable else ())),
            _account(context), {"Null": {_PROJECT: "true"}},
        ),
        _allow("DescribeByAccount", ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"),
               _account(context), {}),
    ]


def use(context: Context, services: Sequence[str], deployers: Sequence[str] | None) -> Statement:
    """Let projects' principals, or deployers, use the key: through the services, or directly where there are none."""
    exactly: dict[str, Any] = {"kms:CallerAccount": context.account_id}
    if services:
        exactly["kms:ViaService"] = context.via(*services)
    actions = _USE if services else ("kms:Encrypt", "kms:Decrypt")
    if deployers is None:
        return _allow("UseByProjectsThroughServices", actions, _account(context),
                      {"StringEquals": exactly, "StringLike": {_PROJECT: "?*"}})
    by_name = {"ArnLike": {"aws:PrincipalArn": list(deployers)}} if deployers else {}
    return _allow("UseByDeployers", actions, _account(context), {"StringEquals": exactly} | by_name)


def derive_tokens(context: Context) -> Statement:
    """Let projects' principals derive tokens; they call KMS themselves, so there is no service to go through.

    https://docs.aws.amazon.com/kms/latest/developerguide/hmac-authz.html
    """
    return _allow(
        "DeriveTokensByProjects", ("kms:GenerateMac",), _account(context),
        {"StringEquals": {"kms:CallerAccount": context.account_id, "kms:MacAlgorithm": MAC_ALGORITHM},
         "StringLike": {_PROJECT: "?*"}},
    )


def give_grants(context: Context, services: Sequence[str]) -> list[Statement]:
    """Let SageMaker (volumes) and ECR (images) keep using the key after the call that named it.

    They take a grant for a principal of their own, which nobody can name beforehand. Its caller is the role that
    deploys as often as one that is tagged, hence no tag condition. ECR gives the grant back with its repository
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html).
    """
    grantees = [service for service in services if service in _GRANTEES]
    if not grantees:
        return []
    through = {"kms:CallerAccount": context.account_id, "kms:ViaService": context.via(*grantees)}
    return [
        _allow("GrantToServices", ("kms:CreateGrant",), _account(context),
               {"Bool": {"kms:GrantIsForAWSResource": "true"}, "StringEquals": through}),
        _allow("RetireGrantsOfServices", ("kms:RetireGrant",), _account(context), {"StringEquals": through}),
    ]


def deploy_file_system(context: Context) -> list[Statement]:
    """Let whoever may make an encrypted file system do so, in EFS alone; who deploys it has no project's tag.

    https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html
    """
    through = {"kms:CallerAccount": context.account_id, "kms:ViaService": context.via("elasticfilesystem")}
    return [
        _allow("MakeFileSystem", ("kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"), _account(context),
               {"StringEquals": through}),
        _allow("GrantToFileSystem", ("kms:CreateGrant",), _account(context),
               {"Bool": {"kms:GrantIsForAWSResource": "true"}, "StringEquals": through}),
    ]


def deploy_catalog(context: Context) -> list[Statement]:
    """Let whoever may write or read the encrypted catalog do so, in Glue alone; who deploys it has no project's tag.

    https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html
    """
    return [_allow(
        "UseByCatalog", ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"), _account(context),
        {"StringEquals": {
            "kms:CallerAccount": context.account_id, "kms:ViaService": context.via("glue"),
            "kms:EncryptionContext:glue_catalog_id": context.account_id,
        }},
    )]


def encrypt_logs(context: Context, log_groups: Sequence[str]) -> list[Statement]:
    """Let CloudWatch Logs encrypt the log groups whose names begin so.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    groups = [context.arn("logs", f"log-group:{prefix}*") for prefix in log_groups]
    return [_allow(
        "EncryptLogGroups", (*_USE, "kms:DescribeKey"), {"Service": f"logs.{context.region}.{context.dns_suffix}"},
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )]


def scan(context: Context, services: Sequence[str]) -> list[Statement]:
    """Let Macie decrypt what it looks through; its role exists, and can be named, once Macie is enabled.

    https://docs.aws.amazon.com/macie/latest/user/discovery-supported-encryption-types.html
    """
    role = "role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie"
    return [_allow(
        "ScanByMacie", ("kms:Decrypt",), {"AWS": f"arn:{context.partition}:iam::{context.account_id}:{role}"},
        {"StringEquals": {"kms:CallerAccount": context.account_id, "kms:ViaService": context.via(*services)}},
    )]


def publish_alarms(context: Context) -> list[Statement]:
    """Let the account's alarms publish to encrypted topics.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
    """
    return [_allow(
        "PublishAlarms", ("kms:Decrypt", "kms:GenerateDataKey*"), {"Service": "cloudwatch.amazonaws.com"},
        {"StringEquals": {"aws:SourceAccount": context.account_id}},
    )]


def _account(context: Context) -> dict[str, str]:
    return {"AWS": f"arn:{context.partition}:iam::{context.account_id}:root"}


def _allow(
    sid: str, actions: Sequence[str], principals: Mapping[str, str], conditions: Mapping[str, Mapping[str, Any]]
) -> Statement:
    return Statement(sid, actions, ["*"], principals, conditions, reason=_ITSELF)
