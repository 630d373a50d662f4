"""Amazon VPC: endpoints, the doors from a network to AWS's services that need no way to the internet."""

from __future__ import annotations

import re
from typing import Any, Final

from mlstead_toolkit.aws.ec2 import OWNER, describe, identified, made, read_more, tagging
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    block,
    blocks,
    boolean,
    policy,
    string,
    string_list,
    string_set,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    Call,
    Ready,
    ResourceType,
    Step,
)
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

_SERVICE: Final = re.compile(r"com\.amazonaws\.(vpce\.)?[a-z]{2}(-[a-z]+)+-\d(\.[a-z0-9-]+)+"
                             r"|aws\.(api|sagemaker)\.[a-z]{2}(-[a-z]+)+-\d(\.[a-z0-9-]+)+|com\.amazonaws\.s3-global\.accesspoint")
_WITH_ROUTES: Final = ("s3", "dynamodb", "s3express")
_LISTS: Final = {"routeTableIds": "RouteTableIds", "subnetIds": "SubnetIds", "securityGroupIds": "SecurityGroupIds"}
_OF_INTERFACES: Final = ("subnetIds", "securityGroupIds", "privateDnsEnabled", "dnsOptions")


def _check(inputs: Properties) -> list[tuple[str, str]]:
    kind, service, faults = inputs.get("vpcEndpointType"), inputs.get("serviceName"), []
    named = service if isinstance(service, str) else None
    if named is not None and not _SERVICE.fullmatch(named):
        faults.append(("serviceName", f"is {named!r}, which names no service: write com.amazonaws.<region>.<service>"))
    if kind == "Gateway":
        faults += [(name, "does not go with an endpoint of type Gateway, which stands in route tables")
                   for name in _OF_INTERFACES if inputs.get(name) not in (None, [], {}, False)]
        if named is not None and _SERVICE.fullmatch(named) and named.rsplit(".", 1)[-1] not in _WITH_ROUTES:
            faults.append(("vpcEndpointType", f"is Gateway, which only {', '.join(_WITH_ROUTES)} have"))
    if kind == "Interface" and inputs.get("routeTableIds") not in (None, []):
        faults.append(("routeTableIds", "do not go with an endpoint of type Interface, which stands in subnets"))
    return faults


def _send_private_dns(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    """Say that no private names are wanted where none are given: AWS would make them, the real provider does not."""
    if operation == "CreateVpcEndpoint":
        arguments["PrivateDnsEnabled"] = bool(state.get("privateDnsEnabled"))


def _modify(work: Work) -> None:
    """Change everything in one call: lists by what comes and what goes."""
    inputs = work.inputs
    arguments: dict[str, Any] = {}
    for name, member in _LISTS.items():
        if name in work.changed:
            old, new = set(work.outputs.get(name) or []), set(inputs.get(name) or [])
            arguments |= {key: sorted(ids) for key, ids in ((f"Add{member}", new - old), (f"Remove{member}", old - new))
                          if ids}
    if "policy" in work.changed:
        arguments |= {"PolicyDocument": inputs["policy"]} if inputs.get("policy") else {"ResetPolicy": True}
    if "privateDnsEnabled" in work.changed:
        arguments["PrivateDnsEnabled"] = inputs["privateDnsEnabled"]
    if "ipAddressType" in work.changed:
        arguments["IpAddressType"] = inputs["ipAddressType"]
    if "dnsOptions" in work.changed:
        options = inputs.get("dnsOptions") or {}
        arguments["DnsOptions"] = {name[0].upper() + name[1:]: value for name, value in options.items()}
    if arguments:
        work.call("ModifyVpcEndpoint", VpcEndpointId=work.resource_id, **arguments)


def _read(values: Properties, answer: Properties) -> None:
    if "Groups" in answer:
        values["securityGroupIds"] = [group["GroupId"] for group in answer["Groups"] or []]
        if not values["securityGroupIds"]:
            del values["securityGroupIds"]


_ENDPOINTS: Final = describe("DescribeVpcEndpoints", "VpcEndpointIds", "VpcEndpoints")

ENDPOINT: Final = ResourceType(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    service="ec2",
    identity="{id}",
    properties=(
        string("vpcId", required=True, replaces=True),
        string("serviceName", replaces=True),
        string("vpcEndpointType", default="Gateway", replaces=True, enum=("Gateway", "Interface")),
        policy("policy", computed=True, attached="resource", api="PolicyDocument"),
        string_set("routeTableIds", computed=True),
        string_set("subnetIds", computed=True),
        string_set("securityGroupIds", computed=True),
        boolean("privateDnsEnabled", computed=True),
        string("ipAddressType", computed=True),
        block("dnsOptions", string("dnsRecordIpType", computed=True),
              boolean("privateDnsOnlyForInboundResolverEndpoint", default=False),
              *unsupported("it is for resources shared by other networks", "privateDnsPreference",
                           "privateDnsSpecifiedDomains"), computed=True),
        boolean("autoAccept", local=True),
        *unsupported("the local cloud chooses the addresses", "subnetConfigurations"),
        *unsupported("the local cloud has no VPC Lattice", "resourceConfigurationArn", "serviceNetworkArn"),
        *unsupported("endpoints of the local cloud stay in their region", "serviceRegion"),
        REGION, TAGS,
    ),
    outputs=(*identified("VpcEndpointId", "vpc-endpoint"), OWNER, string("state"),
             string_set("networkInterfaceIds", volatile=True),
             blocks("dnsEntries", string("dnsName"), string("hostedZoneId"), volatile=True),
             string("prefixListId"), string_list("cidrBlocks", api="Cidrs"), boolean("requesterManaged")),
    one_of=(("serviceName",),),
    validate=_check,
    create=Call("CreateVpcEndpoint", result="VpcEndpoint"),
    read=_ENDPOINTS,
    reads=(Call("DescribePrefixLists", filters=(("prefix-list-name", "{serviceName}"),), result="PrefixLists.0"),),
    delete=Call("DeleteVpcEndpoints", ids=("VpcEndpointIds", "id")),
    steps=(Step((), read_more),
           Step((*_LISTS, "policy", "privateDnsEnabled", "ipAddressType", "dnsOptions"), _modify, on_create=False)),
    ready=Ready("State", good=("available", "pendingAcceptance"), bad=("failed", "rejected", "expired"),
                timeout=600.0, reason="FailureReason"),
    wait_gone=True,
    absent=lambda values: str(values.get("state")).lower() == "deleted",
    tagging=tagging("vpc-endpoint"),
    to_api=_send_private_dns,
    from_api=_read,
    find=made(_ENDPOINTS, ("vpc-id", "vpcId"), ("service-name", "serviceName"), dated="CreationTimestamp"),
)

RESOURCE_TYPES: Final = (ENDPOINT,)
