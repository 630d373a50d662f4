"""Amazon VPC: security groups and their rules, each rule a resource of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from mlstead_toolkit.aws.ec2 import OWNER, describe, identified, made, network_fault, tagging
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    Property,
    boolean,
    integer,
    string,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    ResourceType,
    Step,
)
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import UNKNOWN, Properties

_TEXT: Final = r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*"
_ELSEWHERE: Final = unsupported("use aws.vpc.SecurityGroupIngressRule and aws.vpc.SecurityGroupEgressRule, each a "
                                "resource of its own", "egress", "ingress")
_SOURCES: Final = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_WITH_PORTS: Final = ("tcp", "udp")
_WITH_KINDS: Final = ("icmp", "icmpv6")
_NUMBERED: Final = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}


def _empty(work: Work) -> None:
    """Take every rule out of a group: a new one has AWS's that lets everything out, which the real provider removes."""
    asked = [{"Name": "group-id", "Values": [work.resource_id]}]
    rules = work.call("DescribeSecurityGroupRules", Filters=asked).get("SecurityGroupRules", [])
    for egress, direction in ((True, "Egress"), (False, "Ingress")):
        if ids := [rule["SecurityGroupRuleId"] for rule in rules if rule["IsEgress"] is egress]:
            work.call(f"RevokeSecurityGroup{direction}", GroupId=work.resource_id, SecurityGroupRuleIds=ids)


def _empty_where_told(work: Work) -> None:
    if work.inputs.get("revokeRulesOnDelete"):
        _empty(work)


def _check_group(inputs: Properties) -> list[tuple[str, str]]:
    name = inputs.get("name")
    if isinstance(name, str) and (name.startswith("sg-") or name == "default"):
        return [("name", f"is {name!r}, which AWS keeps for itself")]
    return []


def _find_default(work: Work, _since: float) -> str | None:
    """Find a network's own group: it was there before us."""
    answer = work.perform(DEFAULT_GROUP.create, whole=True)
    group = work.part(DEFAULT_GROUP.create, answer)
    return str(group["GroupId"]) if group else None


def _check_rule(inputs: Properties) -> list[tuple[str, str]]:
    faults = [("cidrIpv4", network_fault(inputs.get("cidrIpv4"))),
              ("cidrIpv6", network_fault(inputs.get("cidrIpv6"), longest=128, version=6))]
    protocol = inputs.get("ipProtocol")
    if isinstance(protocol, str):
        faults += _protocol_faults(protocol.lower(), inputs)
    return [(path, fault) for path, fault in faults if fault]


def _protocol_faults(protocol: str, inputs: Properties) -> list[tuple[str, str | None]]:
    if protocol in _NUMBERED:
        return [("ipProtocol", f"is {protocol}: write {_NUMBERED[protocol]}, as AWS answers it")]
    if protocol in _WITH_PORTS:
        low, high = inputs.get("fromPort"), inputs.get("toPort")
        turned = isinstance(low, int) and isinstance(high, int) and high < low
        return [fault for name in ("fromPort", "toPort") for fault in _port_faults(name, inputs, protocol, 0, 65535)] \
            + [("toPort", "is below fromPort")] * turned
    if protocol in _WITH_KINDS:
        return [fault for name in ("fromPort", "toPort") for fault in _port_faults(name, inputs, protocol, -1, 255)]
    if protocol != "-1" and not (protocol.isdigit() and int(protocol) <= 255):
        known = ", ".join((*_WITH_PORTS, *_WITH_KINDS))
        return [("ipProtocol", f"is {protocol!r}, which is none of {known}, -1 (any) or a number up to 255")]
    return [(name, f"does not go with protocol {protocol}: leave it out") for name in ("fromPort", "toPort")
            if inputs.get(name) is not None]


def _port_faults(name: str, inputs: Properties, protocol: str, least: int, most: int) -> list[tuple[str, str | None]]:
    port = inputs.get(name)
    if port is None:
        return [(name, f"is missing: {protocol} needs it")]
    if port is not UNKNOWN and not least <= port <= most:
        return [(name, f"is {port}, and must be from {least} to {most}")]
    return []


