"""Amazon EC2: networks.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row, Service, each

VPC, SUBNET, ROUTES = "vpc/{VpcId}", "subnet/{SubnetId}", "route-table/{RouteTableId}"
GROUP = "security-group/{GroupId}"
GATEWAY = "internet-gateway/{InternetGatewayId}"
INTERFACE = "network-interface/{NetworkInterfaceId}"
TAGS = "TagSpecifications.Tags"

TABLE = Service("ec2", {
    **each("DescribeVpcs DescribeSubnets DescribeRouteTables DescribeSecurityGroups DescribeSecurityGroupRules "
           "DescribeNetworkAcls DescribeVpcEndpoints DescribeFlowLogs DescribeInternetGateways DescribeNatGateways "
           "DescribeAddresses DescribePrefixLists DescribeAvailabilityZones DescribeTags DescribeNetworkInterfaces "
           "DescribeDhcpOptions DescribeVpcEndpointServices DescribeAccountAttributes DescribeAddressesAttribute "
           "DescribeVpcPeeringConnections"),
    "DescribeVpcAttribute": Row(VPC),
    "CreateVpc": Row("vpc/*", tags=TAGS),
    "ModifyVpcAttribute": Row(VPC),
    "DeleteVpc": Row(VPC),
    "CreateSubnet": Row("subnet/*", VPC, tags=TAGS),
    "ModifySubnetAttribute": Row(SUBNET),
    "DeleteSubnet": Row(SUBNET),
    "CreateRouteTable": Row("route-table/*", VPC, tags=TAGS),
    **each("CreateRoute ReplaceRoute DeleteRoute DeleteRouteTable", ROUTES),
    **each("AssociateRouteTable", ROUTES, "subnet/{SubnetId?}", "internet-gateway/{GatewayId?}"),
    "ReplaceRouteTableAssociation": Row(ROUTES),
    # An association is known by its id, which no policy can name.
    "DisassociateRouteTable": Row("route-table/*", "subnet/*"),
    "CreateSecurityGroup": Row("security-group/*", "vpc/{VpcId?}", tags=TAGS),
    **each("AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress", GROUP, tags=TAGS),
    **each("RevokeSecurityGroupIngress RevokeSecurityGroupEgress DeleteSecurityGroup", GROUP),
    "ModifySecurityGroupRules": Row(GROUP, "security-group-rule/{SecurityGroupRules.SecurityGroupRuleId}"),
    "CreateVpcEndpoint": Row(
        "vpc-endpoint/*", VPC, "route-table/{RouteTableIds?}", "security-group/{SecurityGroupIds?}",
        "subnet/{SubnetIds?}", tags=TAGS, context={"ec2:VpceServiceName": "ServiceName"}),
    "ModifyVpcEndpoint": Row(
        "vpc-endpoint/{VpcEndpointId}", "route-table/{AddRouteTableIds?}", "route-table/{RemoveRouteTableIds?}",
        "security-group/{AddSecurityGroupIds?}", "security-group/{RemoveSecurityGroupIds?}",
        "subnet/{AddSubnetIds?}", "subnet/{RemoveSubnetIds?}"),
    "DeleteVpcEndpoints": Row("vpc-endpoint/{VpcEndpointIds}"),
    "CreateFlowLogs": Row("vpc-flow-log/*", "vpc/{ResourceIds?}", tags=TAGS, passes=("DeliverLogsPermissionArn",),
                          passed_to="vpc-flow-logs.amazonaws.com"),
    "DeleteFlowLogs": Row("vpc-flow-log/{FlowLogIds}"),
    "CreateInternetGateway": Row("internet-gateway/*", tags=TAGS),
    **each("AttachInternetGateway DetachInternetGateway", GATEWAY, VPC),
    "DeleteInternetGateway": Row(GATEWAY),
    "AllocateAddress": Row("elastic-ip/*", tags=TAGS),
    "ReleaseAddress": Row("elastic-ip/{AllocationId}"),
    "CreateNatGateway": Row("natgateway/*", SUBNET, "elastic-ip/{AllocationId?}", tags=TAGS),
    "DeleteNatGateway": Row("natgateway/{NatGatewayId}"),
    "CreateNetworkInterface": Row("network-interface/*", SUBNET, "security-group/{Groups?}", tags=TAGS),
    "CreateNetworkInterfacePermission": Row(
        INTERFACE, context={"ec2:Permission": "Permission", "ec2:AuthorizedService": "AwsService"}),
    "DeleteNetworkInterface": Row(INTERFACE),
    "DeleteNetworkInterfacePermission": Row("network-interface/*"),
    "CreateTags": Row("{ec2:Resources}", tags="Tags"),
    "DeleteTags": Row("{ec2:Resources}", context={"aws:TagKeys": "Tags.Key"}),
}, tagging="ec2:CreateTags", tagging_key="ec2:CreateAction", tag_keys=("ec2:ResourceTag",),
    keys={"ec2:Region": "{region}"}, traits=("ec2:Vpc", "ec2:Subnet"))
