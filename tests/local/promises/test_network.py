"""Nothing gets into the network from outside, nothing gets out but to AWS, and every connection is on record."""

from __future__ import annotations

import pytest
from deployed import ACCOUNT, PROJECT, Policy, anyone

from mlstead_toolkit.access import Context, Policies, Request, evaluate

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def ec2(deployed):
    return deployed.client("ec2")


@pytest.fixture(scope="module")
def ours(deployed):
    """The filter for what is in the network."""
    return [{"Name": "vpc-id", "Values": [deployed.foundation["network"]["vpc_id"]]}]


@pytest.mark.promise("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "aws:ec2/vpc:Vpc")
def test_the_default_security_group_lets_nothing_through(ec2, ours):
    default = {"Name": "group-name", "Values": ["default"]}
    groups = ec2.describe_security_groups(Filters=[*ours, default])["SecurityGroups"]
    assert [(group["IpPermissions"], group["IpPermissionsEgress"]) for group in groups] == [([], [])]


@pytest.mark.promise("aws:ec2/securityGroup:SecurityGroup", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                     "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
def test_no_security_group_names_addresses_only_groups_and_s3(ec2, ours):
    groups = ec2.describe_security_groups(Filters=ours)["SecurityGroups"]
    rules = [rule for group in groups for way in ("IpPermissions", "IpPermissionsEgress") for rule in group[way]]
    assert rules
    for rule in rules:
        assert not rule["IpRanges"] and not rule["Ipv6Ranges"]
        assert rule["UserIdGroupPairs"] or rule["PrefixListIds"]
        assert rule["IpProtocol"] == "-1" or (rule["FromPort"], rule["ToPort"]) == (443, 443)


def test_no_notebook_admits_anything_and_none_gets_to_a_job_or_an_endpoint_of_ours(ec2, deployed):
    network = deployed.foundation["network"]
    notebooks, workload = network["notebook_security_group_id"], network["security_group_id"]
    groups = {group["GroupId"]: group for group in ec2.describe_security_groups(
        GroupIds=[notebooks, workload])["SecurityGroups"]}
    assert groups[notebooks]["IpPermissions"] == []
    admitted = [pair["GroupId"] for rule in groups[workload]["IpPermissions"] for pair in rule["UserIdGroupPairs"]]
    assert admitted == [workload]
    assert {(rule["FromPort"], rule["ToPort"]) for rule in groups[notebooks]["IpPermissionsEgress"]} == {(443, 443)}


@pytest.mark.promise("aws:ec2/routeTable:RouteTable", "aws:ec2/routeTableAssociation:RouteTableAssociation")
def test_no_route_leads_to_the_internet(ec2, ours, deployed):
    tables = ec2.describe_route_tables(Filters=ours)["RouteTables"]
    for route in (route for table in tables for route in table["Routes"]):
        assert route.get("GatewayId", "").startswith(("local", "vpce-")), route
        assert "NatGatewayId" not in route
    associated = {one.get("SubnetId") for table in tables for one in table["Associations"]}
    assert set(deployed.foundation["network"]["subnet_ids"]) <= associated
    assert ec2.describe_internet_gateways(
        Filters=[{"Name": "attachment.vpc-id", "Values": ours[0]["Values"]}])["InternetGateways"] == []


@pytest.mark.promise("aws:ec2/subnet:Subnet")
def test_subnets_lie_in_several_zones_and_give_no_public_address(ec2, ours, deployed):
    subnets = ec2.describe_subnets(Filters=ours)["Subnets"]
    assert {subnet["SubnetId"] for subnet in subnets} == set(deployed.foundation["network"]["subnet_ids"])
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) == len(subnets) >= 2
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)


@pytest.mark.promise("aws:ec2/flowLog:FlowLog")
def test_every_connection_is_on_record_encrypted_and_kept(ec2, deployed):
    network, account = deployed.foundation["network"]["vpc_id"], deployed.client("logs")
    flow_logs = ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [network]}])["FlowLogs"]
    assert [(log["FlowLogStatus"], log["TrafficType"]) for log in flow_logs] == [("ACTIVE", "ALL")]
    name = flow_logs[0].get("LogGroupName") or flow_logs[0]["LogDestination"].split(":")[6]
    group = account.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
    assert group["kmsKeyId"] == deployed.keys["operations"] and group["retentionInDays"] >= 30


@pytest.mark.promise("aws:ec2/vpcEndpoint:VpcEndpoint")
def test_every_interface_endpoint_answers_under_its_services_name_in_all_zones(ec2, ours, deployed):
    endpoints = ec2.describe_vpc_endpoints(Filters=ours)["VpcEndpoints"]
    interfaces = [endpoint for endpoint in endpoints if endpoint["VpcEndpointType"] == "Interface"]
    assert len(interfaces) == 14
    for endpoint in interfaces:
        assert endpoint["PrivateDnsEnabled"], endpoint["ServiceName"]
        assert set(endpoint["SubnetIds"]) == set(deployed.foundation["network"]["subnet_ids"])
    gateway = next(endpoint for endpoint in endpoints if endpoint["VpcEndpointType"] == "Gateway")
    assert gateway["ServiceName"].endswith(".s3") and gateway["RouteTableIds"]


def test_endpoints_let_through_only_who_and_what_is_of_this_account(ec2, ours):
    us, them, other = anyone(mlstead_project=PROJECT), anyone("999988887777"), "999988887777"
    for endpoint in ec2.describe_vpc_endpoints(Filters=ours)["VpcEndpoints"]:
        policy = Policy.parse(endpoint["VpcEndpointId"], endpoint["PolicyDocument"])

        def passes(who, owner, policy=policy, action="s3:GetObject", resource="arn:aws:s3:::bucket/key"):
            request = Request(who.principal, action, resource, Context({"aws:ResourceAccount": owner}))
            return evaluate(request, Policies(who.policies, endpoint=policy)).allowed

        assert passes(us, ACCOUNT), endpoint["ServiceName"]
        assert not passes(us, other) and not passes(them, other) and not passes(them, ACCOUNT)
