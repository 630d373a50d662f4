"""Whatever a role's session calls is decided, in every service, and refused in the service's own words."""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path

import boto3
import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
TRUST = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ROOT}}
SAGEMAKER = {"Version": "2012-10-17", "Statement": {
    "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions, resource="*", **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def arn(service, rest):
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


@pytest.fixture
def role(boto, cloud):
    """Make a role with some statements, and give its clients: role(allow("logs:*"))("logs")."""
    def made(*statements, boundary=None):
        iam, name = boto("iam"), f"r-{uuid.uuid4()}"
        limits = {}
        if boundary:
            limits["PermissionsBoundary"] = iam.create_policy(
                PolicyName=f"p-{uuid.uuid4()}", PolicyDocument=document(boundary))["Policy"]["Arn"]
        made_role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **limits)["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        found = boto("sts").assume_role(RoleArn=made_role, RoleSessionName="someone")["Credentials"]
        return lambda service: boto3.client(
            service, endpoint_url=cloud.endpoint, region_name=REGION, aws_access_key_id=found["AccessKeyId"],
            aws_secret_access_key=found["SecretAccessKey"], aws_session_token=found["SessionToken"],
            config=Config(retries={"total_max_attempts": 1}),
        )

    return made


def refusal(call, code="AccessDeniedException", **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    assert (caught.value.response["ResponseMetadata"]["HTTPStatusCode"], error["Code"]) == (403, code)
    return error["Message"]


@pytest.mark.parametrize(("service", "operation", "arguments", "code", "action"), [
    ("sagemaker", "list_pipelines", {}, "AccessDeniedException", "sagemaker:ListPipelines"),
    ("sagemaker-runtime", "invoke_endpoint", {"EndpointName": "e", "Body": b""}, "AccessDeniedException",
     "sagemaker:InvokeEndpoint"),
    ("iam", "get_role", {"RoleName": "some"}, "AccessDenied", "iam:GetRole"),
    ("logs", "describe_log_streams", {"logGroupName": "/g"}, "AccessDeniedException", "logs:DescribeLogStreams"),
    ("sns", "create_topic", {"Name": "t"}, "AuthorizationError", "sns:CreateTopic"),
    ("sqs", "create_queue", {"QueueName": "q"}, "AccessDeniedException", "sqs:CreateQueue"),
    ("ecr", "get_authorization_token", {}, "AccessDeniedException", "ecr:GetAuthorizationToken"),
    ("ec2", "describe_vpcs", {}, "UnauthorizedOperation", "ec2:DescribeVpcs"),
    ("glue", "get_database", {"Name": "d"}, "AccessDeniedException", "glue:GetDatabase"),
    ("athena", "list_work_groups", {}, "AccessDeniedException", "athena:ListWorkGroups"),
    ("kms", "list_keys", {}, "AccessDeniedException", "kms:ListKeys"),
    ("ssm", "get_parameter", {"Name": "/p"}, "AccessDeniedException", "ssm:GetParameter"),
    ("events", "list_rules", {}, "AccessDeniedException", "events:ListRules"),
    ("cloudwatch", "list_metrics", {}, "AccessDenied", "cloudwatch:ListMetrics"),
    ("lakeformation", "get_data_lake_settings", {}, "AccessDeniedException", "lakeformation:GetDataLakeSettings"),
    ("macie2", "get_macie_session", {}, "AccessDeniedException", "macie2:GetMacieSession"),
    ("s3", "list_buckets", {}, "AccessDenied", "s3:ListAllMyBuckets"),
])
def test_a_role_without_policies_is_refused_by_every_service(role, service, operation, arguments, code, action):
    message = refusal(getattr(role()(service), operation), code, **arguments)
    assert ":assumed-role/r-" in message
    assert f"is not authorized to perform: {action} on resource: " in message
    assert message.endswith(f"because no identity-based policy allows the {action} action")


def test_what_a_role_is_allowed_is_done(role):
    clients = role(allow("*"))
    for service, operation in (("sagemaker", "list_pipelines"), ("ec2", "describe_vpcs"), ("kms", "list_keys"),
                               ("cloudwatch", "list_metrics"), ("logs", "describe_log_groups")):
        getattr(clients(service), operation)()


def test_a_call_that_nobody_has_described_is_refused_and_says_so(role):
    message = refusal(role(allow("*"))("secretsmanager").list_secrets)
    assert "secretsmanager:ListSecrets, because the local cloud does not know what this operation needs" in message


def model(execution_role, **more):
    return {"ModelName": f"m-{uuid.uuid4()}", "ExecutionRoleArn": execution_role, **more}


def test_a_model_has_to_stay_in_the_network_and_be_given_a_role_that_may_be_passed(role, boto):
    name = f"e-{uuid.uuid4()}"
    execution = boto("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(SAGEMAKER),
                                        Path="/mlstead/p/local/")["Role"]["Arn"]
    inside = allow("sagemaker:CreateModel", resource=arn("sagemaker", "model/*"), Condition={
        "ForAllValues:StringEquals": {"sagemaker:VpcSubnets": ["subnet-1"]},
        "Null": {"sagemaker:VpcSubnets": "false"}, "Bool": {"sagemaker:NetworkIsolation": "true"}})
    passing = allow("iam:PassRole", resource=f"arn:aws:iam::{ACCOUNT}:role/mlstead/p/local/*",
                    Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}})
    network = {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}, "EnableNetworkIsolation": True}
    create = role(inside, passing)("sagemaker").create_model
    with pytest.raises(ClientError, match="PrimaryContainer"):  # allowed, and SageMaker's own turn to refuse
        create(**model(execution, **network))
    assert "sagemaker:CreateModel" in refusal(create, **model(execution))
    elsewhere = network | {"VpcConfig": {"Subnets": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}}
    assert "sagemaker:CreateModel" in refusal(create, **model(execution, **elsewhere))
    assert "sagemaker:CreateModel" in refusal(create, **model(execution, **network | {"EnableNetworkIsolation": False}))
    assert "iam:PassRole" in refusal(role(inside)("sagemaker").create_model, **model(execution, **network))
    other = boto("iam").create_role(RoleName=f"o-{uuid.uuid4()}", AssumeRolePolicyDocument=json.dumps(SAGEMAKER))
    assert "iam:PassRole" in refusal(create, **model(other["Role"]["Arn"], **network))
    tags = [{"Key": "a", "Value": "b"}]
    assert "sagemaker:AddTags" in refusal(create, **model(execution, **network, Tags=tags))


