"""The local cloud's EC2 does what AWS does where moto does not: contracts with moto 5.2.5 and our parts of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

S3, API = "com.amazonaws.eu-west-1.s3", "com.amazonaws.eu-west-1.sagemaker.api"
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


@pytest.fixture
def ec2(boto: Callable[[str], Any]) -> Any:
    return boto("ec2")


@pytest.fixture
def place(ec2: Any) -> dict[str, str]:
    """A network with two subnets in two zones, a route table and a security group."""
    vpc = ec2.create_vpc(CidrBlock="10.80.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    a, b = (ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.80.{third}.0/24", AvailabilityZone=f"eu-west-1{zone}")["Subnet"]
            for third, zone in ((0, "a"), (1, "b")))
    group = ec2.create_security_group(GroupName="jobs", Description="jobs", VpcId=vpc)["GroupId"]
    return {"vpc": vpc, "a": a["SubnetId"], "b": b["SubnetId"], "group": group,
            "table": ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]}


def interface(ec2: Any, place: dict[str, str], **more: Any) -> dict[str, Any]:
    given = {"VpcId": place["vpc"], "ServiceName": API, "VpcEndpointType": "Interface", "SubnetIds": [place["a"]],
             "SecurityGroupIds": [place["group"]], "PrivateDnsEnabled": True, **more}
    endpoint: dict[str, Any] = ec2.create_vpc_endpoint(**given)["VpcEndpoint"]
    return endpoint


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=rf"\({code}\)")


def test_an_interface_endpoint_stands_in_its_subnets_and_groups(ec2: Any, place: dict[str, str]) -> None:
    made = interface(ec2, place)
    ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], AddSubnetIds=[place["b"]])
    now = ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])["VpcEndpoints"][0]
    cards = ec2.describe_network_interfaces(NetworkInterfaceIds=now["NetworkInterfaceIds"])["NetworkInterfaces"]

    assert sorted(card["SubnetId"] for card in cards) == sorted([place["a"], place["b"]])
    assert {group["GroupId"] for card in cards for group in card["Groups"]} == {place["group"]}
    assert all(card["PrivateIpAddress"].startswith("10.80.") for card in cards)
    assert [entry["DnsName"] for entry in now["DnsEntries"]][-1] == "api.sagemaker.eu-west-1.amazonaws.com"
    assert (now["IpAddressType"], now["DnsOptions"]["DnsRecordIpType"]) == ("ipv4", "ipv4")
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=place["a"])
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=place["group"])

    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    with refused("InvalidVpcEndpointId.NotFound"):
        ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    ec2.delete_subnet(SubnetId=place["a"])
    ec2.delete_security_group(GroupId=place["group"])


def test_a_gateway_endpoint_keeps_a_route_in_each_of_its_tables(ec2: Any, place: dict[str, str]) -> None:
    def routed(table: str) -> bool:
        routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return made["VpcEndpointId"] in [route.get("GatewayId") for route in routes]

    other = ec2.create_route_table(VpcId=place["vpc"])["RouteTable"]["RouteTableId"]
    made = ec2.create_vpc_endpoint(VpcId=place["vpc"], ServiceName=S3, RouteTableIds=[place["table"]],
                                   VpcEndpointType="Gateway")["VpcEndpoint"]
    assert (routed(place["table"]), routed(other)) == (True, False)
    ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], AddRouteTableIds=[other],
                            RemoveRouteTableIds=[place["table"]])
    assert (routed(place["table"]), routed(other)) == (False, True)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    assert not routed(other)


@pytest.mark.parametrize(("given", "code"), [
    ({"ServiceName": "com.amazonaws.us-east-1.sagemaker.api"}, "InvalidServiceName"),
    ({"SecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidGroup.NotFound"),
    ({"SubnetIds": ["subnet-0123456789abcdef0"]}, "InvalidSubnetID.NotFound"),
])
def test_an_endpoint_that_aws_would_refuse_is_refused(ec2: Any, place: dict[str, str], given: dict[str, Any],
                                                      code: str) -> None:
    with refused(code):
        interface(ec2, place, **given)


def test_private_names_need_a_network_with_names_and_are_given_once(ec2: Any, place: dict[str, str]) -> None:
    ec2.modify_vpc_attribute(VpcId=place["vpc"], EnableDnsHostnames={"Value": False})
    with refused("InvalidParameter"):
        interface(ec2, place)
    ec2.modify_vpc_attribute(VpcId=place["vpc"], EnableDnsHostnames={"Value": True})
    interface(ec2, place)
    with refused("InvalidParameter"):
        interface(ec2, place)
    second = interface(ec2, place, PrivateDnsEnabled=False)
    with refused("InvalidParameter"):
        ec2.modify_vpc_endpoint(VpcEndpointId=second["VpcEndpointId"], PrivateDnsEnabled=True)


def test_an_endpoint_has_one_subnet_in_a_zone(ec2: Any, place: dict[str, str]) -> None:
    third = ec2.create_subnet(VpcId=place["vpc"], CidrBlock="10.80.9.0/24", AvailabilityZone="eu-west-1a")["Subnet"]
    with refused("DuplicateSubnetsInSameZone"):
        interface(ec2, place, SubnetIds=[place["a"], third["SubnetId"]])


def test_a_policy_can_be_reset(ec2: Any, place: dict[str, str]) -> None:
    made = interface(ec2, place, PolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], ResetPolicy=True)
    now = ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])["VpcEndpoints"][0]
    assert '"Action": "*"' in now["PolicyDocument"]


def test_a_rule_keeps_what_is_said_of_it_and_changes_as_a_whole(ec2: Any, place: dict[str, str]) -> None:
    prefixes = ec2.describe_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [S3]}])["PrefixLists"][0]
    assert prefixes["Cidrs"]
    rule = ec2.authorize_security_group_egress(GroupId=place["group"], IpPermissions=[
        {**HTTPS, "PrefixListIds": [{"PrefixListId": prefixes["PrefixListId"], "Description": "to S3"}]}])
    rule_id, said = (rule["SecurityGroupRules"][0][name] for name in ("SecurityGroupRuleId", "Description"))
    new = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "PrefixListId": prefixes["PrefixListId"]}
    ec2.modify_security_group_rules(GroupId=place["group"], SecurityGroupRules=[
        {"SecurityGroupRuleId": rule_id, "SecurityGroupRule": {**new, "Description": "plain"}}])
    now = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule_id])["SecurityGroupRules"][0]

    assert (said, now["Description"], now["ToPort"]) == ("to S3", "plain", 80)
    with refused("InvalidParameterValue"):
        ec2.modify_security_group_rules(GroupId=place["group"], SecurityGroupRules=[
            {"SecurityGroupRuleId": rule_id, "SecurityGroupRule": {**HTTPS, "CidrIpv4": "10.0.0.0/8"}}])
    with refused("InvalidPrefixListID.NotFound"):
        ec2.authorize_security_group_egress(GroupId=place["group"], IpPermissions=[
            {**HTTPS, "PrefixListIds": [{"PrefixListId": "pl-0123456789abcdef0"}]}])


def test_nothing_is_deleted_under_what_uses_it(ec2: Any, place: dict[str, str]) -> None:
    peer = ec2.create_security_group(GroupName="peer", Description="peer", VpcId=place["vpc"])["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=peer, IpPermissions=[
        {**HTTPS, "UserIdGroupPairs": [{"GroupId": place["group"]}]}])
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=place["group"])
    with refused("DependencyViolation"):
        ec2.delete_vpc(VpcId=place["vpc"])
    own = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [place["vpc"]]},
                                                {"Name": "group-name", "Values": ["default"]}])["SecurityGroups"][0]
    with refused("CannotDelete"):
        ec2.delete_security_group(GroupId=own["GroupId"])
    for group in (peer, place["group"]):
        ec2.delete_security_group(GroupId=group)
    for subnet in (place["a"], place["b"]):
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_route_table(RouteTableId=place["table"])
    ec2.delete_vpc(VpcId=place["vpc"])


def test_a_nat_gateway_gives_its_address_back(ec2: Any, place: dict[str, str]) -> None:
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=place["a"], AllocationId=address)["NatGateway"]["NatGatewayId"]
    with refused("InvalidIPAddress.InUse"):
        ec2.release_address(AllocationId=address)
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=place["a"])
    with refused("NatGatewayNotFound"):
        ec2.delete_nat_gateway(NatGatewayId="nat-0123456789abcdef0")


def test_a_flow_log_to_a_log_group_by_its_arn_is_delivered(ec2: Any, place: dict[str, str],
                                                           boto: Callable[[str], Any]) -> None:
    boto("logs").create_log_group(logGroupName="flow")
    made = ec2.create_flow_logs(
        ResourceIds=[place["vpc"]], ResourceType="VPC", TrafficType="ALL", LogDestinationType="cloud-watch-logs",
        LogDestination="arn:aws:logs:eu-west-1:123456789012:log-group:flow",
        DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/flow")["FlowLogIds"]
    log = ec2.describe_flow_logs(FlowLogIds=made)["FlowLogs"][0]
    assert (log["DeliverLogsStatus"], log["LogGroupName"]) == ("SUCCESS", "flow")
