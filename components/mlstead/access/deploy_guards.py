"""What a deploy role may do only under conditions, and what it never may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlstead.access.delivery_role import delivery_role_arn
from mlstead.access.managed import ENVIRONMENT, PROJECT, tags_of
from mlstead.context import Context
from mlstead.own_names import FOUNDATION
from mlstead.pipelines.instance_types import has_local_disks
from mlstead.policy import Statement

_BOUNDARY = "iam:PermissionsBoundary"
_TYPES = "sagemaker:InstanceTypes"
_UNTAG = (
    "athena:UntagResource", "cloudwatch:UntagResource", "ec2:DeleteTags", "ecr:UntagResource", "events:UntagResource",
    "glue:UntagResource", "iam:UntagRole", "kms:UntagResource", "logs:UntagResource", "macie2:UntagResource",
    "sagemaker:DeleteTags", "sns:UntagResource", "sqs:UntagQueue",
)


def make_roles(context: Context) -> list[Statement]:
    """Let it make roles in the project's path and with the boundary, and hand them to SageMaker and EventBridge.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
    """
    roles = [own_roles(context)]
    bounded = {_BOUNDARY: context.boundary_arn}
    return [
        Statement("MakeRoles", ["iam:CreateRole"], roles,
                  conditions={"StringEquals": bounded | tags_of(context, "RequestTag")}),
        Statement("GrantToRoles", ["iam:PutRolePolicy", "iam:DeleteRolePolicy"], roles,
                  conditions={"StringEquals": bounded}),
        # Every role of the path was made with the boundary, which these cannot take off.
        Statement("ChangeRoles", ["iam:UpdateRole", "iam:UpdateRoleDescription", "iam:UpdateAssumeRolePolicy",
                                  "iam:DeleteRole", "iam:TagRole", "iam:UntagRole"], roles),
        Statement("PassRoles", ["iam:PassRole"], roles, conditions={"StringEquals": {
            "iam:PassedToService": ["sagemaker.amazonaws.com", "events.amazonaws.com"],
        }}),
    ]


def create_endpoint_parts(context: Context, instance_types: Sequence[str]) -> list[Statement]:
    """Let it make models in a network and cut off from it, and configurations of endpoints whose disks are encrypted.

    Instances with disks of their own encrypt them by hardware and take no key.
    https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html
    """
    own = {"StringEquals": tags_of(context, "RequestTag")}
    configurations = [context.arn("sagemaker", f"endpoint-config/{context.project}-*")]
    with_disks = [each for each in instance_types if has_local_disks(each)]
    found = [
        Statement("CreateModel", ["sagemaker:CreateModel"], [context.arn("sagemaker", f"model/{context.project}-*")],
                  conditions=own | {
                      "Bool": {"sagemaker:NetworkIsolation": "true"},
                      "Null": {"sagemaker:VpcSubnets": "false", "sagemaker:VpcSecurityGroupIds": "false"},
                  }),
        Statement("CreateEndpointConfig", ["sagemaker:CreateEndpointConfig"], configurations,
                  conditions=own | {"ArnLike": {"sagemaker:VolumeKmsKey": context.arn("kms", "key/*")}}),
        Statement("OtherInstances",
                  ["sagemaker:CreateEndpointConfig", "sagemaker:CreateUserProfile", "sagemaker:UpdateUserProfile"],
                  ["*"], conditions={"ForAnyValue:StringNotLike": {_TYPES: [*instance_types, "system"]}},
                  effect="Deny"),
    ]
    if with_disks:
        found.append(Statement(
            "CreateEndpointConfigWithDisks", ["sagemaker:CreateEndpointConfig"], configurations,
            conditions=own | {"ForAllValues:StringLike": {_TYPES: with_disks}, "Null": {_TYPES: "false"}},
        ))
    return found


def push_images(context: Context) -> list[Statement]:
    """Let it push into the project's repository, where no tag moves, and sign there.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
    """
    return [
        Statement("PushImages", [
            "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload",
            "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
        ], [context.arn("ecr", f"repository/{context.name}")],
            conditions={"StringEquals": tags_of(context, "ResourceTag")}),
        Statement("LogIn", ["ecr:GetAuthorizationToken"], ["*"],
                  reason="GetAuthorizationToken has no resource level"),
    ]


def become_delivery(context: Context) -> list[Statement]:
    """Let it become the one role under which CI asks the endpoint and reads evaluations."""
    return [Statement("BecomeDelivery", ["sts:AssumeRole"], [delivery_role_arn(context)])]


def keys_of_services(context: Context) -> list[Statement]:
    """Let SageMaker, ECR and the catalog use the foundation's keys for what it makes; it uses none itself.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    """
    artifacts = _named(context, "artifacts")
    through = {"StringEquals": {"kms:ViaService": context.via("ecr", "sagemaker")}}
    keys = [context.arn("kms", "key/*")]
    return [
        Statement("DescribeKeys", ["kms:DescribeKey", "kms:RetireGrant"], keys, conditions=artifacts | through),
        Statement("GrantToServices", ["kms:CreateGrant"], keys,
                  conditions=artifacts | through | {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
        use_catalog_key(context, ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]),
    ]


def use_catalog_key(context: Context, actions: Sequence[str]) -> Statement:
    """Let the catalog, which is encrypted, answer: whoever reads a table's definition decrypts it."""
    through = {"StringEquals": {"kms:ViaService": context.via("glue")}}
    return Statement("UseCatalogKey", actions, [context.arn("kms", "key/*")],
                     conditions=_named(context, "operations") | through)


def _named(context: Context, domain: str) -> dict[str, Any]:
    alias = f"alias/{FOUNDATION}-{context.environment}/{domain}"
    return {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}


def keep_to_itself(
    context: Context, *, also: Sequence[str] = (), becomes: Sequence[str] = (), bounded: bool = True,
) -> list[Statement]:
    """Deny it every role but its own, what bounds them, and the tags that say whose something is.

    Nothing else allows it. Denied, no policy that is added later can.

    Args:
        context: whose roles they are.
        also: what else of IAM it may touch.
        becomes: which roles it may become; by default none.
        bounded: whether its roles have a boundary.
    """
    whose = ((PROJECT, context.project, "TagsOfOthers"), (ENVIRONMENT, context.environment, "TagsOfElsewhere"))
    unbind = ["iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary", "iam:AttachRolePolicy"]
    return [
        Statement("OtherRoles", ["iam:*"], not_resources=[own_roles(context), *also], effect="Deny"),
        # A trust policy that names it would let it in without any policy of its own, and it writes those of its roles.
        Statement("BecomeARole", ["sts:AssumeRole"], [] if becomes else ["*"], effect="Deny", not_resources=becomes),
        *([Statement("Unbind", unbind, ["*"], effect="Deny")] if bounded else []),
        *(_other(sid, tag, owner) for tag, owner, sid in whose),
        # To IAM Mlstead:Project is the same tag of a role.
        Statement("Untag", _UNTAG, ["*"], effect="Deny",
                  conditions={"ForAnyValue:StringEqualsIgnoreCase": {"aws:TagKeys": [PROJECT, ENVIRONMENT]}}),
    ]


def own_roles(context: Context) -> str:
    """Name every role of the stack: those of its path."""
    return f"arn:{context.partition}:iam::{context.account_id}:role{context.role_path}*"


def _other(sid: str, tag: str, owner: str) -> Statement:
    asked = f"aws:RequestTag/{tag}"
    conditions: dict[str, Any] = {"Null": {asked: "false"}, "StringNotEquals": {asked: owner}}
    return Statement(sid, ["*"], ["*"], conditions=conditions, effect="Deny")
