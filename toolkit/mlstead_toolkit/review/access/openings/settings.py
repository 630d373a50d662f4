"""Settings that open a resource, one row a setting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from mlstead_toolkit.review.access.openings.opening import Opening
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.sources.reading import blocks

ANYBODY: Final = "anybody"
ITSELF: Final = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting.

    Args:
        path: the property.
        opens: whether a value opens; None is what stands where nothing does.
        what: words after `may now`; `{value}` stands for the value, short.
        who: `anybody`, or the resource itself; `{value}` likewise.
        only_known: whether a new resource that is so is no news: that is how most are.
    """

    path: str
    opens: Callable[[Any], bool]
    what: str
    who: str = ANYBODY
    only_known: bool = False


def _is(*values: Any) -> Callable[[Any], bool]:
    return lambda value: value in values


def _off(value: Any) -> bool:
    return value in (None, False, "false")


def _on(value: Any) -> bool:
    return value in (True, "true")


def _given(value: Any) -> bool:
    return value not in (None, "", [], {})


def _outside_aws(value: Any) -> bool:
    return isinstance(value, str) and ("@" in value or value.startswith(("http://", "https://")))


def _to_the_internet(routes: Any) -> bool:
    return any(_EVERYWHERE & {str(inner) for inner in route.values()} for route in blocks(routes))


def _short(value: Any) -> str:
    """Write a value short: of addresses and URLs, which may hold a secret, the host alone."""
    if isinstance(value, list):
        return ", ".join(sorted({_short(one) for one in value}))
    if isinstance(value, Mapping):
        inner = value.get("destination")
        return _short((blocks(inner) or [{}])[0].get("bucket") if inner else "")
    text = str(value)
    if _outside_aws(text):
        return urlsplit(text).hostname or "⟨unknown⟩" if "://" in text else text.rpartition("@")[2]
    return text.rpartition("/")[2].rpartition(":")[2]


_EVERYWHERE: Final = frozenset({"0.0.0.0/0", "::/0"})
_OUTSIDE: Final = Row("vpcConfig", _is(None, {}, []), "work outside the VPC, with the internet in reach", ITSELF)
_JOB_OUTSIDE: Final = Row("networkConfig.vpcConfig", _is(None, {}, []), _OUTSIDE.what, ITSELF)
_PUBLIC: Final = Row("publiclyAccessible", _on, "reach {resource} from the internet")
_READ: Final = "read what is in {resource}"
_WRITE: Final = "read and overwrite what is in {resource}"
_ACL: Final = (
    Row("acl", _is("public-read"), _READ), Row("acl", _is("public-read-write"), _WRITE),
    Row("acl", _is("authenticated-read"), _READ, "anybody with an AWS account"),
)
_ROUTED: Final = Row("routes", _to_the_internet, "reach the internet by {resource}", "whatever is routed")
_SHARED: Final = (
    Row("sharedAccounts", lambda value: "all" in (value or ()), "copy what is in {resource}"),
    Row("sharedAccounts", lambda value: _given(value) and "all" not in value, "copy what is in {resource}",
        "account {value}"),
)
_JOB: Final = "JobDefinition"

