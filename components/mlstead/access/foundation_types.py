"""The resource types of the foundation's stack, and what the AWS provider calls to keep them."""

from __future__ import annotations

from typing import Final

from mlstead.access.managed import Managed

_TAGGING = ("TagResource", "UntagResource")
_BUCKET = (  # what a bucket and each of its settings is read and written by
    "AccelerateConfiguration", "BucketAcl", "BucketCORS", "BucketLogging", "BucketNotification",
    "BucketObjectLockConfiguration", "BucketOwnershipControls", "BucketPolicy", "BucketPublicAccessBlock",
    "BucketRequestPayment", "BucketTagging", "BucketVersioning", "BucketWebsite", "EncryptionConfiguration",
    "InventoryConfiguration", "LifecycleConfiguration", "ReplicationConfiguration",
)
_READ_ONLY = ("AccelerateConfiguration", "BucketAcl", "BucketCORS", "BucketRequestPayment", "BucketWebsite",
              "ReplicationConfiguration")

FOUNDATION_TYPES: Final = (
    Managed(
        ("aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable",
         "aws:ec2/routeTableAssociation:RouteTableAssociation", "aws:ec2/securityGroup:SecurityGroup",
         "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:ec2/vpcEndpoint:VpcEndpoint",
         "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "aws:ec2/flowLog:FlowLog",
         "aws:ec2/internetGateway:InternetGateway", "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip",
         "aws:ec2/route:Route"),
        "ec2", [f"{kind}/*" for kind in ("vpc", "subnet", "route-table", "security-group", "security-group-rule",
                                         "vpc-endpoint", "vpc-flow-log", "internet-gateway", "natgateway",
                                         "elastic-ip")],
        creates=["CreateVpc", "CreateSubnet", "CreateRouteTable", "CreateSecurityGroup", "CreateVpcEndpoint",
                 "CreateFlowLogs", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress",
                 "CreateInternetGateway", "CreateNatGateway", "AllocateAddress", "CreateTags"],
        # What is made in a network is asked for it as well.
        changes=["ModifyVpcAttribute", "DeleteVpc", "CreateSubnet", "ModifySubnetAttribute", "DeleteSubnet",
                 "CreateRouteTable", "AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation",
                 "DeleteRouteTable", "CreateRoute", "ReplaceRoute", "DeleteRoute", "CreateSecurityGroup",
                 "DeleteSecurityGroup", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress",
                 "ModifySecurityGroupRules", "CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints",
                 "CreateFlowLogs", "DeleteFlowLogs", "AttachInternetGateway", "DetachInternetGateway",
                 "DeleteInternetGateway", "CreateNatGateway", "DeleteNatGateway", "ReleaseAddress", "CreateTags",
                 "DeleteTags"],
    ),
    Managed(  # the default group comes with the network, without tags; to take rules away opens nothing
        ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",), "ec2", ["security-group/*"], tagged=False,
        changes=["RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"],
    ),
    Managed(
        ("aws:ec2/vpc:Vpc",), "ec2", [],
        reads=["DescribeVpcs", "DescribeVpcAttribute", "DescribeSubnets", "DescribeRouteTables", "DescribeNetworkAcls",
               "DescribeSecurityGroups", "DescribeSecurityGroupRules", "DescribeVpcEndpoints", "DescribePrefixLists",
               "DescribeNetworkInterfaces", "DescribeFlowLogs", "DescribeAvailabilityZones",
               "DescribeInternetGateways", "DescribeNatGateways", "DescribeAddresses"],
        reason="Describe… of EC2 has no resource level; it tells how networks are set up",
    ),
    Managed(("aws:kms/key:Key",), "kms", [], creates=["CreateKey"],
            reason="a key that is made has no name yet; the tags of the request narrow it"),
    Managed(("aws:kms/alias:Alias",), "kms", [], reads=["ListAliases"],
            reason="ListAliases has no resource level; it tells names"),
    Managed(
        ("aws:kms/key:Key", "aws:kms/alias:Alias"), "kms", ["key/*"], creates=["TagResource"],
        changes=["PutKeyPolicy", "EnableKey", "EnableKeyRotation", "UpdateKeyDescription", "ScheduleKeyDeletion",
                 "CancelKeyDeletion", "CreateAlias", "UpdateAlias", "DeleteAlias", *_TAGGING],
        reads=["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags"],
    ),
    Managed(("aws:kms/alias:Alias",), "kms", ["alias/{name}/*"], changes=["CreateAlias", "UpdateAlias", "DeleteAlias"],
            tagged=False),
    Managed(
        ("aws:s3/bucket:Bucket", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
         "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "aws:s3/bucketVersioning:BucketVersioning",
         "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
         "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "aws:s3/bucketPolicy:BucketPolicy",
         "aws:s3/bucketNotification:BucketNotification", "aws:s3/bucketLogging:BucketLogging",
         "aws:s3/inventory:Inventory",
         "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"),
        "s3", ["lake-*"],
        changes=["CreateBucket", "DeleteBucket", "DeleteBucketPolicy", *_TAGGING,
                 *(f"Put{setting}" for setting in _BUCKET if setting not in _READ_ONLY)],
        reads=["ListBucket", "ListTagsForResource", *(f"Get{setting}" for setting in _BUCKET)], tagged=False,
    ),
    Managed(
        ("aws:glue/catalogDatabase:CatalogDatabase",
         "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings"), "glue",
        ["catalog", "database/{database}_*", "table/{database}_*/*", "userDefinedFunction/{database}_*/*"],
        changes=["CreateDatabase", "UpdateDatabase", "DeleteDatabase", "PutDataCatalogEncryptionSettings", *_TAGGING],
        reads=["GetDatabase", "GetDataCatalogEncryptionSettings", "GetTags"], tagged=False,
    ),
    Managed(
        ("aws:lakeformation/dataLakeSettings:DataLakeSettings", "aws:lakeformation/lfTag:LfTag",
         "aws:lakeformation/resourceLfTag:ResourceLfTag", "aws:lakeformation/resource:Resource"), "lakeformation", [],
        changes=["PutDataLakeSettings", "CreateLFTag", "UpdateLFTag", "DeleteLFTag", "AddLFTagsToResource",
                 "RemoveLFTagsFromResource", "RegisterResource", "UpdateResource", "DeregisterResource"],
        reads=["GetDataLakeSettings", "GetLFTag", "GetResourceLFTags", "DescribeResource"], tagged=False,
        reason="Lake Formation's actions have no resource level: who administers it decides what is granted",
    ),
    Managed(
        ("aws:sagemaker/domain:Domain",), "sagemaker", ["domain/*"], creates=["AddTags"],
        changes=["UpdateDomain", "DeleteDomain", "AddTags", "DeleteTags"], reads=["DescribeDomain", "ListTags"],
    ),
    Managed(
        ("aws:cloudwatch/logGroup:LogGroup",), "logs",
        ["log-group:/mlstead/{name}/*", *(f"log-group:/aws/sagemaker/{group}*" for group in
                                          ("ProcessingJobs", "TrainingJobs", "studio"))],
        creates=["CreateLogGroup", "TagResource"],
        changes=["PutRetentionPolicy", "DeleteRetentionPolicy", "DeleteLogGroup", *_TAGGING],
        reads=["ListTagsForResource"],
    ),
    Managed(  # asked of a group that is being made, and has no tags yet
        ("aws:cloudwatch/logGroup:LogGroup",), "logs", ["log-group:/mlstead/{name}/*", "log-group:/aws/sagemaker/*"],
        changes=["AssociateKmsKey"], tagged=False,
    ),
    Managed(
        ("aws:cloudwatch/logGroup:LogGroup",), "logs", [], reads=["DescribeLogGroups"],
        reason="DescribeLogGroups has no resource level; it tells names and settings, no events",
    ),
    Managed(  # roles, and the boundary of those of projects; written under conditions of their own
        ("aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"), "iam",
        ["role/mlstead/{project}/{environment}/*", "policy/mlstead/{environment}-boundary"],
        reads=["GetRole", "GetRolePolicy", "ListRolePolicies", "ListAttachedRolePolicies",
               "ListInstanceProfilesForRole", "ListRoleTags", "GetPolicy", "GetPolicyVersion", "ListPolicyVersions",
               "ListPolicyTags"],
    ),
)
