"""VPC endpoints: through them data goes to our own resources, and to nobody else's.

https://docs.aws.amazon.com/whitepapers/latest/building-a-data-perimeter-on-aws/perimeter-implementation.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import PERIMETER
from mlstead_toolkit.policies.statement import allowances

ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
ENDPOINT_POLICY: Final = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"

_WHOSE_RESOURCES = ("aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths", "s3:ResourceAccount",
                    "s3:DataAccessPointAccount", "aws:CalledVia")
_WITH_POLICY = ("Gateway", "Interface")  # the other kinds take none
_SOMEBODYS = ".vpce."  # in the name of a service that is not AWS's own


def _own_resources(resource: Resource, stack: Stack) -> Iterator[str]:
    if resource.type == ENDPOINT:
        kind, service = resource.get("vpcEndpointType", "Gateway"), resource.get("serviceName", "")
        if kind not in _WITH_POLICY or _SOMEBODYS in service:
            return
        if not resource.filled("policy"):
            if not stack.related(resource, ENDPOINT_POLICY, via="vpcEndpointId"):
                yield "it has no policy, and AWS's own lets everything through"
            return
    for statement in allowances(resource):
        if statement.reaches_every("s3") and not statement.held_to(*_WHOSE_RESOURCES):
            yield f"{statement.called} lets requests through whoever's the resource is"


RULES: Final = (
    Rule(
        id="vpc-endpoint-own-resources",
        level=Level.MANDATORY,
        controls=(PERIMETER,),
        title="A VPC endpoint's policy lets requests through to resources of our own account or organisation.",
        fix="Give the endpoint a policy that names the resources, or holds them to aws:ResourceAccount.",
        types=(ENDPOINT, ENDPOINT_POLICY),
        check=_own_resources,
    ),
)
