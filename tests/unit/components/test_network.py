"""The private network: what is in it, who gets in, what gets out, and through which doors."""

from __future__ import annotations

from fnmatch import fnmatchcase
from types import SimpleNamespace

import pytest

from mlstead import ExecutionRole, ExecutionRoleArgs, FoundationReference, Network, NetworkArgs, Weakened
from mlstead.errors import MlsteadError
from mlstead.network.network import ENDPOINTS

ACCOUNT = "123456789012"
NEEDED = {  # the list
    "sagemaker.api", "sagemaker.runtime", "sagemaker.featurestore-runtime", "sts", "logs", "monitoring", "kms",
    "ecr.api", "ecr.dkr", "secretsmanager", "events", "states", "glue", "athena",
}
OPEN = Weakened("packages are installed from the internet")


@pytest.fixture
def network(run, context):
    """Run a program with a network of these arguments."""
    return lambda **changes: run(lambda: Network("network", NetworkArgs(context, "key", **changes)))


@pytest.fixture
def closed(network):
    """The network as it is when nothing is said."""
    return network()


def endpoints(made):
    """Give the endpoints by what their service's name ends in."""
    prefix = "com.amazonaws.eu-west-1."
    return {each.inputs["serviceName"].removeprefix(prefix): each for each in made.of("VpcEndpoint")}


def rules(made, kind):
    """Give a group's rules as (group, from or to, protocol, port)."""
    whom = ("referencedSecurityGroupId", "prefixListId", "cidrIpv4")
    return {
        (rule["securityGroupId"], next(rule[name] for name in whom if name in rule), rule["ipProtocol"],
         rule.get("fromPort"))
        for rule in (each.inputs for each in made.of(kind))
    }


def test_each_zone_has_a_private_subnet_of_its_own(closed):
    (vpc,) = closed.of("Vpc")
    assert vpc.inputs["cidrBlock"] == "10.64.0.0/16"
    assert vpc.inputs["enableDnsSupport"] is vpc.inputs["enableDnsHostnames"] is True  # private names of endpoints
    subnets = {each.inputs["availabilityZone"]: each.inputs for each in closed.of("Subnet")}
    assert {zone: each["cidrBlock"] for zone, each in subnets.items()} == {
        "eu-west-1a": "10.64.0.0/18", "eu-west-1b": "10.64.64.0/18",
    }
    assert all(each["mapPublicIpOnLaunch"] is False for each in subnets.values())
    assert {each.inputs["subnetId"] for each in closed.of("RouteTableAssociation")} == {
        "subnet-network-a", "subnet-network-b",
    }
    assert {each.inputs["routeTableId"] for each in closed.of("RouteTableAssociation")} == {"rtb-network"}


def test_no_route_leads_to_the_internet(closed):
    for kind in ("Route", "InternetGateway", "NatGateway", "Eip"):
        assert not closed.of(kind), kind
    (table,) = closed.of("RouteTable")
    assert "routes" not in table.inputs


def test_a_third_zone_moves_nothing_that_is_there(closed, network):
    more = network(zones=3)
    assert {each.name for each in more.of("Subnet")} == {"network-a", "network-b", "network-c"}
    for before in closed.of("Subnet"):
        assert more.one("Subnet", before.name).inputs == before.inputs


def test_every_service_that_is_used_has_a_door_and_a_private_name(closed):
    doors = endpoints(closed)
    assert doors.keys() == NEEDED | {"s3"}
    gateway = doors.pop("s3").inputs
    assert (gateway["vpcEndpointType"], gateway["routeTableIds"]) == ("Gateway", ["rtb-network"])
    for door in doors.values():
        assert door.inputs["vpcEndpointType"] == "Interface"
        assert door.inputs["privateDnsEnabled"] is True
        assert door.inputs["subnetIds"] == ["subnet-network-a", "subnet-network-b"]
        assert door.inputs["securityGroupIds"] == ["sg-network-endpoints"]


def test_the_list_of_endpoints_can_be_trimmed_and_s3_stays(network):
    assert endpoints(network(endpoints=["sts", "kms"])).keys() == {"s3", "sts", "kms"}


