"""Settings that open a resource, one row a setting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from mlstead_toolkit.review.access.openings.opening import Opening
from mlstead_toolkit.review.access.side import Side

ANYBODY: Final = "anybody"
ITSELF: Final = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting.

    Args:
        path: the property.
        opens: whether a value opens; None is what stands where nothing does.
        what: words after `may now`.
        who: `anybody`, or the resource itself.
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


_OUTSIDE: Final = Row("vpcConfig", _is(None, {}, []), "work outside the VPC, with the internet in reach", ITSELF)
_JOB_OUTSIDE: Final = Row("networkConfig.vpcConfig", _is(None, {}, []), _OUTSIDE.what, ITSELF)
_PUBLIC: Final = Row("publiclyAccessible", _on, "reach {resource} from the internet")
_READ: Final = "read what is in {resource}"
_WRITE: Final = "read and overwrite what is in {resource}"
_ACL: Final = (
    Row("acl", _is("public-read"), _READ), Row("acl", _is("public-read-write"), _WRITE),
    Row("acl", _is("authenticated-read"), _READ, "anybody with an AWS account"),
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
                yield Opening(resource.urn, row.who or resource.urn, row.what, resource.urn, f"{row.path}: {setting}")