def test_roles_are_made_only_with_the_boundary_and_in_their_own_name_space(role, boto):
    boundary = boto("iam").create_policy(PolicyName=f"b-{uuid.uuid4()}", PolicyDocument=document(allow("s3:*")))
    boundary = boundary["Policy"]["Arn"]
    own = f"arn:aws:iam::{ACCOUNT}:role/mlstead/p/local/*"
    bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
    iam = role(
        allow("iam:CreateRole", "iam:PutRolePolicy", resource=own, Condition=bounded),
        allow("iam:DeleteRolePermissionsBoundary", "iam:TagRole", resource="arn:aws:iam::999988887777:role/none"),
    )("iam")
    name = f"c-{uuid.uuid4()}"
    asked = {"RoleName": name, "AssumeRolePolicyDocument": json.dumps(SAGEMAKER), "Path": "/mlstead/p/local/"}
    policy = {"PolicyName": "x", "PolicyDocument": document(allow("s3:*"))}
    assert "iam:CreateRole" in refusal(iam.create_role, "AccessDenied", **asked)
    assert "iam:CreateRole" in refusal(iam.create_role, "AccessDenied", **asked | {"Path": "/"},
                                       PermissionsBoundary=boundary)
    assert "iam:TagRole" in refusal(iam.create_role, "AccessDenied", **asked, PermissionsBoundary=boundary,
                                    Tags=[{"Key": "a", "Value": "b"}])
    iam.create_role(**asked, PermissionsBoundary=boundary)
    iam.put_role_policy(RoleName=name, **policy)
    assert "iam:DeleteRolePermissionsBoundary" in refusal(
        iam.delete_role_permissions_boundary, "AccessDenied", RoleName=name)
    unbounded = f"u-{uuid.uuid4()}"
    boto("iam").create_role(**asked | {"RoleName": unbounded})
    assert "iam:PutRolePolicy" in refusal(iam.put_role_policy, "AccessDenied", RoleName=unbounded, **policy)


def test_a_boundary_narrows_what_a_policy_allows(role):
    logs = role(allow("*"), boundary=allow("logs:Describe*"))("logs")
    logs.describe_log_groups()
    assert "because no permissions boundary allows the logs:CreateLogGroup action" in refusal(
        logs.create_log_group, logGroupName="/x")


def test_a_role_writes_to_its_own_log_group(role, boto):
    for group in ("/mine", "/theirs"):
        boto("logs").create_log_group(logGroupName=group)
    logs = role(allow("logs:CreateLogStream", "logs:PutLogEvents", resource=arn("logs", "log-group:/mine:*")))("logs")
    logs.create_log_stream(logGroupName="/mine", logStreamName="s")
    refusal(logs.create_log_stream, logGroupName="/theirs", logStreamName="s")
    refusal(logs.describe_log_streams, logGroupName="/mine")


def test_the_policy_of_a_topic_opens_and_denies(role, boto):
    sns, clients = boto("sns"), role()
    mine = clients("sts").get_caller_identity()["Arn"]
    topic = sns.create_topic(Name=f"t-{uuid.uuid4()}")["TopicArn"]
    publish = {"TopicArn": topic, "Message": "x"}
    refusal(clients("sns").publish, "AuthorizationError", **publish)
    opening = {"Sid": "Open", "Effect": "Allow", "Principal": {"AWS": mine}, "Action": "sns:Publish", "Resource": topic}
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document(opening))
    clients("sns").publish(**publish)
    denying = opening | {"Sid": "Shut", "Effect": "Deny"}
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document(denying))
    assert "(Shut of the policy of topic t-" in refusal(clients("sns").publish, "AuthorizationError", **publish)