@pytest.mark.parametrize(("organization", "expected"), [
    ("", {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}),
    ("o-a1b2c3d4e5", {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:ResourceOrgID": "o-a1b2c3d4e5"}),
])
def test_only_our_identities_reach_only_our_resources_through_every_door(network, organization, expected):
    for service, door in endpoints(network(organization_id=organization)).items():
        first, *others = door.policies()["policy"]["Statement"]
        assert first["Condition"] == {"StringEquals": expected}, service
        assert len(others) == (service == "s3")


def test_image_layers_of_ecr_can_be_read_and_nothing_else_of_strangers(closed):
    _, layers = endpoints(closed)["s3"].policies()["policy"]["Statement"]
    assert layers == {
        "Sid": "PullImageLayers", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"],
    }


def test_the_workload_talks_to_doors_s3_and_itself_notebooks_to_doors_and_s3_and_nobody_to_a_notebook(closed):
    workload, notebooks, doors = "sg-network-workload", "sg-network-notebooks", "sg-network-endpoints"
    assert rules(closed, "SecurityGroupIngressRule") == {
        (workload, workload, "-1", None),  # encrypted traffic between containers: UDP 500 and ESP
        (doors, workload, "tcp", 443), (doors, notebooks, "tcp", 443),
    }
    assert rules(closed, "SecurityGroupEgressRule") == {
        (workload, workload, "-1", None), (workload, doors, "tcp", 443), (workload, "pl-0a1b2c3", "tcp", 443),
        (notebooks, doors, "tcp", 443), (notebooks, "pl-0a1b2c3", "tcp", 443),
    }
    for group in closed.of("SecurityGroup"):
        assert not {"ingress", "egress"} & group.inputs.keys(), "rules in two places undo each other"


def test_the_default_security_group_is_closed(closed):
    (default,) = closed.of("DefaultSecurityGroup")
    assert default.inputs["vpcId"] == "vpc-network"
    assert not {"ingress", "egress"} & default.inputs.keys()


def test_every_connection_is_recorded_encrypted_and_by_a_role_that_can_do_nothing_else(closed):
    (flow,) = closed.of("FlowLog")
    assert (flow.inputs["vpcId"], flow.inputs["trafficType"], flow.inputs["maxAggregationInterval"]) == (
        "vpc-network", "ALL", 60,
    )
    (logs,) = closed.of("LogGroup")
    assert logs.inputs["name"] == "/mlstead/flight-delays-dev/flow-logs"
    assert (logs.inputs["kmsKeyId"], logs.inputs["retentionInDays"]) == ("key", 365)
    (role,) = closed.of("Role")
    (trust,) = role.policies()["assumeRolePolicy"]["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc-flow-log/*"},
    }
    (policy,) = closed.of("RolePolicy")
    write, find = policy.policies()["policy"]["Statement"]
    assert write["Resource"] == [f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/mlstead/flight-delays-dev/flow-logs:*"]
    assert find["Action"] == ["logs:DescribeLogGroups"]
    assert any("rolePolicy" in urn for urn in flow.dependencies)


def test_a_way_out_is_one_nat_gateway_for_https_and_stands_in_the_graph_with_its_reason(network):
    made = network(no_internet_route=OPEN)
    (nat,), (address,) = made.of("NatGateway"), made.of("Eip")
    assert nat.inputs["subnetId"] == "subnet-network-egress-public"
    assert address.inputs["domain"] == "vpc"
    routes = {each.inputs["routeTableId"]: each.inputs for each in made.of("Route")}
    assert routes.keys() == {"rtb-network", "rtb-network-egress-public"}
    assert all(route["destinationCidrBlock"] == "0.0.0.0/0" for route in routes.values())
    assert "natGatewayId" in routes["rtb-network"]
    assert "gatewayId" in routes["rtb-network-egress-public"]
    public = made.one("Subnet", "network-egress-public").inputs
    assert (public["cidrBlock"], public["mapPublicIpOnLaunch"]) == ("10.64.192.0/22", False)
    assert rules(made, "SecurityGroupEgressRule") - rules(network(), "SecurityGroupEgressRule") == {
        ("sg-network-workload", "0.0.0.0/0", "tcp", 443), ("sg-network-notebooks", "0.0.0.0/0", "tcp", 443),
    }
    assert rules(made, "SecurityGroupIngressRule") == rules(network(), "SecurityGroupIngressRule")
    (component,) = [each for each in made.resources if each.type == "mlstead:index:Network"]
    assert component.inputs["weakenings"] == {"no_internet_route": OPEN.reason}


def test_a_way_out_changes_nothing_else(closed, network):
    before = {(each.type, each.name): each.inputs for each in closed.resources if each.custom}
    after = {(each.type, each.name): each.inputs for each in network(no_internet_route=OPEN).resources if each.custom}
    assert {key: after[key] for key in before} == before


def test_flow_logs_can_be_left_out_with_a_reason(network):
    made = network(flow_logs=Weakened("a sandbox that is thrown away every night"))
    assert not made.of("FlowLog") + made.of("LogGroup") + made.of("Role")


@pytest.mark.parametrize(("changes", "said"), [
    ({"cidr": "8.8.0.0/16"}, "8.8.0.0/16 is not private"),
    ({"cidr": "10.0.0.0/24"}, "256 addresses"),
    ({"cidr": "10.0.0.0/8"}, "16777216 addresses"),
    ({"cidr": "10.0.0.1/16"}, "no block of addresses"),
    ({"cidr": "everything"}, "no block of addresses"),
    ({"cidr": "fd00::/56"}, "no block of addresses"),
    ({"zones": 1}, "2 or 3"),
    ({"zones": 4}, "2 or 3"),
    ({"endpoints": ["sagmaker.api"]}, "sagmaker.api"),
    ({"endpoints": ["s3"]}, "No endpoint is made for s3"),
    ({"endpoints": ["sts", "sts"]}, "named twice"),
    ({"organization_id": "123456789012"}, "no organisation"),
    ({"log_retention_days": 100}, "100 days"),
])
def test_what_aws_or_prudence_would_refuse_is_refused_when_constructed(context, changes, said):
    with pytest.raises(MlsteadError, match=said):
        NetworkArgs(context, "key", **changes)


def test_the_smallest_network_has_room_for_everything(network):
    made = network(cidr="172.16.0.0/20", zones=3, no_internet_route=OPEN)
    blocks = {each.inputs["cidrBlock"] for each in made.of("Subnet")}
    assert blocks == {"172.16.0.0/22", "172.16.4.0/22", "172.16.8.0/22", "172.16.12.0/26"}


def test_a_region_with_too_few_zones_is_named(network, monkeypatch):
    import pulumi_aws

    class Found:
        names = ("eu-west-1a",)

    monkeypatch.setattr(pulumi_aws, "get_availability_zones", lambda **_: Found)
    with pytest.raises(MlsteadError, match="eu-west-1 has 1 availability zones"):
        network()


def test_a_zone_that_is_impaired_moves_no_subnet(closed, network, monkeypatch):
    import pulumi_aws

    def found(*, state=None, **_):
        return SimpleNamespace(names=[f"eu-west-1{letter}" for letter in ("bc" if state == "available" else "abc")])

    monkeypatch.setattr(pulumi_aws, "get_availability_zones", found)
    assert {each.name: each.inputs for each in network().of("Subnet")} == {
        each.name: each.inputs for each in closed.of("Subnet")}


def test_a_network_and_its_reference_let_in_the_same_and_into_no_other_network(run, context):
    def direct():
        Network("network", NetworkArgs(context, "key")).grant_join(
            ExecutionRole("job", ExecutionRoleArgs(context, "processing")))

    def through():
        FoundationReference("organization/mlstead-foundation/dev", context).network.grant_join(
            ExecutionRole("job", ExecutionRoleArgs(context, "processing")))

    outputs = {"network": {"vpc_id": "vpc-network", "subnet_ids": ["subnet-network-a", "subnet-network-b"],
                           "security_group_id": "sg-network-workload"}}
    granted = [run(program, outputs=outputs).one("RolePolicy", "job-join-network").policies()["policy"]["Statement"]
               for program in (direct, through)]
    assert granted[0] == granted[1]
    place, look = granted[0]
    ec2 = f"arn:aws:ec2:eu-west-1:{ACCOUNT}"
    assert place["Resource"] == [
        f"{ec2}:network-interface/*", f"{ec2}:subnet/*", f"{ec2}:security-group/sg-network-workload",
    ]
    assert place["Condition"] == {"ArnEqualsIfExists": {"ec2:Vpc": f"{ec2}:vpc/vpc-network"}}
    assert all(action.startswith("ec2:Describe") for action in look["Action"])
    assert look["Condition"] == {"StringEquals": {"ec2:Region": "eu-west-1"}}


def test_a_foundation_that_does_not_tell_its_network_is_named(run, context):
    def program():
        FoundationReference("organization/mlstead-foundation/dev", context).network.grant_join(
            ExecutionRole("job", ExecutionRoleArgs(context, "processing")))

    with pytest.raises(MlsteadError, match=r"no output network\."):
        run(program, outputs={"region": "eu-west-1"})


def test_the_foundations_key_for_logs_admits_the_flow_logs(foundation):
    (logs,) = [each for each in foundation.of("LogGroup") if each.name == "network-flow-logs"]
    assert logs.inputs["kmsKeyId"].endswith("/operations-key")
    (admits,) = [statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
                 for key, statement in foundation.statements()
                 if key.name == "operations-key" and statement["Sid"] == "EncryptLogGroups"]
    group = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:{logs.inputs['name']}"
    assert any(fnmatchcase(group, pattern) for pattern in admits)


def test_what_a_project_finds_is_what_the_foundation_tells(foundation):
    told = foundation.exports["network"]
    assert told == {
        "vpc_id": "vpc-network", "subnet_ids": ["subnet-network-a", "subnet-network-b"],
        "security_group_id": "sg-network-workload", "notebook_security_group_id": "sg-network-notebooks",
        "s3_endpoint_id": "vpce-network-endpoints-s3",
    }


def test_the_default_list_is_what_machine_learning_uses():
    assert set(ENDPOINTS) == NEEDED


def test_the_roles_of_jobs_and_endpoint_can_join_the_network_and_the_others_cannot(serving):
    joining = {each.name.removesuffix("-join-network") for each in serving.of("RolePolicy")
               if each.name.endswith("-join-network")}
    assert joining >= {
        "flight-delays-data-ingestion", "flight-delays-data-gate", "flight-delays-pipeline-processing",
        "flight-delays-pipeline-training", "flight-delays-endpoint-role",
    }
    assert not {name for name in joining if "pipeline-role" in name or "starts" in name}
