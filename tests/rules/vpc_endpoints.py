"""Examples of the theme vpc_endpoints."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.vpc_endpoints import ENDPOINT, ENDPOINT_POLICY

ANYTHING = {"Principal": "*", "Action": "*", "Resource": "*"}
OURS = {"StringEquals": {"aws:PrincipalAccount": "123456789012", "aws:ResourceAccount": "123456789012"}}
IDENTITIES = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
ONE = {"Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::flights/*"}


def _endpoint(**properties: Any) -> Stack:
    return stack(resource(ENDPOINT, **{"vpcId": "vpc-1", "serviceName": "com.amazonaws.eu-west-1.s3"} | properties))


def _apart(*statements: dict[str, Any]) -> Stack:
    endpoint = resource(ENDPOINT, vpcId="vpc-1", serviceName="com.amazonaws.eu-west-1.s3")
    return stack(endpoint, resource(ENDPOINT_POLICY, refers={"vpcEndpointId": endpoint}, policy=policy(*statements)))


EXAMPLES = {
    "vpc-endpoint-own-resources": example(
        (_endpoint(policy=policy(ANYTHING | {"Condition": OURS}, ONE)), _apart(ANYTHING | {"Condition": OURS}),
         _endpoint(vpcEndpointType="GatewayLoadBalancer"),
         _endpoint(vpcEndpointType="Interface", serviceName="com.amazonaws.vpce.eu-west-1.vpce-svc-1")),
        (_endpoint(), _endpoint(policy=policy(ANYTHING)),
         _endpoint(policy=policy(ANYTHING | {"Condition": IDENTITIES})),
         _endpoint(policy=policy(ONE | {"Resource": "arn:aws:s3:::*/*"})),
         _endpoint(policy=policy(ONE | {"Resource": "arn:aws-cn:s3:::*"})), _apart(ANYTHING)),
    ),
}