def test_the_key_of_a_topic_is_asked_in_the_publishers_name(role, boto):
    key = boto("kms").create_key(Policy=document(allow("kms:*", Principal=ROOT)))["KeyMetadata"]["Arn"]
    topic = boto("sns").create_topic(Name=f"t-{uuid.uuid4()}", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    publishing = allow("sns:Publish", resource=topic)
    publish = {"TopicArn": topic, "Message": "x"}
    assert "kms:GenerateDataKey" in refusal(role(publishing)("sns").publish, "AuthorizationError", **publish)
    via = {"StringEquals": {"kms:ViaService": f"sns.{REGION}.amazonaws.com"}}
    using = allow("kms:GenerateDataKey*", "kms:Decrypt", resource=key, Condition=via)
    role(publishing, using)("sns").publish(**publish)


def test_a_repository_is_read_by_whom_it_or_his_own_policy_lets(role, boto):
    name = f"r-{uuid.uuid4()}"
    boto("ecr").create_repository(repositoryName=name)
    asked = {"repositoryName": name, "imageIds": [{"imageTag": "x"}]}
    stranger = role()
    refusal(stranger("ecr").batch_get_image, **asked)
    role(allow("ecr:BatchGetImage", resource=arn("ecr", f"repository/{name}")))("ecr").batch_get_image(**asked)
    boto("ecr").set_repository_policy(repositoryName=name, policyText=document({
        "Sid": "Pull", "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}))
    stranger("ecr").batch_get_image(**asked)


def test_a_key_is_used_by_whom_its_policy_lets(role, boto):
    closed = boto("kms").create_key(Policy=document(
        allow("kms:PutKeyPolicy", "kms:DescribeKey", Principal=ROOT)))["KeyMetadata"]["Arn"]
    clients = role(allow("kms:*"))
    clients("kms").describe_key(KeyId=closed)
    assert "no resource-based policy allows the kms:Encrypt action" in refusal(
        clients("kms").encrypt, KeyId=closed, Plaintext=b"x")
    boto("kms").create_alias(AliasName="alias/closed", TargetKeyId=closed)
    assert closed in refusal(clients("kms").encrypt, KeyId="alias/closed", Plaintext=b"x")


def test_tags_of_what_is_there_and_of_what_is_asked_decide(role, boto):
    queue = boto("sqs").create_queue(QueueName=f"q-{uuid.uuid4()}", tags={"project": "ours"})["QueueUrl"]
    other = boto("sqs").create_queue(QueueName=f"q-{uuid.uuid4()}")["QueueUrl"]
    sqs = role(allow("sqs:SendMessage", Condition={"StringEquals": {"aws:ResourceTag/project": "ours"}}),
               allow("sqs:CreateQueue", "sqs:TagQueue", Condition={"StringEquals": {"aws:RequestTag/project": "ours"}}),
               )("sqs")
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    refusal(sqs.send_message, QueueUrl=other, MessageBody="x")
    sqs.create_queue(QueueName=f"q-{uuid.uuid4()}", tags={"project": "ours"})
    refusal(sqs.create_queue, QueueName=f"q-{uuid.uuid4()}", tags={"project": "theirs"})


def test_the_trail_says_what_was_needed_and_by_which_statement(role, cloud):
    clients = role({**allow("logs:DescribeLogGroups"), "Sid": "Look"})
    clients("logs").describe_log_groups()
    refusal(clients("logs").create_log_group, logGroupName="/y")
    lines = trail(cloud, clients("sts").get_caller_identity()["Arn"].split("/")[1])
    looked, refused = (next(line for line in lines if line["operation"] == name)
                       for name in ("DescribeLogGroups", "CreateLogGroup"))
    assert looked["needs"][0]["action"] == "logs:DescribeLogGroups"
    assert looked["needs"][0]["by"].startswith("the policy own of r-")
    assert looked["needs"][0]["by"].endswith(" / Look")
    assert (refused["needs"][0]["by"], "refused" in refused) == (None, True)
    assert refused["needs"][0]["reason"] == "because no identity-based policy allows the logs:CreateLogGroup action"


def trail(cloud, name):
    """Give the three lines of a role; they are written by a thread of its own, soon after the call."""
    home = Path(psutil.Process(cloud.pid).cmdline()[-1])
    for _ in range(100):
        lines = [json.loads(line) for line in (home / "cloud/calls.jsonl").read_text().splitlines()]
        found = [line for line in lines if line["principal"].endswith(f"/{name}")]
        if len(found) == 3:
            return found
        time.sleep(0.05)
    raise AssertionError(found)