def _write_rule(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation.startswith("Authorize"):
        said = {"Description": state["description"]} if state.get("description") else {}
        named = {"IpRanges": ("CidrIp", "cidrIpv4"), "Ipv6Ranges": ("CidrIpv6", "cidrIpv6"),
                 "PrefixListIds": ("PrefixListId", "prefixListId"),
                 "UserIdGroupPairs": ("GroupId", "referencedSecurityGroupId")}
        source = {member: [{key: state[name], **said}] for member, (key, name) in named.items() if state.get(name)}
        ports = {member: state[name] for member, name in (("FromPort", "fromPort"), ("ToPort", "toPort"))
                 if state.get(name) is not None}
        arguments.clear()
        arguments.update(GroupId=state["securityGroupId"],
                         IpPermissions=[{"IpProtocol": state["ipProtocol"], **ports, **source}])
    elif operation.startswith("Revoke"):
        arguments.clear()
        arguments.update(GroupId=state["securityGroupId"], SecurityGroupRuleIds=[state["securityGroupRuleId"]])


def _rewrite(work: Work) -> None:
    inputs = work.inputs
    named = {"IpProtocol": "ipProtocol", "FromPort": "fromPort", "ToPort": "toPort", "CidrIpv4": "cidrIpv4",
             "CidrIpv6": "cidrIpv6", "PrefixListId": "prefixListId", "ReferencedGroupId": "referencedSecurityGroupId",
             "Description": "description"}
    rule = {member: inputs[name] for member, name in named.items() if inputs.get(name) is not None}
    work.call("ModifySecurityGroupRules", GroupId=inputs["securityGroupId"], SecurityGroupRules=[
        {"SecurityGroupRuleId": work.resource_id, "SecurityGroupRule": rule}])


def _read_rule(values: Properties, answer: Properties) -> None:
    """Name the group that a rule is about, and leave out ports that the protocol has not: AWS answers them as -1."""
    if group := (answer.get("ReferencedGroupInfo") or {}).get("GroupId"):
        values["referencedSecurityGroupId"] = group
    if values.get("ipProtocol") not in (*_WITH_PORTS, *_WITH_KINDS):
        for name in ("fromPort", "toPort"):
            values.pop(name, None)


def _same_rule(egress: bool) -> Callable[[dict[str, Any], Properties], bool]:
    def same(entry: dict[str, Any], inputs: Properties) -> bool:
        source = {"cidrIpv4": entry.get("CidrIpv4"), "cidrIpv6": entry.get("CidrIpv6"),
                  "prefixListId": entry.get("PrefixListId"),
                  "referencedSecurityGroupId": (entry.get("ReferencedGroupInfo") or {}).get("GroupId")}
        ports = [(inputs.get(name), entry.get(member, -1)) for name, member in
                 (("fromPort", "FromPort"), ("toPort", "ToPort"))]
        return (entry["IsEgress"] is egress and entry["IpProtocol"] == inputs["ipProtocol"].lower()
                and all(wanted is None or wanted == port for wanted, port in ports)
                and all(source[name] == inputs.get(name) for name in _SOURCES))

    return same


def _rule(direction: str) -> ResourceType:
    """Make the row of a rule in one direction: AWS has other calls for each, and the same for reading and changing."""
    read = describe("DescribeSecurityGroupRules", "SecurityGroupRuleIds", "SecurityGroupRules")
    properties: tuple[Property, ...] = (
        string("securityGroupId", required=True, replaces=True, api="GroupId"),
        string("ipProtocol", required=True),
        integer("fromPort"), integer("toPort"),
        string("cidrIpv4", chosen=True), string("cidrIpv6", chosen=True), string("prefixListId", chosen=True),
        string("referencedSecurityGroupId", chosen=True, api=""),
        string("description", maximum=255, pattern=_TEXT),
        REGION, TAGS,
    )
    changing = tuple(line.name for line in properties[1:-2])
    return ResourceType(
        f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule",
        service="ec2",
        identity="{id}",
        properties=properties,
        outputs=(*identified("SecurityGroupRuleId", "security-group-rule"),
                 string("securityGroupRuleId", api="SecurityGroupRuleId")),
        conflicts=(_SOURCES,),
        one_of=(_SOURCES,),
        validate=_check_rule,
        create=Call(f"AuthorizeSecurityGroup{direction}", result="SecurityGroupRules.0"),
        read=read,
        delete=Call(f"RevokeSecurityGroup{direction}"),
        steps=(Step(changing, _rewrite, on_create=False),),
        gone=("InvalidPermission.NotFound",),
        tagging=tagging("security-group-rule"),
        to_api=_write_rule,
        from_api=_read_rule,
        find=made(read, ("group-id", "securityGroupId"), fits=_same_rule(direction == "Egress")),
    )


_GROUPS: Final = describe("DescribeSecurityGroups", "GroupIds", "SecurityGroups")

SECURITY_GROUP: Final = ResourceType(
    "aws:ec2/securityGroup:SecurityGroup",
    service="ec2",
    identity="{id}",
    name=AutomaticName("name", 255, prefix_property="namePrefix"),
    properties=(
        string("name", replaces=True, computed=True, api="GroupName", maximum=255, pattern=_TEXT),
        string("namePrefix", replaces=True, computed=True, local=True, maximum=100),
        string("description", default="Managed by Pulumi", replaces=True, maximum=255, pattern=_TEXT),
        string("vpcId", replaces=True, computed=True),
        boolean("revokeRulesOnDelete", default=False, local=True),
        *_ELSEWHERE,
        REGION, TAGS,
    ),
    outputs=(*identified("GroupId", "security-group"), OWNER),
    conflicts=(("name", "namePrefix"),),
    validate=_check_group,
    create=Call("CreateSecurityGroup"),
    read=_GROUPS,
    delete=Call("DeleteSecurityGroup"),
    steps=(Step((), _empty),),
    tagging=tagging("security-group"),
    before_delete=_empty_where_told,
    find=made(_GROUPS, ("vpc-id", "vpcId"), ("group-name", "name")),
)

DEFAULT_GROUP: Final = ResourceType(
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    service="ec2",
    identity="{id}",
    properties=(
        string("vpcId", replaces=True),
        boolean("revokeRulesOnDelete", default=False, local=True),
        *_ELSEWHERE,
        REGION, TAGS,
    ),
    outputs=(*identified("GroupId", "security-group"), OWNER, string("name", api="GroupName"), string("description")),
    one_of=(("vpcId",),),
    create=Call("DescribeSecurityGroups", filters=(("vpc-id", "{vpcId}"), ("group-name", "default")),
                result="SecurityGroups.0"),
    read=_GROUPS,
    delete=None,  # it goes with its network
    steps=(Step(("vpcId",), _empty),),
    tagging=replace(tagging("security-group"), on_create=None),
    find=_find_default,
)

RESOURCE_TYPES: Final = (SECURITY_GROUP, DEFAULT_GROUP, _rule("Ingress"), _rule("Egress"))
