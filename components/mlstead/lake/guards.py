"""What the policies of the lake's zones deny: the data of other projects, and requests from other networks."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from mlstead.context import Context
from mlstead.policy import Conditions, Statement

_PROJECT = "aws:PrincipalTag/mlstead:project"
_OWN = f"${{{_PROJECT}}}"
_EVERYONE = {"AWS": "*"}
_OBJECTS = ("s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*", "s3:AbortMultipartUpload")
_LISTS = ("s3:ListBucket", "s3:ListBucketVersions")


def own_prefix_only(context: Context, bucket_arn: pulumi.Output[str]) -> Sequence[Statement]:
    """Hold whoever is tagged with a project to that project's prefix and the shared one.

    The foundation's own roles carry the foundation's name; they act for every project, such as Lake Formation's role.
    """
    project = {"Null": {_PROJECT: "false"}, "StringNotEquals": {_PROJECT: context.project}}
    return [
        Statement(
            "DenyPrefixesOfOthers", _OBJECTS, principals=_EVERYONE, conditions=project, effect="Deny",
            not_resources=[pulumi.Output.concat(bucket_arn, "/", prefix, "/*") for prefix in (_OWN, "shared")],
        ),
        Statement(
            "DenyListsOfOthers", _LISTS, [bucket_arn], _EVERYONE,
            project | {"StringNotLike": {"s3:prefix": [_OWN, f"{_OWN}/*", "shared", "shared/*"]}}, effect="Deny",
        ),
    ]


def from_network_only(
    context: Context, vpc_id: pulumi.Input[str], bucket_arn: pulumi.Output[str]
) -> Sequence[Statement]:
    """Deny data to whoever does not ask from within the network, through its endpoint for S3.

    Services that act for a caller, as Athena does, or for themselves are let through, and so are the foundation's own
    roles: Lake Formation hands the session of one to Athena, which reads from its own network
    (https://docs.aws.amazon.com/whitepapers/latest/building-a-data-perimeter-on-aws/perimeter-implementation.html).
    Lists are denied to projects alone: the provider looks for a bucket by HeadBucket, which takes s3:ListBucket, and
    whoever deploys does so from elsewhere (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
    """
    elsewhere: Conditions = {
        "StringNotEquals": {"aws:SourceVpc": vpc_id, _PROJECT: context.project},
        "BoolIfExists": {"aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false"},
    }
    return [
        Statement("DenyOtherNetworks", _OBJECTS, [pulumi.Output.concat(bucket_arn, "/*")], _EVERYONE, elsewhere,
                  effect="Deny"),
        Statement("DenyListsToOtherNetworks", _LISTS, [bucket_arn], _EVERYONE,
                  {**elsewhere, "Null": {_PROJECT: "false"}}, effect="Deny"),
    ]
