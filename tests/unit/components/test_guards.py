"""What holds for every resource of the foundation and of a project, whatever it is."""

from __future__ import annotations

import json

import pulumi_aws
import pytest

STATEFUL = {"aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:sagemaker/modelPackageGroup:ModelPackageGroup",
            "aws:ecr/repository:Repository"}
UNNARROWABLE = {  # actions without a resource level
    "cloudwatch:PutMetricData", "ecr:GetAuthorizationToken", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs",
    "ec2:DescribeDhcpOptions", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "lakeformation:GetDataAccess",
    "sagemaker:ListApps", "sagemaker:ListDomains", "sagemaker:ListSpaces", "sagemaker:ListUserProfiles",
    "logs:DescribeLogGroups", "cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics",
    "iam:ListRoles", "ec2:DescribeVpcEndpoints",
}
TEAM = {"data-engineer", "data-scientist", "ml-engineer", "auditor", "delivery"}
BOUND = ("aws:ec2/vpcEndpoint:VpcEndpoint", "aws:iam/policy:Policy")  # they grant nothing


def takes_tags(type_: str) -> bool:
    module, name = type_.split("/")[0].removeprefix("aws:"), type_.rpartition(":")[2]
    return hasattr(getattr(getattr(pulumi_aws, module), name), "tags")


def test_every_taggable_resource_says_whose_it_is(either):
    checked = 0
    for resource in either.resources:
        if resource.custom and resource.type.startswith("aws:") and takes_tags(resource.type):
            tags = resource.inputs["tags"]
            assert {"mlstead:project", "mlstead:environment", "mlstead:component"} <= tags.keys(), resource
            assert tags["mlstead:environment"] == "dev"
            checked += 1
    assert checked >= 10


def test_everything_belongs_to_a_component_of_mlstead(either):
    for resource in either.resources:
        if resource.type != "pulumi:pulumi:StackReference" and resource.custom:
            assert "mlstead:index:" in resource.parent, resource.name


def test_what_holds_data_or_governs_an_account_is_protected_and_nothing_else_is(either):
    for resource in either.resources:
        if resource.custom:
            assert resource.protect == (resource.type in STATEFUL or resource.name == "governance"), resource.name


def test_no_statement_allows_a_whole_service_or_an_unexplained_star(either):
    for resource, statement in either.statements():
        if statement["Effect"] == "Deny" or resource.type in BOUND:
            continue
        assert not any(action == "*" or action.endswith(":*") for action in statement["Action"])
        if resource.type == "aws:kms/key:Key":
            continue  # in a key policy * is the key
        if "*" in statement.get("Resource", []):
            assert set(statement["Action"]) <= UNNARROWABLE, statement
        assert "NotResource" not in statement


def test_no_policy_lets_in_everyone(either):
    for resource, statement in either.statements():
        if statement["Effect"] == "Allow" and "Principal" in statement and resource.type not in BOUND:
            assert "*" not in json.dumps(statement["Principal"]), (resource.name, statement)


def test_services_come_in_only_for_this_account(either):
    seen = 0
    for resource, statement in either.statements():
        if statement["Effect"] == "Allow" and "Service" in statement.get("Principal", {}):
            assert "123456789012" in json.dumps(statement["Condition"]), (resource.name, statement)
            seen += 1
    assert seen


def test_no_role_trusts_without_source_account_and_arn(serving):
    roles = serving.of("aws:iam/role:Role")
    uses = {role.inputs["tags"]["mlstead:use"] for role in roles}
    assert len(uses) == len(roles) and uses >= {
        "ingestion", "gate", "data-pipeline", "scheduling", "processing", "training", "pipeline", "endpoint",
        "monitoring", "exploration", *TEAM,
    }
    for role in roles:
        assert role.inputs["tags"]["mlstead:project"] == "flight-delays"
        if role.inputs["tags"]["mlstead:use"] in TEAM:  # test_team_roles.py, test_delivery_role.py
            continue
        (trust,) = role.policies()["assumeRolePolicy"]["Statement"]
        assert trust["Condition"]["StringEquals"]["aws:SourceAccount"] == "123456789012"
        source = trust["Condition"]["ArnLike"]["aws:SourceArn"]
        if role.inputs["tags"]["mlstead:use"] == "scheduling":  # test_data_pipeline.py
            assert all(rule.startswith("arn:aws:events:eu-west-1:123456789012:rule/") for rule in source)
        else:
            assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}
            assert source == "arn:aws:sagemaker:eu-west-1:123456789012:*"


def test_no_managed_policy_and_no_inline_total_above_iams_limit(serving):
    assert not serving.of("RolePolicyAttachment")
    sizes: dict[str, int] = {}
    for policy in serving.of("RolePolicy"):
        sizes[policy.inputs["role"]] = sizes.get(policy.inputs["role"], 0) + len(policy.inputs["policy"])
    assert len(sizes) == len(serving.of("aws:iam/role:Role"))
    assert max(sizes.values()) < 10_240  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html


def test_pass_role_names_roles_and_the_service(serving):
    passing = [statement for _, statement in serving.statements() if "iam:PassRole" in statement["Action"]]
    assert len(passing) == 4
    for statement in passing:
        assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
        assert all("Role/" in resource and "*" not in resource for resource in statement["Resource"])


def test_every_key_use_in_a_role_is_narrowed(serving):
    using = [statement for _, statement in serving.statements() if statement["Action"][0].startswith("kms:")]
    assert using
    for statement in using:
        if statement["Sid"] == "ReadKeyPolicies":  # nothing is encrypted or decrypted by that
            assert "*" not in statement["Resource"] and not any("crypt" in action for action in statement["Action"])
            continue
        operators = statement["Condition"]
        if statement["Action"] == ["kms:CreateGrant"]:
            assert operators == {
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:ViaService": ["sagemaker.eu-west-1.amazonaws.com"]},
            }
        elif statement["Action"] == ["kms:GenerateMac"]:
            assert operators == {"StringEquals": {"kms:MacAlgorithm": "HMAC_SHA_256"}}
        elif operators["StringEquals"]["kms:ViaService"] == ["glue.eu-west-1.amazonaws.com"]:
            assert operators["StringEquals"]["kms:EncryptionContext:glue_catalog_id"] == "123456789012"
        else:
            assert operators["StringEquals"]["kms:ViaService"] == ["s3.eu-west-1.amazonaws.com"]
            assert operators["ArnLike"]["kms:EncryptionContext:aws:s3:arn"]


@pytest.mark.parametrize("environment", ["local", "dev", "staging", "prod"])
def test_every_environment_deploys_with_and_without_a_model(run_project, environment):
    assert not run_project(environment).of("aws:sagemaker/endpoint:Endpoint")
    assert run_project(environment, {"model": {"version": 3}}).of("aws:sagemaker/endpoint:Endpoint")


def test_production_endpoints_survive_the_loss_of_an_instance(run_project):
    (configuration,) = run_project("prod", {"model": {"version": 1}}).of("EndpointConfiguration")
    assert configuration.inputs["productionVariants"][0]["initialInstanceCount"] >= 2
