"""Examples of the theme security_groups."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.security_groups import EGRESS_RULE, GROUP, GROUP_RULE, INGRESS_RULE

ANYWHERE = "0.0.0.0/0"
HTTPS = {"protocol": "tcp", "fromPort": 443, "toPort": 443}
ONE_HTTPS = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "securityGroupId": "sg-1"}


def _group(**rules: Any) -> Stack:
    return stack(resource(GROUP, vpcId="vpc-1", **rules))


def _rule(kind: str, **rule: Any) -> Stack:
    return stack(resource(kind, **rule))


EXAMPLES = {
    "security-group-not-open-to-internet": example(
        (_group(ingress=[HTTPS | {"cidrBlocks": ["10.0.0.0/8", "203.0.113.0/24"]}]),
         _group(ingress=[HTTPS | {"self": True}]), _rule(INGRESS_RULE, **ONE_HTTPS, referencedSecurityGroupId="sg-2"),
         _rule(GROUP_RULE, type="ingress", cidrBlocks=["10.0.0.0/16"], securityGroupId="sg-1", **HTTPS)),
        (_group(ingress=[HTTPS | {"cidrBlocks": ["10.0.0.0/16"]}, HTTPS | {"cidrBlocks": [ANYWHERE]}]),
         _group(ingress=[HTTPS | {"ipv6CidrBlocks": ["::/0"]}]),
         _group(ingress=[HTTPS | {"cidrBlocks": ["0.0.0.0/1", "128.0.0.0/1"]}]),
         _rule(INGRESS_RULE, **ONE_HTTPS, cidrIpv4=ANYWHERE),
         _rule(INGRESS_RULE, ipProtocol="-1", cidrIpv6="::/0", securityGroupId="sg-1"),
         _rule(GROUP_RULE, type="ingress", cidrBlocks=[ANYWHERE], securityGroupId="sg-1", **HTTPS)),
    ),
    "security-group-egress-named": example(
        (_rule(EGRESS_RULE, **ONE_HTTPS, prefixListId="pl-1"), _group(egress=[HTTPS | {"securityGroups": ["sg-2"]}])),
        (_rule(EGRESS_RULE, **ONE_HTTPS, cidrIpv4=ANYWHERE), _group(egress=[HTTPS | {"cidrBlocks": [ANYWHERE]}]),
         _rule(GROUP_RULE, type="egress", cidrBlocks=[ANYWHERE], securityGroupId="sg-1", **HTTPS)),
    ),
}
