"""What CI's roles may do: exactly what the stack takes, in its own name space, and nothing to themselves."""

from __future__ import annotations

import json

import pytest

from mlstead.access.foundation_types import FOUNDATION_TYPES
from mlstead.access.managed import arns
from mlstead.access.project_types import PROJECT_TYPES
from mlstead_toolkit.access import Context as Circumstances
from mlstead_toolkit.access import Policies, Policy, Principal, Request, evaluate
from mlstead_toolkit.access.calls import ApiCall, Encryption, needs

ACCOUNT, REGION = "123456789012", "eu-west-1"
IAM, SAGEMAKER = f"arn:aws:iam::{ACCOUNT}", f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
PATH, BOUNDARY = "/mlstead/flight-delays/dev/", f"{IAM}:policy/mlstead/dev-boundary"
ROLE = f"{IAM}:role{PATH}flight-delays-endpoint-0a1b2c3"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-1111-4111-8111-111111111111"
OWN = {"mlstead:project": "flight-delays", "mlstead:environment": "dev"}
TAGS = [{"Key": key, "Value": value} for key, value in OWN.items()]
OTHER = [{"Key": "mlstead:project", "Value": "other"}, {"Key": "mlstead:environment", "Value": "dev"}]
SETTINGS = {
    "projects": {"flight-delays": {"repository": "acme/flight-delays", "environments": ["dev"]}},
    "platform": {"repository": "acme/platform", "environments": ["dev"]},
    "instance_types": ["ml.m5.*", "ml.g5.xlarge"],
}
LONGEST, MOST = 6144, 10  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html


class Known:
    """What the account knows of the resources in these tests."""

    def __init__(self, tags, traits):
        self._tags, self._traits = tags, traits

    def tags(self, arn):
        return self._tags

    def traits(self, arn):
        return self._traits if ":role/" in arn or ":key/" in arn else {}

    def arn(self, kind, name, region):
        return f"{IAM}:role{PATH}{name}" if kind == "role" else KEY

    def encryption(self, arn, version=""):
        return Encryption()


@pytest.fixture(scope="module")
def made(run_bootstrap):
    return run_bootstrap("dev", SETTINGS)


def policies(made, role):
    """The policies that are attached to a role, by name."""
    attached = {each.inputs["policyArn"].rpartition("/")[2] for each in made.of("RolePolicyAttachment")
                if each.inputs["role"] == role}
    return {each.inputs["name"]: each.inputs["policy"] for each in made.of("aws:iam/policy:Policy")
            if each.inputs["name"] in attached}


@pytest.fixture(scope="module")
def may(made):
    """Ask whether a role may make a call: everything that the call needs has to be allowed."""
    def ask(role, service, operation, parameters, tags=None, traits=None):
        who = Principal(f"{IAM}:role/mlstead-ci/{role}", "ci", {"mlstead:use": "deploy"})
        identity = [Policy.parse(name, text) for name, text in policies(made, role).items()]
        call = ApiCall(service, operation, parameters, REGION, ACCOUNT)
        known = Known(tags or {}, {"iam:PermissionsBoundary": BOUNDARY} if traits is None else traits)
        return all(evaluate(Request(who, need.action, need.resource, Circumstances(need.context)),
                            Policies(identity)).allowed for need in needs(call, known))

    return ask


CREATE_ROLE = {"RoleName": "flight-delays-x", "Path": PATH, "AssumeRolePolicyDocument": "{}", "Tags": TAGS,
               "PermissionsBoundary": BOUNDARY}
