"""Amazon VPC: networks, their subnets, and the route tables that say where packets go."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.ec2 import (
    NO_IPV6,
    NO_POOLS,
    OWNER,
    describe,
    identified,
    made,
    network_fault,
    read_more,
    tagging,
)
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    boolean,
    string,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    Call,
    ResourceType,
    Step,
)
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

_ATTRIBUTES: Final = ("enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics")
_ON_LAUNCH: Final = ("mapPublicIpOnLaunch", "enableResourceNameDnsARecordOnLaunch")
_NO_OUTPOSTS: Final = "the local cloud has no Outposts"
_NOT_KEPT: Final = "the emulator does not keep it"
_DESTINATIONS: Final = {"destinationCidrBlock": "DestinationCidrBlock",
                        "destinationPrefixListId": "DestinationPrefixListId"}
_TARGETS: Final = ("gatewayId", "natGatewayId", "networkInterfaceId")


def _member(name: str) -> str:
    return name[0].upper() + name[1:]


def _attribute(name: str) -> Call:
    return Call("DescribeVpcAttribute", fixed=(("Attribute", name),))


def _set_attributes(work: Work) -> None:
    """Set what was given, one attribute a call, as AWS wants it; names need DNS, which comes first and goes last."""
    for name in _ATTRIBUTES if work.inputs["enableDnsSupport"] else reversed(_ATTRIBUTES):
        value = work.inputs.get(name)
        if value is not None and (name in work.changed or not work.changed):
            work.call("ModifyVpcAttribute", VpcId=work.resource_id, **{_member(name): {"Value": value}})


def _set_on_launch(work: Work) -> None:
    for name in _ON_LAUNCH:
        if name in work.changed or (not work.changed and work.inputs.get(name)):
            work.call("ModifySubnetAttribute", SubnetId=work.resource_id,
                      **{_member(name): {"Value": bool(work.inputs.get(name))}})


def _check_vpc(inputs: Properties) -> list[tuple[str, str]]:
    fault = network_fault(inputs.get("cidrBlock"), shortest=16, longest=28)
    faults = [("cidrBlock", fault)] if fault else []
    if inputs.get("enableDnsHostnames") is True and inputs.get("enableDnsSupport") is False:
        faults.append(("enableDnsHostnames", "needs enableDnsSupport as well"))
    return faults


def _check_subnet(inputs: Properties) -> list[tuple[str, str]]:
    fault = network_fault(inputs.get("cidrBlock"), shortest=16, longest=28)
    return [("cidrBlock", fault)] if fault else []


def _check_route(inputs: Properties) -> list[tuple[str, str]]:
    fault = network_fault(inputs.get("destinationCidrBlock"))
    return [("destinationCidrBlock", fault)] if fault else []


def _destination(facts: Properties) -> str:
    return str(next(facts[name] for name in _DESTINATIONS if facts.get(name)))


def _is_route(entry: Properties, state: Properties) -> bool:
    return any(entry.get(member) == _wanted_destination(state) for member in _DESTINATIONS.values())


def _wanted_destination(state: Properties) -> str:
    return str(state.get("destination") or _destination(state))


def _find_route(work: Work, _since: float) -> str | None:
    """Find a route by where it leads from and to: no table has two to one destination."""
    work.outputs["destination"] = _destination(work.inputs)
    return work.name_id() if work.describe(ROUTE.read) is not None else None


def _name_destination(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation == "DeleteRoute":
        destination = _wanted_destination(state)
        name = "DestinationPrefixListId" if destination.startswith("pl-") else "DestinationCidrBlock"
        arguments.update({"RouteTableId": state["routeTableId"], name: destination})


def _at_subnet(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    """Look an association up by its subnet, which has no more than one: its id changes when its table does."""
    if operation == "DescribeRouteTables":
        name, value = ("subnet-id", state["subnetId"]) if state.get("subnetId") else (
            "route-table-association-id", state["id"])
        arguments["Filters"] = [{"Name": f"association.{name}", "Values": [value]}]


def _is_association(entry: Properties, state: Properties) -> bool:
    return bool(entry.get("SubnetId") == state["subnetId"] if state.get("subnetId")
                else entry["RouteTableAssociationId"] == state["id"])


def _association(work: Work) -> Properties | None:
    read = ASSOCIATION.read
    return work.part(read, work.perform(read, whole=False))


def _move(work: Work) -> None:
    held = _association(work)
    if held is not None:
        work.call("ReplaceRouteTableAssociation", AssociationId=held["RouteTableAssociationId"],
                  RouteTableId=work.inputs["routeTableId"])


def _disassociate(work: Work) -> None:
    held = _association(work)
    if held is not None:
        work.call("DisassociateRouteTable", AssociationId=held["RouteTableAssociationId"])


def _find_association(work: Work, _since: float) -> str | None:
    held = _association(work)
    return held["RouteTableAssociationId"] if held and held["RouteTableId"] == work.inputs["routeTableId"] else None


_VPCS: Final = describe("DescribeVpcs", "VpcIds", "Vpcs")
_SUBNETS: Final = describe("DescribeSubnets", "SubnetIds", "Subnets")
_TABLES: Final = describe("DescribeRouteTables", "RouteTableIds", "RouteTables")

VPC: Final = ResourceType(
    "aws:ec2/vpc:Vpc",
    service="ec2",
    identity="{id}",
    properties=(
        string("cidrBlock", computed=True, replaces=True),
        string("instanceTenancy", default="default", replaces=True, enum=("default", "dedicated")),
        boolean("enableDnsSupport", default=True, api="EnableDnsSupport.Value"),
        boolean("enableDnsHostnames", computed=True, api="EnableDnsHostnames.Value"),
        boolean("enableNetworkAddressUsageMetrics", computed=True, api="EnableNetworkAddressUsageMetrics.Value"),
        *unsupported(NO_POOLS, "ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength"),
        *unsupported(NO_IPV6, "assignGeneratedIpv6CidrBlock", "ipv6CidrBlock", "ipv6CidrBlockNetworkBorderGroup"),
        REGION, TAGS,
    ),
    outputs=(*identified("VpcId", "vpc"), OWNER, string("dhcpOptionsId"),
             string("mainRouteTableId", api="RouteTableId"),
             string("defaultRouteTableId", api="RouteTableId"),
             string("defaultSecurityGroupId", api="GroupId"), string("defaultNetworkAclId", api="NetworkAclId")),
    one_of=(("cidrBlock",),),
    validate=_check_vpc,
    create=Call("CreateVpc", result="Vpc"),
    read=_VPCS,
    reads=(
        *map(_attribute, _ATTRIBUTES),
        Call("DescribeRouteTables", filters=(("vpc-id", "{id}"), ("association.main", "true")), result="RouteTables.0"),
        Call("DescribeSecurityGroups", filters=(("vpc-id", "{id}"), ("group-name", "default")),
             result="SecurityGroups.0"),
        Call("DescribeNetworkAcls", filters=(("vpc-id", "{id}"), ("default", "true")), result="NetworkAcls.0"),
    ),
    delete=Call("DeleteVpc"),
    steps=(Step(_ATTRIBUTES, _set_attributes), Step((), read_more)),
    tagging=tagging("vpc"),
    find=made(_VPCS, ("cidr", "cidrBlock"), fits=lambda entry, _: not entry.get("IsDefault")),
)

SUBNET: Final = ResourceType(
    "aws:ec2/subnet:Subnet",
    service="ec2",
    identity="{id}",
    properties=(
        string("vpcId", required=True, replaces=True),
        string("cidrBlock", replaces=True),
        string("availabilityZone", computed=True, replaces=True, pattern=r"[a-z]{2}(-[a-z]+)+-\d[a-z]"),
        string("availabilityZoneId", computed=True, replaces=True),
        boolean("mapPublicIpOnLaunch", default=False),
        boolean("enableResourceNameDnsARecordOnLaunch", default=False,
                api="PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord"),
        *unsupported(_NOT_KEPT, "enableDns64", "privateDnsHostnameTypeOnLaunch"),
        *unsupported(NO_POOLS, "ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength"),
        *unsupported(NO_IPV6, "assignIpv6AddressOnCreation", "enableResourceNameDnsAaaaRecordOnLaunch",
                     "ipv6CidrBlock", "ipv6Native"),
        *unsupported(_NO_OUTPOSTS, "customerOwnedIpv4Pool", "enableLniAtDeviceIndex", "mapCustomerOwnedIpOnLaunch",
                     "outpostArn"),
        REGION, TAGS,
    ),
    outputs=(*identified("SubnetId", "subnet"), OWNER),
    one_of=(("cidrBlock",),),
    conflicts=(("availabilityZone", "availabilityZoneId"),),
    validate=_check_subnet,
    create=Call("CreateSubnet", result="Subnet"),
    read=_SUBNETS,
    delete=Call("DeleteSubnet"),
    steps=(Step(_ON_LAUNCH, _set_on_launch),),
    tagging=tagging("subnet"),
    find=made(_SUBNETS, ("vpc-id", "vpcId"), ("cidr-block", "cidrBlock")),
)

ROUTE_TABLE: Final = ResourceType(
    "aws:ec2/routeTable:RouteTable",
    service="ec2",
    identity="{id}",
    properties=(
        string("vpcId", required=True, replaces=True),
        *unsupported("use aws.ec2.Route, which is a resource of its own", "routes"),
        *unsupported("the local cloud has no VPN gateways", "propagatingVgws"),
        REGION, TAGS,
    ),
    outputs=(*identified("RouteTableId", "route-table"), OWNER),
    create=Call("CreateRouteTable", result="RouteTable"),
    read=_TABLES,
    delete=Call("DeleteRouteTable"),
    tagging=tagging("route-table"),
    find=made(_TABLES, ("vpc-id", "vpcId"),
              fits=lambda entry, _: not any(one.get("Main") for one in entry["Associations"])),
)

ROUTE: Final = ResourceType(
    "aws:ec2/route:Route",
    service="ec2",
    identity="{routeTableId}_{destination}",
    properties=(
        string("routeTableId", required=True, replaces=True),
        string("destinationCidrBlock", replaces=True),
        string("destinationPrefixListId", replaces=True),
        string("gatewayId"),
        string("natGatewayId"),
        string("networkInterfaceId"),
        *unsupported(NO_IPV6, "destinationIpv6CidrBlock", "egressOnlyGatewayId"),
        *unsupported(_NO_OUTPOSTS, "carrierGatewayId", "localGatewayId"),
        *unsupported("the local cloud's networks lead nowhere else", "coreNetworkArn", "odbNetworkArn",
                     "transitGatewayId", "vpcPeeringConnectionId"),
        *unsupported("no type of this provider makes an endpoint that takes routes (Gateway Load Balancer)",
                     "vpcEndpointId"),
        REGION,
    ),
    outputs=(string("destination", api="", template=_destination), string("origin"), string("state"),
             string("instanceId"), string("instanceOwnerId")),
    conflicts=(tuple(_DESTINATIONS), _TARGETS),
    one_of=(tuple(_DESTINATIONS), _TARGETS),
    validate=_check_route,
    create=Call("CreateRoute"),
    read=Call("DescribeRouteTables", ids=("RouteTableIds", "routeTableId"), result="RouteTables.0.Routes",
              match=_is_route),
    delete=Call("DeleteRoute"),
    steps=(Step(_TARGETS, Call("ReplaceRoute"), on_create=False),),
    gone=("InvalidRoute.NotFound",),
    to_api=_name_destination,
    find=_find_route,
)

ASSOCIATION: Final = ResourceType(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    service="ec2",
    identity="{id}",
    properties=(
        string("routeTableId", required=True),
        string("subnetId", replaces=True),
        *unsupported("the local cloud routes nothing at gateways", "gatewayId"),
        REGION,
    ),
    outputs=(string("id", api="AssociationId"),),
    one_of=(("subnetId",),),
    create=Call("AssociateRouteTable"),
    read=Call("DescribeRouteTables", result="RouteTables.0.Associations", match=_is_association),
    delete=None,
    before_delete=_disassociate,
    steps=(Step(("routeTableId",), _move, on_create=False),),
    to_api=_at_subnet,
    find=_find_association,
)

RESOURCE_TYPES: Final = (VPC, SUBNET, ROUTE_TABLE, ROUTE, ASSOCIATION)
