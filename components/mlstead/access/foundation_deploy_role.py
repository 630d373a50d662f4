"""The role that deploys an environment's foundation, its boundary among the rest: as strong as the environment."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from mlstead.access.ci_role import Deployer
from mlstead.access.deploy_guards import keep_to_itself, own_roles
from mlstead.access.foundation_types import FOUNDATION_TYPES
from mlstead.access.managed import changing, creating, reading, tags_of
from mlstead.access.oidc import OidcProvider
from mlstead.access.repository import Repository
from mlstead.context import Context
from mlstead.policy import Statement
from mlstead.state_backend import StateBackend
from mlstead.weakened import Secure

_PASSED_TO = ("sagemaker.amazonaws.com", "lakeformation.amazonaws.com", "vpc-flow-logs.amazonaws.com")


@dataclass(frozen=True)
class FoundationDeployRoleArgs:
    """Arguments of FoundationDeployRole.

    Args:
        context: the foundation's environment.
        repository: whose branch's jobs take it on, for this environment.
        provider: whose tokens say who they are.
        state: where the foundation's state lies.
        tier_in_sub: whether GitLab's sub is customised to end with the tier of the job's environment. Weakened:
            whatever runs on the branch deploys any environment of the account.
    """

    context: Context
    repository: Repository
    provider: OidcProvider
    state: StateBackend
    tier_in_sub: Secure = True


class FoundationDeployRole(Deployer):
    """What `pulumi up` and `pulumi destroy` of stacks/foundation need: its keys, network, buckets, catalog, domain.

    It makes what bounds the projects, and roles that nothing bounds, in the foundation's own path: who may deploy a
    foundation may do anything in its environment, at one remove. Its repository is to be guarded like the account.

    Controls: FSBP IAM.1, IAM.21; cdk-nag IAM4.
    """

    def __init__(
        self, name: str, args: FoundationDeployRoleArgs, opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        context = args.context
        super().__init__(name, args, opts)
        self.allow("read", reading(FOUNDATION_TYPES, context))
        self.allow("create", [*creating(FOUNDATION_TYPES, context), *_domain(context)])
        self.allow("change", changing(FOUNDATION_TYPES, context))
        self.allow("keys", _use_keys(context))
        self.allow("roles", [*_roles(context), *keep_to_itself(
            context, also=[context.boundary_arn, _service_linked(context)], bounded=False)])
        args.state.grant_write(self)


def _domain(context: Context) -> list[Statement]:
    return [Statement(
        "CreateDomain", ["sagemaker:CreateDomain"], [context.arn("sagemaker", "domain/*")],
        conditions={"StringEquals": tags_of(context, "RequestTag") | {"sagemaker:AppNetworkAccessType": "VpcOnly"},
                    "Null": {"sagemaker:VpcSubnets": "false", "sagemaker:VolumeKmsKey": "false"}},
    ), Statement(
        # The private zone of an endpoint is AWS's own, and has no name before there is one.
        # https://docs.aws.amazon.com/vpc/latest/privatelink/security_iam_id-based-policy-examples.html
        "NameEndpoints", ["route53:AssociateVPCWithHostedZone"], [f"arn:{context.partition}:route53:::hostedzone/*"],
    )]


def _use_keys(context: Context) -> list[Statement]:
    """Let services encrypt with the foundation's keys what is being made: domain, file system, catalog."""
    keys = [context.arn("kms", "key/*")]
    own = tags_of(context, "ResourceTag")
    return [
        Statement("GrantToServices", ["kms:CreateGrant"], keys, conditions={
            "StringEquals": own | {"kms:ViaService": context.via("sagemaker", "elasticfilesystem")},
            "Bool": {"kms:GrantIsForAWSResource": "true"},
        }),
        Statement("EncryptFileSystem", ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"], keys, conditions={
            "StringEquals": own | {"kms:ViaService": context.via("elasticfilesystem")},
        }),
        Statement("EncryptCatalog", ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"], keys, conditions={
            "StringEquals": own | {"kms:ViaService": context.via("glue")},
        }),
    ]


def _roles(context: Context) -> list[Statement]:
    roles = [own_roles(context)]
    return [
        Statement("MakeRoles", ["iam:CreateRole"], roles, conditions={"StringEquals": tags_of(context, "RequestTag")}),
        Statement("ChangeRoles", [
            "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription",
            "iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:TagRole", "iam:UntagRole",
        ], roles),
        Statement("PassRoles", ["iam:PassRole"], roles,
                  conditions={"StringEquals": {"iam:PassedToService": list(_PASSED_TO)}}),
        Statement("Boundary", ["iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicyVersion",
                               "iam:DeletePolicy", "iam:TagPolicy", "iam:UntagPolicy"], [context.boundary_arn]),
        Statement("LinkServices", ["iam:CreateServiceLinkedRole"], [_service_linked(context)], conditions={
            "StringEquals": {"iam:AWSServiceName": ["sagemaker.amazonaws.com", "lakeformation.amazonaws.com"]},
        }),
    ]


def _service_linked(context: Context) -> str:
    return f"arn:{context.partition}:iam::{context.account_id}:role/aws-service-role/*"