_ROWS: Final[dict[str, tuple[Row, ...]]] = {
    "aws:sagemaker/notebookInstance:NotebookInstance": (
        Row("directInternetAccess", _is(None, "Enabled"), "reach the internet directly, past the VPC", ITSELF),
        Row("rootAccess", _is(None, "Enabled"), "be used as root", ITSELF, only_known=True),
    ),
    "aws:sagemaker/domain:Domain": (
        Row("appNetworkAccessType", _is(None, "PublicInternetOnly"), "reach the internet past the VPC", ITSELF),
    ),
    "aws:sagemaker/model:Model": (
        _OUTSIDE,
        Row("enableNetworkIsolation", _off, "open connections of its own: it is no longer isolated", ITSELF,
            only_known=True),
    ),
    **{f"aws:sagemaker/{kind}{_JOB}:{kind[0].upper()}{kind[1:]}{_JOB}": (_JOB_OUTSIDE,)
       for kind in ("dataQuality", "modelQuality", "modelBias", "modelExplainability")},
    "aws:lambda/functionUrl:FunctionUrl": (
        Row("authorizationType", _is(None, "NONE"), "call {resource} without signing in"),
    ),
    "aws:apigateway/method:Method": (
        Row("authorization", _is(None, "NONE"), "call {resource} without signing in"),
    ),
    "aws:apigatewayv2/route:Route": (
        Row("authorizationType", _is(None, "NONE"), "call {resource} without signing in"),
    ),
    "aws:ec2/subnet:Subnet": (
        Row("mapPublicIpOnLaunch", _on, "be given a public address in {resource}", "whatever starts"),
    ),
    "aws:ec2/instance:Instance": (Row("associatePublicIpAddress", _on, "have a public address", ITSELF),),
    "aws:rds/instance:Instance": (_PUBLIC,),
    "aws:rds/clusterInstance:ClusterInstance": (_PUBLIC,),
    "aws:redshift/cluster:Cluster": (_PUBLIC,),
    "aws:redshiftserverless/workgroup:Workgroup": (_PUBLIC,),
    "aws:dms/replicationInstance:ReplicationInstance": (_PUBLIC,),
    "aws:mq/broker:Broker": (_PUBLIC,),
    "aws:lb/loadBalancer:LoadBalancer": (Row("internal", _off, "reach {resource} from the internet"),),
    "aws:eks/cluster:Cluster": (
        Row("vpcConfig.endpointPublicAccess", _is(None, True), "reach {resource} from the internet"),
    ),
    "aws:opensearch/domain:Domain": (Row("vpcOptions", _is(None, {}), "reach {resource} from the internet"),),
    "aws:ecrpublic/repository:Repository": (Row("repositoryName", lambda _: True, "pull images of {resource}"),),
    "aws:s3/bucketObject:BucketObject": _ACL,
    "aws:s3/bucketObjectv2:BucketObjectv2": _ACL,
    "aws:s3/accessPoint:AccessPoint": (
        Row("vpcConfiguration", _is(None, {}), "come to {resource} from the internet, where its policy lets them",
            "whoever"),
    ),
    "aws:ram/principalAssociation:PrincipalAssociation": (
        Row("principal", _given, "use what is shared by {resource}", "another account"),
    ),
    "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission": (
        Row("accountId", _given, "copy the disk that {resource} names", "another account"),
    ),
    "aws:ec2/amiLaunchPermission:AmiLaunchPermission": (
        Row("imageId", _given, "start the image that {resource} names", "another account"),
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (
        Row("url", _given, "assume the roles that trust {resource}", "whoever has a token of it"),
    ),
    "aws:iam/samlProvider:SamlProvider": (
        Row("samlMetadataDocument", _given, "assume the roles that trust {resource}", "whoever it signs in"),
    ),
    "aws:iam/accessKey:AccessKey": (Row("user", _given, "act as the user of {resource}", "whoever has the key"),),
    "aws:sns/topicSubscription:TopicSubscription": (
        Row("endpoint", _outside_aws, "be sent what {resource} passes on", "whoever is at {value}"),
    ),
    "aws:cloudwatch/eventApiDestination:EventApiDestination": (
        Row("invocationEndpoint", _outside_aws, "be sent what {resource} passes on", "whoever is at {value}"),
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": (
        Row("rules", _given, "be sent copies of what is written, by {resource}", "whoever owns the bucket {value}"),
    ),
    "aws:ec2/internetGateway:InternetGateway": (
        Row("vpcId", _given, "reach the internet and be reached by {resource}", "whatever has a public address"),
    ),
    "aws:ec2/route:Route": tuple(
        Row(path, _is("0.0.0.0/0", "::/0"), "reach the internet by {resource}", "whatever is routed")
        for path in ("destinationCidrBlock", "destinationIpv6CidrBlock")),
    "aws:ec2/routeTable:RouteTable": (_ROUTED,),
    "aws:rds/snapshot:Snapshot": _SHARED,
    "aws:rds/clusterSnapshot:ClusterSnapshot": _SHARED,
    "aws:ssm/document:Document": (
        Row("permissions.accountIds", _is("All", "all"), "read and run {resource}"),
        Row("permissions.account_ids", _is("All", "all"), "read and run {resource}"),
    ),
    "aws:lambda/layerVersionPermission:LayerVersionPermission": (
        Row("principal", _is("*"), "use the layer of {resource}"),
        Row("principal", lambda value: _given(value) and value != "*", "use the layer of {resource}",
            "account {value}"),
    ),
    "aws:cognito/identityPool:IdentityPool": (
        Row("allowUnauthenticatedIdentities", _on, "be given credentials by {resource} without signing in"),
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (
        Row("policyArn", _given, "do what {value} allows, by {resource}", "whoever is named"),
    ),
    "aws:glue/connection:Connection": (
        Row("physicalConnectionRequirements", _is(None, {}), _OUTSIDE.what, ITSELF, only_known=True),
    ),
}


def opened_by_settings(side: Side, known: Callable[[str], bool]) -> Iterator[Opening]:
    """Give what settings open.

    Args:
        side: what there is.
        known: whether both sides have the resource of a URN.
    """
    for resource in side.of(*_ROWS):
        for row in _ROWS[resource.type]:
            value = resource.value(row.path)
            if row.opens(value) and (known(resource.urn) or not row.only_known):
                setting = "not set" if value is None or value in ({}, []) else str(value)
                shown = _short(value) if "{value}" in row.who + row.what else setting
                who = row.who.replace("{value}", shown) or resource.urn
                what = row.what.replace("{value}", shown.replace("{", "{{").replace("}", "}}"))
                yield Opening(resource.urn, who, what, resource.urn, f"{row.path}: {shown}")
