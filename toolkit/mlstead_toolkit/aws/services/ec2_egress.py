"""Amazon VPC: the ways out of a network, and the addresses that they take."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.ec2 import NO_POOLS, OWNER, describe, identified, made, tagging
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    string,
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


def _attached(work: Work) -> str | None:
    gateway = work.part(work.row.read, work.perform(work.row.read, whole=False)) or {}
    return next((one["VpcId"] for one in gateway.get("Attachments", [])), None)


def _attach(work: Work) -> None:
    """Bring the gateway to the network that it shall serve, and away from the one that it served."""
    old, new = _attached(work), work.inputs.get("vpcId")
    if old is not None and old != new:
        work.call("DetachInternetGateway", InternetGatewayId=work.resource_id, VpcId=old)
    if new is not None and old != new:
        work.call("AttachInternetGateway", InternetGatewayId=work.resource_id, VpcId=new)


def _detach(work: Work) -> None:
    if (network := _attached(work)) is not None:
        work.call("DetachInternetGateway", InternetGatewayId=work.resource_id, VpcId=network)


def _serves(entry: dict[str, Any], inputs: Properties) -> bool:
    return [one["VpcId"] for one in entry["Attachments"]] in ([], [inputs.get("vpcId")])


def _check_nat(inputs: Properties) -> list[tuple[str, str]]:
    public = inputs.get("connectivityType") == "public"
    if public and inputs.get("allocationId") is None:
        return [("allocationId", "is missing: a public gateway needs the address of an aws.ec2.Eip")]
    if not public and inputs.get("allocationId") is not None:
        return [("allocationId", "does not go with a private gateway, which has no public address")]
    return []


def _read_nat(values: Properties, answer: Properties) -> None:
    values["@state"] = answer.get("State")
    addresses = [one["AllocationId"] for one in answer.get("NatGatewayAddresses", []) if one.get("AllocationId")]
    if addresses:
        values["allocationId"] = addresses[0]


def _public_name(facts: Properties) -> str:
    zone = "compute-1" if facts["region"] == "us-east-1" else f"{facts['region']}.compute"
    return f"ec2-{facts['publicIp'].replace('.', '-')}.{zone}.amazonaws.com"


_GATEWAYS: Final = describe("DescribeInternetGateways", "InternetGatewayIds", "InternetGateways")
_ADDRESSES: Final = describe("DescribeAddresses", "AllocationIds", "Addresses")
_NATS: Final = describe("DescribeNatGateways", "NatGatewayIds", "NatGateways")
_ZONAL: Final = "the local cloud has zonal NAT gateways only"

INTERNET_GATEWAY: Final = ResourceType(
    "aws:ec2/internetGateway:InternetGateway",
    service="ec2",
    identity="{id}",
    properties=(string("vpcId", computed=True, api="Attachments.VpcId"), REGION, TAGS),
    outputs=(*identified("InternetGatewayId", "internet-gateway"), OWNER),
    create=Call("CreateInternetGateway", result="InternetGateway"),
    read=_GATEWAYS,
    delete=Call("DeleteInternetGateway"),
    steps=(Step(("vpcId",), _attach),),
    tagging=tagging("internet-gateway"),
    before_delete=_detach,
    find=made(_GATEWAYS, fits=_serves),
)

EIP: Final = ResourceType(
    "aws:ec2/eip:Eip",
    service="ec2",
    identity="{id}",
    properties=(
        string("domain", computed=True, replaces=True, enum=("vpc",)),
        *unsupported("the local cloud has no instances to give it to: aws.ec2.NatGateway takes its allocationId",
                     "associateWithPrivateIp", "instance", "networkInterface"),
        *unsupported("the local cloud chooses the address", "address", "networkBorderGroup", "publicIpv4Pool",
                     "customerOwnedIpv4Pool"),
        *unsupported(NO_POOLS, "ipamPoolId"),
        REGION, TAGS,
    ),
    outputs=(*identified("AllocationId", "elastic-ip"), string("allocationId"), string("publicIp"),
             string("publicDns", api="", template=_public_name), string("associationId"),
             string("privateIp", api="PrivateIpAddress")),
    create=Call("AllocateAddress", fixed=(("Domain", "vpc"),)),
    read=_ADDRESSES,
    delete=Call("ReleaseAddress"),
    tagging=tagging("elastic-ip"),
    find=made(_ADDRESSES, fits=lambda entry, _: not entry.get("AssociationId")),
)

NAT_GATEWAY: Final = ResourceType(
    "aws:ec2/natGateway:NatGateway",
    service="ec2",
    identity="{id}",
    properties=(
        string("subnetId", replaces=True),
        string("allocationId", replaces=True),
        string("connectivityType", default="public", replaces=True),
        *unsupported("the local cloud chooses the address", "privateIp", "secondaryAllocationIds",
                     "secondaryPrivateIpAddressCount", "secondaryPrivateIpAddresses"),
        *unsupported(_ZONAL, "availabilityMode", "availabilityZoneAddresses", "vpcId"),
        REGION, TAGS,
    ),
    outputs=(string("id", api="NatGatewayId"), string("publicIp", api="NatGatewayAddresses.PublicIp"),
             string("networkInterfaceId", api="NatGatewayAddresses.NetworkInterfaceId"),
             string("associationId", api="NatGatewayAddresses.AssociationId")),
    one_of=(("subnetId",),),
    validate=_check_nat,
    create=Call("CreateNatGateway", result="NatGateway"),
    read=_NATS,
    delete=Call("DeleteNatGateway"),
    ready=Ready("State", good=("available",), bad=("failed",), reason="FailureMessage", timeout=600.0),
    wait_gone=True,
    absent=lambda values: values.get("@state") == "deleted",
    tagging=tagging("natgateway"),
    from_api=_read_nat,
    find=made(_NATS, ("subnet-id", "subnetId"), dated="CreateTime", filtered="Filter", fits=lambda entry, inputs: (
        entry["NatGatewayAddresses"][0].get("AllocationId") == inputs.get("allocationId"))),
)

RESOURCE_TYPES: Final = (INTERNET_GATEWAY, EIP, NAT_GATEWAY)
