"""Who reaches what through security groups, and what they let out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mlstead_toolkit.policies.block import Block
from mlstead_toolkit.policies.rules.security_groups import EGRESS_RULE, GROUP, GROUP_RULE, INGRESS_RULE
from mlstead_toolkit.review.access.condition import subnet
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.sources.reading import several

_RULES: Final = {INGRESS_RULE: "ingress", EGRESS_RULE: "egress"}
_DEFAULT: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
_LAST_PORT: Final = 65535
_GROUPS: Final = (GROUP, _DEFAULT)


@dataclass(frozen=True, slots=True)
class Way:
    """What one rule of a security group lets in or out.

    Args:
        group: URN of the security group, or its id.
        inwards: whether it lets in.
        protocol: -1 for all.
        first: the lowest port; 0 for all.
        last: the highest port.
        peer: a block of addresses, a prefix list's id, or URN or id of a security group.
        source: URN of the resource that says so; no part of what it means.
    """

    group: str
    inwards: bool
    protocol: str
    first: int
    last: int
    peer: str
    source: str = field(default="", compare=False)

    def covers(self, other: Way) -> bool:
        """Tell whether it lets through all that the other does."""
        return (
            (self.group, self.inwards) == (other.group, other.inwards)
            and self.protocol in ("-1", other.protocol)
            and self.first <= other.first and other.last <= self.last
            and _around(self.peer, other.peer)
        )

    @property
    def ports(self) -> str:
        """The ports in words."""
        if self.protocol == "-1" or (self.first, self.last) == (0, _LAST_PORT):
            return "every port"
        if self.protocol.startswith("icmp"):
            return "ICMP"
        return f"port {self.first}" if self.first == self.last else f"ports {self.first} to {self.last}"


def ways(side: Side) -> Iterator[Way]:
    """Give what the security groups let through."""
    for group in side.of(*_GROUPS):
        for direction in ("ingress", "egress"):
            for rule in group.blocks(direction):
                yield from _ways(side, rule, group.urn, direction, group.urn)
    for resource in side.of(GROUP_RULE, INGRESS_RULE, EGRESS_RULE):
        direction = _RULES.get(resource.type) or str(resource.properties.get("type"))
        named = str(resource.properties.get("securityGroupId"))
        found = side.find(named, *_GROUPS)
        yield from _ways(side, resource, found.urn if found else named, direction, resource.urn)


def _ways(side: Side, rule: Block, group: str, direction: str, source: str) -> Iterator[Way]:
    properties = rule.properties
    protocol = str(properties.get("ipProtocol", properties.get("protocol", "-1"))).replace("all", "-1").lower()
    first, last = properties.get("fromPort"), properties.get("toPort")
    numbers = [int(port) for port in (first, last) if isinstance(port, int | float)]
    everything = protocol == "-1" or not numbers or numbers[0] == -1
    peers = [block for path in ("cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6", "prefixListIds",
                                "prefixListId") for block in several(properties.get(path))]
    groups = [name for path in ("securityGroups", "sourceSecurityGroupId", "referencedSecurityGroupId")
              for name in several(properties.get(path))]
    peers += [found.urn if (found := side.find(name, *_GROUPS)) else name for name in groups]
    if properties.get("self"):
        peers.append(group)
    for peer in peers:
        yield Way(group, direction == "ingress", protocol, 0 if everything else numbers[0],
                  _LAST_PORT if everything else numbers[-1], peer, source)


def _around(peer: str, other: str) -> bool:
    return peer == other or subnet(other, peer)
