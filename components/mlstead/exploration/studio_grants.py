"""What whoever works in Studio needs besides data: spaces and JupyterLab of their own, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from mlstead.context import Context
from mlstead.policy import Statement

_OWN = "${sagemaker:UserProfileName}"


def use_studio(
    context: Context, domain_id: pulumi.Input[str], instance_types: Sequence[str],
    images: Sequence[pulumi.Input[str]] | None,
) -> list[Statement]:
    """Let a profile open Studio, have private spaces, and run JupyterLab in them.

    As AWS writes it, narrowed to one domain, private spaces, instance types and images:
    https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-jl-admin-guide-permissions.html

    Args:
        context: where it lives.
        domain_id: the domain.
        instance_types: what JupyterLab may run on.
        images: ARNs of the SageMaker images that it may run; none: it does not start at all; None: any.
    """

    def within(kind: str) -> pulumi.Output[str]:
        return pulumi.Output.concat(context.arn("sagemaker", f"{kind}/"), domain_id, "/*")

    profile = pulumi.Output.concat(context.arn("sagemaker", "user-profile/"), domain_id, f"/{_OWN}")
    owned: dict[str, dict[str, Any]] = {
        "ArnLike": {"sagemaker:OwnerUserProfileArn": profile},
        "StringEquals": {"sagemaker:SpaceSharingType": ["Private"]},
    }
    return [
        Statement("OpenStudio", ["sagemaker:CreatePresignedDomainUrl"], [profile]),
        Statement(
            "LookAround",
            ["sagemaker:ListApps", "sagemaker:ListDomains", "sagemaker:ListSpaces", "sagemaker:ListUserProfiles"],
            ["*"], reason="these have no resource level; they list names, not what is in them",
        ),
        Statement(
            "Describe",
            ["sagemaker:DescribeApp", "sagemaker:DescribeDomain", "sagemaker:DescribeSpace",
             "sagemaker:DescribeUserProfile"],
            [pulumi.Output.concat(context.arn("sagemaker", "domain/"), domain_id), within("app"), within("space"),
             within("user-profile")],
        ),
        Statement("KeepSpaces", ["sagemaker:CreateSpace", "sagemaker:UpdateSpace", "sagemaker:DeleteSpace"],
                  [within("space")], conditions=owned),
        Statement("EndApps", ["sagemaker:DeleteApp"], [within("app")], conditions=owned),
        *_start_apps(within("app"), owned, instance_types, images),
        Statement("TagWhatIsMade", ["sagemaker:AddTags"], [within("space"), within("app")],
                  conditions={"Null": {"sagemaker:TaggingAction": "false"}}),
        Statement("Log", ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                  [context.arn("logs", "log-group:/aws/sagemaker/studio:*")]),
    ]


def _start_apps(
    apps: pulumi.Output[str], owned: dict[str, dict[str, Any]], instance_types: Sequence[str],
    images: Sequence[pulumi.Input[str]] | None,
) -> list[Statement]:
    if images is not None and not images:
        return []
    conditions = owned | {
        "ForAllValues:StringEquals": {"sagemaker:InstanceTypes": list(instance_types)},
        "Null": {"sagemaker:InstanceTypes": "false"},  # ForAllValues holds where nothing is asked for
    }
    if images is not None:
        conditions |= {
            "ForAllValues:ArnEquals": {"sagemaker:ImageArns": list(images)},
            "Null": {"sagemaker:InstanceTypes": "false", "sagemaker:ImageArns": "false"},
        }
    return [Statement("StartApps", ["sagemaker:CreateApp"], [apps], conditions=conditions)]
