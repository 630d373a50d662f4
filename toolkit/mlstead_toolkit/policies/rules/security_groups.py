"""Security groups: nobody on the internet gets in, and nothing gets out to all of it.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack
from mlstead_toolkit.policies.addresses import anywhere
from mlstead_toolkit.policies.own_controls import PERIMETER

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
GROUP_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"

_BLOCKS = ("cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6")
_ONE_WAY = {INGRESS_RULE: "ingress", EGRESS_RULE: "egress"}


def _rules(resource: Resource, direction: str) -> Iterator[Block]:
    if resource.type == GROUP:
        yield from resource.blocks(direction)
    elif (_ONE_WAY.get(resource.type) or resource.value("type")) == direction:
        yield resource


def _reach_of(rule: Block) -> list[str]:
    given = [rule.get(path, []) for path in _BLOCKS]
    blocks = [block for value in given for block in (value if isinstance(value, list) else [value])]
    return [block for block in blocks if anywhere(block)]


def _ports(rule: Block) -> str:
    first, last = rule.value("fromPort"), rule.value("toPort")
    if str(rule.get("ipProtocol", rule.get("protocol", "-1"))) in ("-1", "all") or first is None:
        return "every port"
    return f"port {first:g}" if first == last else f"ports {first:g} to {last:g}"


def _not_from_anywhere(group: Resource, _stack: Stack) -> Iterator[str]:
    for rule in _rules(group, "ingress"):
        if blocks := _reach_of(rule):
            yield f"{', '.join(blocks)} reaches {_ports(rule)}"


def _not_to_anywhere(group: Resource, _stack: Stack) -> Iterator[str]:
    for rule in _rules(group, "egress"):
        if blocks := _reach_of(rule):
            yield f"{_ports(rule)} of {', '.join(blocks)} can be reached: data can go to anybody"


RULES: Final = (
    Rule(
        id="security-group-not-open-to-internet",
        level=Level.MANDATORY,
        controls=("FSBP EC2.13", "FSBP EC2.14", "FSBP EC2.18", "FSBP EC2.19", "CIS 6.3", "CIS 6.4"),
        title="A security group lets nobody in from the internet.",
        fix="Name another security group, a prefix list, or your own block of addresses.",
        types=(GROUP, GROUP_RULE, INGRESS_RULE),
        check=_not_from_anywhere,
    ),
    Rule(
        id="security-group-egress-named",
        level=Level.ADVISORY,
        controls=(PERIMETER,),
        title="A security group lets nothing out to the whole internet.",
        fix="Name the security group of the endpoints, or S3's prefix list.",
        types=(GROUP, GROUP_RULE, EGRESS_RULE),
        check=_not_to_anywhere,
    ),
)