MODEL = {"ModelName": "flight-delays-endpoint-0a1b2c3", "ExecutionRoleArn": ROLE, "Tags": TAGS,
         "EnableNetworkIsolation": True, "PrimaryContainer": {"Image": "x", "ModelDataUrl": "s3://x"},
         "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}
VARIANT = {"VariantName": "primary", "ModelName": MODEL["ModelName"], "InstanceType": "ml.m5.large"}
CONFIGURATION = {"EndpointConfigName": "flight-delays-endpoint-0a1b2c3", "Tags": TAGS, "KmsKeyId": KEY,
                 "ProductionVariants": [VARIANT]}
PIPELINE = {"PipelineName": "flight-delays-dev", "PipelineDefinition": "{}", "RoleArn": ROLE, "Tags": TAGS,
            "ClientRequestToken": "x" * 32}
PROFILE = {"DomainId": "d-1", "UserProfileName": "flight-delays-data-science", "Tags": TAGS,
           "UserSettings": {"ExecutionRole": ROLE}}
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/flight-delays-data-starts-0a1b2c3"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:flight-delays-endpoint-topic-0a1b2c3"
AS_MAP = OWN

ALLOWED = [
    ("iam", "CreateRole", CREATE_ROLE, {}),
    ("iam", "PutRolePolicy", {"RoleName": "x", "PolicyName": "p", "PolicyDocument": "{}"}, OWN),
    ("iam", "DeleteRole", {"RoleName": "x"}, OWN),
    ("sagemaker", "CreateModel", MODEL, {}),
    ("sagemaker", "DeleteModel", {"ModelName": MODEL["ModelName"]}, OWN),
    ("sagemaker", "CreateEndpointConfig", CONFIGURATION, {}),
    ("sagemaker", "CreateEndpointConfig", {key: value for key, value in CONFIGURATION.items() if key != "KmsKeyId"} | {
        "ProductionVariants": [VARIANT | {"InstanceType": "ml.g5.xlarge"}]}, {}),
    ("sagemaker", "CreatePipeline", PIPELINE, {}),
    ("sagemaker", "UpdatePipeline", {"PipelineName": "flight-delays-dev", "RoleArn": ROLE}, OWN),
    ("sagemaker", "CreateUserProfile", PROFILE, {}),
    ("sagemaker", "DescribePipeline", {"PipelineName": "flight-delays-dev-data"}, OWN),
    ("sagemaker", "DescribeEndpoint", {"EndpointName": "flight-delays-dev"}, {}),  # gone, and asked for once more
    ("events", "PutRule", {"Name": "flight-delays-starts-1", "Tags": TAGS, "ScheduleExpression": "rate(1 day)"}, {}),
    ("events", "PutRule", {"Name": "flight-delays-starts-1", "ScheduleExpression": "rate(2 days)"}, OWN),
    ("events", "PutTargets", {"Rule": "flight-delays-starts-1", "Targets": [
        {"Id": "x", "Arn": f"{SAGEMAKER}:pipeline/flight-delays-dev", "RoleArn": ROLE}]}, OWN),
    ("sns", "CreateTopic", {"Name": "flight-delays-topic-1", "Tags": TAGS}, {}),
    ("sns", "DeleteTopic", {"TopicArn": TOPIC}, OWN),
    ("sqs", "CreateQueue", {"QueueName": "flight-delays-letters-1", "tags": AS_MAP}, {}),
    ("logs", "CreateLogGroup", {"logGroupName": "/aws/sagemaker/Endpoints/flight-delays-dev", "kmsKeyId": KEY,
                                "tags": AS_MAP}, {}),
    ("cloudwatch", "PutMetricAlarm", {"AlarmName": "flight-delays-dev-latency", "Tags": TAGS}, {}),
    ("cloudwatch", "DeleteAlarms", {"AlarmNames": ["flight-delays-dev-latency"]}, OWN),
    ("athena", "CreateWorkGroup", {"Name": "flight-delays-dev", "Tags": TAGS}, {}),
    ("glue", "CreateTable", {"DatabaseName": "mlstead_dev_raw", "TableInput": {"Name": "flight_delays_flights"}}, {}),
    ("lakeformation", "GrantPermissions", {"Principal": {}, "Resource": {}, "Permissions": []}, {}),
]


@pytest.mark.parametrize(("service", "operation", "parameters", "tags"), ALLOWED)
def test_a_project_is_deployed(may, service, operation, parameters, tags):
    assert may("flight-delays-dev-deploy", service, operation, parameters, tags)


@pytest.mark.parametrize("role", ["plan", "deploy"])
@pytest.mark.parametrize(("alias", "service", "allowed"), [
    ("operations", "glue", True), ("operations", "logs", False), ("raw", "glue", False), ("raw", "s3", False),
])
def test_the_encrypted_catalog_answers_and_no_data_is_decrypted(made, role, alias, service, allowed):
    name = f"flight-delays-dev-{role}"
    own = [Policy.parse(each, text) for each, text in policies(made, name).items()]
    about = Circumstances({"kms:ResourceAliases": [f"alias/mlstead-foundation-dev/{alias}"],
                           "kms:ViaService": f"{service}.{REGION}.amazonaws.com"})
    asked = Request(Principal(f"{IAM}:role/mlstead-ci/{name}", "ci"), "kms:Decrypt", KEY, about)
    assert evaluate(asked, Policies(own)).allowed is allowed


@pytest.mark.parametrize(("service", "operation", "parameters", "tags"), [
    each for each in ALLOWED if not each[1].startswith(("Describe", "Get", "List"))])
def test_a_pull_request_changes_nothing(may, service, operation, parameters, tags):
    assert not may("flight-delays-dev-plan", service, operation, parameters, tags)


THEIRS = {"mlstead:project": "flight", "mlstead:environment": "dev"}
PROD = OWN | {"mlstead:environment": "prod"}
CI = {"RoleName": "flight-delays-dev-deploy"}


@pytest.mark.parametrize(("service", "operation", "parameters", "tags"), [
    # roles without the boundary, with another, or somewhere else
    ("iam", "CreateRole", {key: value for key, value in CREATE_ROLE.items() if key != "PermissionsBoundary"}, {}),
    ("iam", "CreateRole", CREATE_ROLE | {"PermissionsBoundary": f"{IAM}:policy/mine"}, {}),
    ("iam", "CreateRole", CREATE_ROLE | {"Path": "/"}, {}),
    ("iam", "CreateRole", CREATE_ROLE | {"Path": "/mlstead/flight-delays/prod/"}, {}),
    ("iam", "CreateRole", CREATE_ROLE | {"Path": "/mlstead/flight/dev/"}, {}),
    ("iam", "CreateRole", CREATE_ROLE | {"Path": "/mlstead-ci/"}, {}),
    ("iam", "CreateRole", CREATE_ROLE | {"Tags": OTHER}, {}),
    ("iam", "CreateRole", {key: value for key, value in CREATE_ROLE.items() if key != "Tags"}, {}),
    # what would take the bounds off
    ("iam", "AttachRolePolicy", {"RoleName": "x", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, OWN),
    ("iam", "PutRolePermissionsBoundary", {"RoleName": "x", "PermissionsBoundary": BOUNDARY}, OWN),
    ("iam", "DeleteRolePermissionsBoundary", {"RoleName": "x"}, OWN),
    ("iam", "TagRole", {"RoleName": "x", "Tags": OTHER}, OWN),
    ("iam", "UntagRole", {"RoleName": "x", "TagKeys": ["mlstead:project"]}, OWN),
    ("iam", "UntagRole", {"RoleName": "x", "TagKeys": ["Mlstead:Project"]}, OWN),  # the same tag to IAM
    ("iam", "TagRole", {"RoleName": "x", "Tags": [{"Key": "Mlstead:Project", "Value": "other"}]}, OWN),
    ("iam", "CreatePolicyVersion", {"PolicyArn": BOUNDARY, "PolicyDocument": "{}"}, {}),
    ("iam", "DeletePolicy", {"PolicyArn": BOUNDARY}, {}),
    ("iam", "CreateOpenIDConnectProvider", {"Url": "https://evil.example"}, {}),
    ("iam", "CreateUser", {"UserName": "me"}, {}),
    # models and endpoints without a network, a key, or on dear machines
    ("sagemaker", "CreateModel", {key: value for key, value in MODEL.items() if key != "VpcConfig"}, {}),
    ("sagemaker", "CreateModel", MODEL | {"EnableNetworkIsolation": False}, {}),
    ("sagemaker", "CreateModel", MODEL | {"ModelName": "other-model"}, {}),
    ("sagemaker", "CreateModel", MODEL | {"Tags": OTHER}, {}),
    ("sagemaker", "CreateModel", MODEL | {"ExecutionRoleArn": f"{IAM}:role/admin"}, {}),
    ("sagemaker", "CreateModel", MODEL | {"ExecutionRoleArn": f"{IAM}:role/mlstead/flight-delays/prod/x"}, {}),
    ("sagemaker", "CreateEndpointConfig", {key: value for key, value in CONFIGURATION.items() if key != "KmsKeyId"},
     {}),
    ("sagemaker", "CreateEndpointConfig", CONFIGURATION | {
        "ProductionVariants": [VARIANT, VARIANT | {"VariantName": "b", "InstanceType": "ml.p5.48xlarge"}]}, {}),
    ("sagemaker", "CreateEndpointConfig", CONFIGURATION | {
        "KmsKeyId": f"arn:aws:kms:{REGION}:999999999999:key/theirs"}, {}),
    ("sagemaker", "CreateTrainingJob", {"TrainingJobName": "flight-delays-x", "RoleArn": ROLE}, {}),
    ("sagemaker", "CreatePresignedDomainUrl", {"DomainId": "d", "UserProfileName": "flight-delays-data-science"}, OWN),
    # what is another project's or environment's, though its name begins like ours
    ("sagemaker", "DeleteModel", {"ModelName": "flight-delays-eu-endpoint-1"}, THEIRS),
    ("sagemaker", "UpdatePipeline", {"PipelineName": "flight-delays-dev-data", "RoleArn": ROLE}, PROD),
    ("sagemaker", "AddTags", {"ResourceArn": f"{SAGEMAKER}:model/flight-delays-eu-1", "Tags": TAGS}, THEIRS),
    ("sns", "DeleteTopic", {"TopicArn": TOPIC}, PROD),
    ("sns", "DeleteTopic", {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:other-topic"}, OWN),
    ("sns", "Publish", {"TopicArn": TOPIC, "Message": "x"}, OWN),
    ("glue", "DeleteTable", {"DatabaseName": "mlstead_dev_raw", "Name": "other_flights"}, {}),
    ("glue", "DeleteTable", {"DatabaseName": "mlstead_prod_raw", "Name": "flight_delays_flights"}, {}),
    # data, keys, guards of the account
    ("s3", "GetObject", {"Bucket": "lake-raw-1", "Key": "flight-delays/x"}, {}),
    ("kms", "PutKeyPolicy", {"KeyId": KEY, "PolicyName": "default", "Policy": "{}"}, {}),
    ("lakeformation", "PutDataLakeSettings", {"DataLakeSettings": {}}, {}),
    ("athena", "StartQueryExecution", {"QueryString": "x", "WorkGroup": "flight-delays-dev"}, OWN),
    ("sts", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "x"}, OWN),
])
def test_beyond_its_project_a_deploy_role_may_nothing(may, service, operation, parameters, tags):
    assert not may("flight-delays-dev-deploy", service, operation, parameters, tags)


@pytest.mark.parametrize("operation", ["PutRolePolicy", "UpdateAssumeRolePolicy", "DeleteRole", "TagRole"])
@pytest.mark.parametrize("role", ["mlstead-ci/flight-delays-dev-deploy", "mlstead-ci/flight-delays-dev-plan", "admin",
                                  "mlstead/flight-delays/prod/x", "mlstead/mlstead-foundation/dev/catalog"])
def test_neither_itself_nor_a_role_of_others_can_be_changed(made, operation, role):
    who = Principal(f"{IAM}:role/mlstead-ci/flight-delays-dev-deploy", "ci")
    own = [Policy.parse(name, text) for name, text in policies(made, "flight-delays-dev-deploy").items()]
    more = Policy.parse("added by mistake", json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}))
    about = Circumstances({"iam:PermissionsBoundary": BOUNDARY})
    decision = evaluate(Request(who, f"iam:{operation}", f"{IAM}:role/{role}", about), Policies([*own, more]))
    assert (decision.allowed, decision.sid) == (False, "OtherRoles")


def test_it_becomes_no_role_though_it_writes_whom_its_roles_trust(made):
    name = "flight-delays-dev-deploy"
    who = Principal(f"{IAM}:role/mlstead-ci/{name}", "ci")
    trust = Policy.parse("trust", json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": who.arn}, "Action": "sts:AssumeRole"}]}))
    asked = Request(who, "sts:AssumeRole", ROLE)
    assert evaluate(asked, Policies([], trust, resource_kind="role trust policy")).allowed
    own = [Policy.parse(each, text) for each, text in policies(made, name).items()]
    decision = evaluate(asked, Policies(own, trust, resource_kind="role trust policy"))
    assert (decision.allowed, decision.sid) == (False, "BecomeARole")


@pytest.mark.parametrize(("service", "allowed"), [
    ("sagemaker.amazonaws.com", True), ("events.amazonaws.com", True), ("lambda.amazonaws.com", False),
    ("ec2.amazonaws.com", False), ("glue.amazonaws.com", False),
])
def test_roles_are_handed_to_sagemaker_and_eventbridge_alone(made, service, allowed):
    who = Principal(f"{IAM}:role/mlstead-ci/flight-delays-dev-deploy", "ci")
    own = [Policy.parse(name, text) for name, text in policies(made, "flight-delays-dev-deploy").items()]
    asked = Request(who, "iam:PassRole", ROLE, Circumstances({"iam:PassedToService": service}))
    assert evaluate(asked, Policies(own)).allowed is allowed


def test_policies_of_a_bounded_role_alone_are_written(may):
    put = {"RoleName": "x", "PolicyName": "p", "PolicyDocument": "{}"}
    assert may("flight-delays-dev-deploy", "iam", "PutRolePolicy", put, OWN)
    assert not may("flight-delays-dev-deploy", "iam", "PutRolePolicy", put, OWN, traits={})


@pytest.mark.parametrize(("key", "role", "action", "allowed"), [
    ("stacks/flight-delays/dev.json", "deploy", "PutObject", True),
    ("stacks/flight-delays/dev.json.bak", "deploy", "PutObject", True),
    ("history/flight-delays/dev/dev-1.history.json", "deploy", "PutObject", True),
    ("backups/flight-delays/dev/dev.1.json", "deploy", "PutObject", True),
    ("locks/organization/flight-delays/dev/1.json", "deploy", "DeleteObject", True),
    ("meta.yaml", "deploy", "GetObject", True),
    ("meta.yaml", "deploy", "PutObject", False),
    ("stacks/mlstead-foundation/dev.json", "deploy", "GetObject", True),
    ("stacks/mlstead-foundation/dev.json", "deploy", "PutObject", False),
    ("stacks/mlstead-foundation/prod.json", "deploy", "GetObject", False),
    ("stacks/mlstead-bootstrap/dev.json", "deploy", "GetObject", False),
    ("stacks/flight-delays/prod.json", "deploy", "GetObject", False),
    ("stacks/other/dev.json", "deploy", "GetObject", False),
    ("stacks/flight-delays/dev.json", "plan", "GetObject", True),
    ("stacks/flight-delays/dev.json", "plan", "PutObject", False),
    ("locks/organization/flight-delays/dev/1.json", "plan", "PutObject", False),
    ("stacks/other/dev.json", "plan", "GetObject", False),
])
def test_a_role_keeps_its_own_state_and_reads_the_foundation_s(made, key, role, action, allowed):
    name = f"flight-delays-dev-{role}"
    own = [Policy.parse(each, text) for each, text in policies(made, name).items()]
    resource = f"arn:aws:s3:::mlstead-state-{ACCOUNT}-{REGION}/.pulumi/{key}"
    asked = Request(Principal(f"{IAM}:role/mlstead-ci/{name}", "ci"), f"s3:{action}", resource)
    assert evaluate(asked, Policies(own)).allowed is allowed


FOUNDATION = {"mlstead:project": "mlstead-foundation", "mlstead:environment": "dev"}
FOUNDATION_TAGS = [{"Key": key, "Value": value} for key, value in FOUNDATION.items()]


@pytest.mark.parametrize(("service", "operation", "parameters", "tags", "allowed"), [
    ("kms", "PutKeyPolicy", {"KeyId": KEY, "PolicyName": "default", "Policy": "{}"}, FOUNDATION, True),
    ("kms", "PutKeyPolicy", {"KeyId": KEY, "PolicyName": "default", "Policy": "{}"}, {"owner": "another team"}, False),
    ("iam", "CreateRole", CREATE_ROLE | {"Path": "/mlstead/mlstead-foundation/dev/", "Tags": FOUNDATION_TAGS}, {},
     True),
    ("iam", "CreateRole", CREATE_ROLE | {"Path": "/mlstead/flight-delays/dev/"}, {}, False),
    ("iam", "CreatePolicyVersion", {"PolicyArn": BOUNDARY, "PolicyDocument": "{}"}, FOUNDATION, True),
    ("iam", "CreatePolicyVersion", {"PolicyArn": f"{IAM}:policy/mlstead/prod-boundary", "PolicyDocument": "{}"}, {},
     False),
    ("iam", "CreatePolicyVersion", {"PolicyArn": f"{IAM}:policy/mlstead-ci/x", "PolicyDocument": "{}"}, {}, False),
    ("iam", "CreateUser", {"UserName": "me"}, {}, False),
    ("s3", "GetObject", {"Bucket": "lake-raw-1", "Key": "flight-delays/x"}, {}, False),
])
def test_a_foundation_is_deployed_from_ci_and_makes_the_boundary(may, service, operation, parameters, tags, allowed):
    assert may("mlstead-foundation-dev-deploy", service, operation, parameters, tags, traits={}) is allowed


@pytest.mark.parametrize(("role", "most"), [("deploy", 7), ("plan", 2)])
def test_iam_takes_the_policies_of_the_longest_names(run_bootstrap, role, most):
    project, environment = "a-project-of-exactly-32-letters0", "production-of-24-letters"
    made = run_bootstrap("dev", {
        "projects": {project: {"repository": "acme/x", "environments": [environment]}},
        "platform": {"repository": "acme/x", "environments": ["production-of-exactly-32-letters"]},
    })
    for each in made.of("aws:iam/policy:Policy"):
        assert len(each.inputs["policy"]) <= LONGEST, each.inputs["name"]
    assert len(policies(made, f"{project}-{environment}-{role}")) <= most <= MOST


def test_no_role_of_ci_works_with_a_project_s_data_by_its_tags(made):
    roles = made.of("aws:iam/role:Role")
    assert {each.inputs["name"] for each in roles} == {
        f"{stack}-dev-{use}" for stack in ("flight-delays", "mlstead-foundation") for use in ("plan", "deploy")}
    assert all("mlstead:project" not in each.inputs["tags"] and each.inputs["path"] == "/mlstead-ci/" for each in roles)


def test_what_a_project_s_stack_has_can_be_deployed(run_project):
    every = {"model": {"version": 1}, "gates": {"glue_data_quality": True, "macie": True, "schedule": "rate(1 day)"},
             "exploration": {"image_tag": "0.1.0"}}
    stack = {each.type for each in run_project("prod", every).resources if each.custom}
    assert stack <= {each for row in PROJECT_TYPES for each in row.types} | {"pulumi:pulumi:StackReference"}


@pytest.mark.parametrize("changes", [{}, {"network": {"no_internet_route": {"weakened": "a sandbox for one week"}},
                                          "lake": {"raw_lock_days": 7}}])
def test_what_a_foundation_s_stack_has_can_be_deployed(run_foundation, changes):
    stack = {each.type for each in run_foundation("prod", changes).resources if each.custom}
    assert stack <= {each for row in FOUNDATION_TYPES for each in row.types}


@pytest.mark.parametrize("row", [*PROJECT_TYPES, *FOUNDATION_TYPES],
                         ids=lambda row: f"{row.service}-{(row.arns or ['any'])[0]}")
def test_a_row_is_of_one_service_and_says_why_where_it_has_no_arn(row, context):
    assert row.creates or row.changes or row.reads
    assert bool(row.reason) is not bool(row.arns)
    assert all(arn.split(":")[2] == row.service for arn in arns(row, context))


REPOSITORY = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository"


def allows(made, role, action, resource, tags=OWN):
    """Whether a role's own policies allow an action on a resource that carries these tags."""
    identity = [Policy.parse(name, text) for name, text in policies(made, role).items()]
    who = Principal(f"{IAM}:role/mlstead-ci/{role}", "ci", {})
    context = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    return evaluate(Request(who, action, resource, Circumstances(context)), Policies(identity)).allowed


@pytest.mark.parametrize("action", ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:CompleteLayerUpload"])
def test_who_deploys_pushes_into_its_own_repository_alone_and_who_plans_nowhere(made, action):
    own, other = f"{REPOSITORY}/flight-delays-dev", f"{REPOSITORY}/other-dev"
    assert allows(made, "flight-delays-dev-deploy", action, own)
    assert not allows(made, "flight-delays-dev-deploy", action, own, {"mlstead:project": "other"})
    assert not allows(made, "flight-delays-dev-deploy", action, other)
    assert not allows(made, "flight-delays-dev-plan", action, own)


@pytest.mark.parametrize("role", ["deploy", "plan"])
@pytest.mark.parametrize(("action", "resource"), [
    ("sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/flight-delays-dev"),
    ("sagemaker:DescribeModelPackage", f"{SAGEMAKER}:model-package/flight-delays-dev/1"),
    ("sagemaker:UpdateModelPackage", f"{SAGEMAKER}:model-package/flight-delays-dev/1"),
])
def test_no_role_of_ci_asks_the_endpoint_or_reads_the_registry(made, role, action, resource):
    assert not allows(made, f"flight-delays-dev-{role}", action, resource)


@pytest.mark.parametrize(("role", "becomes", "allowed"), [
    ("deploy", "flight-delays/dev/flight-delays-dev-delivery", True),
    ("deploy", "flight-delays/dev/flight-delays-dev-delivery-2", False),
    ("deploy", "flight-delays/dev/flight-delays-dev-data-engineer", False),
    ("deploy", "flight-delays/prod/flight-delays-prod-delivery", False),
    ("deploy", "other/dev/other-dev-delivery", False),
    ("plan", "flight-delays/dev/flight-delays-dev-delivery", False),
])
def test_who_deploys_becomes_its_own_delivery_role_alone_whatever_else_it_is_given(made, role, becomes, allowed):
    name = f"flight-delays-dev-{role}"
    own = [Policy.parse(each, text) for each, text in policies(made, name).items()]
    more = Policy.parse("added by mistake", json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}))
    asked = Request(Principal(f"{IAM}:role/mlstead-ci/{name}", "ci"), "sts:AssumeRole", f"{IAM}:role/mlstead/{becomes}")
    assert evaluate(asked, Policies(own)).allowed is allowed
    assert evaluate(asked, Policies([*own, more])).allowed is (allowed or role == "plan")
