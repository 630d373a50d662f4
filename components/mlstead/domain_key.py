"""The key of one data domain: losing or revoking it stays within the domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import kms

from mlstead.component import Component
from mlstead.context import Context
from mlstead.policy import Statement, document
from mlstead.refusal import Refusal
from mlstead.weakened import Secure

_ITSELF = "in a key policy * is the key that the policy belongs to"
_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*")


@dataclass(frozen=True)
class DomainKeyArgs:
    """Arguments of DomainKey.

    Args:
        context: where it lives and whose it is.
        domain: what the key protects, a word: raw, artifacts, operations.
        services: through which AWS services it may be used, as kms:ViaService names them: s3, sagemaker, ecr.
        log_groups: prefix of the names of the CloudWatch log groups it encrypts; empty: none.
        alarms: whether CloudWatch alarms of this account publish to topics that it encrypts.
        deletion_window_days: days between asking for the key's deletion and losing it, 7 to 30.
        protect: whether Pulumi refuses to delete it; off only with a reason.
    """

    context: Context
    domain: str
    services: Sequence[str] = ("s3",)
    log_groups: str = ""
    alarms: bool = False
    deletion_window_days: int = 30
    protect: Secure = True

    def __post_init__(self) -> None:
        if not 7 <= self.deletion_window_days <= 30:
            raise Refusal(
                f"A key cannot be deleted after {self.deletion_window_days} days.",
                where="DomainKeyArgs.deletion_window_days",
                fix="choose 7 to 30",
            )


class DomainKey(Component):
    """A customer-managed KMS key with yearly rotation, an alias, and a policy that parts administration from use.

    Administration is the account's: its IAM policies say who, and its root user can always put the policy right, so the
    key cannot lock anyone out (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html). The
    account is never given kms:*: use needs an allowed service in between and a principal tagged with its project
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service).

    Controls: FSBP KMS.4 and KMS.5; CIS AWS 4.6.
    """

    arn: pulumi.Output[str]
    alias: pulumi.Output[str]

    def __init__(self, name: str, args: DomainKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        key = kms.Key(
            name,
            description=f"{args.context.name}: {args.domain}",
            enable_key_rotation=True,
            deletion_window_in_days=args.deletion_window_days,
            policy=document(*_statements(args)),
            tags=self.tags | {"mlstead:domain": args.domain},
            opts=self._child(protect=bool(args.protect)),
        )
        alias = kms.Alias(
            name, name=f"alias/{args.context.name}/{args.domain}", target_key_id=key.key_id, opts=self._child()
        )
        self.arn, self.alias = key.arn, alias.name
        self.register_outputs({"arn": self.arn, "alias": self.alias})


def _statements(args: DomainKeyArgs) -> list[Statement]:
    context = args.context
    account = {"AWS": f"arn:{context.partition}:iam::{context.account_id}:root"}
    statements = [
        Statement(
            "AdministerByAccount",
            ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListKeyPolicies",
             "kms:ListResourceTags", "kms:ListGrants", "kms:PutKeyPolicy", "kms:CreateAlias", "kms:UpdateAlias",
             "kms:DeleteAlias", "kms:UpdateKeyDescription", "kms:EnableKey", "kms:DisableKey", "kms:EnableKeyRotation",
             "kms:DisableKeyRotation", "kms:ListKeyRotations", "kms:TagResource", "kms:UntagResource",
             "kms:RevokeGrant", "kms:RetireGrant", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"),
            ["*"], account, reason=_ITSELF,
        ),
        Statement(
            "UseByProjectsThroughServices", _USE, ["*"], account,
            {
                "StringEquals": {
                    "kms:CallerAccount": context.account_id, "kms:ViaService": context.via(*args.services),
                },
                "StringLike": {"aws:PrincipalTag/mlstead:project": "?*"},
            },
            reason=_ITSELF,
        ),
        # SageMaker (volumes) and ECR (images) keep using the key after the call that named it, so they take a grant.
        # Its caller is the role that deploys as often as one that is tagged, hence no tag condition.
        Statement(
            "GrantToServices", ("kms:CreateGrant",), ["*"], account,
            {
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:CallerAccount": context.account_id},
            },
            reason=_ITSELF,
        ),
    ]
    if args.log_groups:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        statements.append(Statement(
            "EncryptLogGroups", (*_USE, "kms:DescribeKey"), ["*"],
            {"Service": f"logs.{context.region}.{context.dns_suffix}"},
            {"ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": context.arn("logs", f"log-group:{args.log_groups}*")}},
            reason=_ITSELF,
        ))
    if args.alarms:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
        statements.append(Statement(
            "PublishAlarms", ("kms:Decrypt", "kms:GenerateDataKey*"), ["*"],
            {"Service": "cloudwatch.amazonaws.com"},
            {"StringEquals": {"aws:SourceAccount": context.account_id}},
            reason=_ITSELF,
        ))
    return statements
