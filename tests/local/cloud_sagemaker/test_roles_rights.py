"""What SageMaker does in a role's name is that role's to do: decided, recorded, and the reason where it fails."""

from __future__ import annotations

import json
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from rights import DATA, ENCRYPT, JOIN, OBSERVE, PULL, policy

NOTHING = ["python", "-c", "print('done')"]
ACCOUNT = "123456789012"
SAGEMAKER = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"


@pytest.fixture(scope="module")
def role(bench: Any) -> Callable[..., str]:
    """Make a role that SageMaker assumes: role(PULL, DATA, …)."""
    def made(*statements: dict[str, Any], trust: dict[str, Any] | None = None) -> str:
        iam, name = bench.boto("iam"), f"r-{uuid.uuid4().hex[:8]}"
        document = json.dumps(trust or trusting())
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))
        return arn

    return made


@pytest.fixture(scope="module", autouse=True)
def log_group(bench: Any) -> None:
    """The group that processing jobs share, as a platform makes it; the tests run in any order."""
    bench.boto("logs").create_log_group(logGroupName="/aws/sagemaker/ProcessingJobs")


@pytest.fixture(scope="module")
def network(bench: Any) -> dict[str, list[str]]:
    """A VPC of its own."""
    ec2 = bench.boto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="rights", Description="rights", VpcId=vpc)["GroupId"]
    return {"Subnets": [subnet], "SecurityGroupIds": [group]}


@pytest.fixture(scope="module")
def key(bench: Any) -> str:
    """A key whose policy leaves everything to the account."""
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*",
                 "Resource": "*"}
    arn: str = bench.boto("kms").create_key(Policy=policy(statement))["KeyMetadata"]["Arn"]
    return arn


def done_by(bench: Any, waiting: Any, arn: str, *operations: str) -> list[dict[str, Any]]:
    """Wait until the record of calls has operations of a role; give all lines of the role."""
    with urllib.request.urlopen(f"{bench.status.endpoint}/_mlstead/status") as answer:
        calls = Path(json.load(answer)["home"], "cloud/calls.jsonl")

    def lines() -> list[dict[str, Any]]:
        found = [json.loads(line) for line in calls.read_text().rpartition("\n")[0].splitlines()]
        mine = [line for line in found if line["principal"] == arn]
        return mine if set(operations) <= {line["operation"] for line in mine} else []

    _, wait_until = waiting
    found: list[dict[str, Any]] = wait_until(lines)
    return found


def failed(bench: Any, name: str, arn: str, **more: Any) -> str:
    """Run a processing job that must fail; give the reason."""
    bench.processing(name, NOTHING, RoleArn=arn, **more)
    described = bench.processed(name)
    assert described["ProcessingJobStatus"] == "Failed", described
    return str(described["FailureReason"])


def test_a_job_does_all_that_it_takes_in_its_roles_name(
    bench: Any, role: Any, network: Any, key: str, waiting: Any
) -> None:
    arn = role(PULL, JOIN, ENCRYPT, OBSERVE)
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5, "VolumeKmsKeyId": key}
    bench.processing("whole", NOTHING, RoleArn=arn, NetworkConfig={"VpcConfig": network},
                     ProcessingResources={"ClusterConfig": cluster})
    described = bench.processed("whole")
    assert described["ProcessingJobStatus"] == "Completed", described
    lines = done_by(bench, waiting, arn, "DeleteNetworkInterface")
    assert [(line["service"], line["operation"]) for line in lines] == [
        *(("ec2", operation) for operation in (
            "DescribeVpcs", "DescribeSubnets", "DescribeSecurityGroups", "DescribeDhcpOptions",
            "CreateNetworkInterface", "CreateNetworkInterfacePermission", "DescribeNetworkInterfaces")),
        ("kms", "CreateGrant"),
        *(("ecr", operation) for operation in (
            "GetAuthorizationToken", "BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")),
        *(("logs", operation) for operation in ("DescribeLogStreams", "CreateLogStream", "PutLogEvents")),
        ("cloudwatch", "PutMetricData"),
        ("ec2", "DeleteNetworkInterfacePermission"), ("ec2", "DeleteNetworkInterface"),
    ]
    assert all(need["by"] == "the policy own of " + arn.rpartition("/")[2] + " / a statement without Sid"
               for line in lines for need in line["needs"])


def test_a_role_that_may_not_pull_the_image_fails_the_job(bench: Any, role: Any) -> None:
    arn = role({**PULL, "Action": ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability"]})
    reason = failed(bench, "unpulled", arn)
    assert reason.startswith(
        f"ClientError: Access denied for repository: project in registry ID: {ACCOUNT}. Please check if your ECR "
        f"repository and image exist and role {arn} has proper pull permissions for SageMaker: ecr:BatchCheck"
    )
    assert "is not authorized to perform: ecr:BatchGetImage on resource" in reason


def test_a_role_is_held_to_the_network_that_its_policy_names(bench: Any, role: Any, network: Any) -> None:
    there = bench.boto("ec2").describe_subnets(SubnetIds=network["Subnets"])["Subnets"][0]["VpcId"]
    place = {"Effect": "Allow", "Action": ["ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission",
                                           "ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"],
             "Resource": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:*"}
    look = {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}

    def within(vpc: str, operator: str = "ArnEqualsIfExists") -> dict[str, Any]:
        return {**place, "Condition": {operator: {"ec2:Vpc": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/{vpc}"}}}

    placed = {"NetworkConfig": {"VpcConfig": network}}
    elsewhere = role(PULL, look, within("vpc-0123456789abcdef0"))
    assert "is not authorized to perform: ec2:CreateNetworkInterface on" in failed(bench, "lost", elsewhere, **placed)
    unmade = failed(bench, "unmade", role(PULL, look, within(there, "ArnEquals")), **placed)
    assert "perform: ec2:CreateNetworkInterface on resource" in unmade and "network-interface/*" in unmade
    assert "perform: ec2:DescribeVpcs" in failed(bench, "blind", role(PULL, within(there)), **placed)
    bench.processing("here", NOTHING, RoleArn=role(PULL, look, within(there)), **placed)
    described = bench.processed("here")
    assert described["ProcessingJobStatus"] == "Completed", described


def test_what_may_not_be_logged_or_measured_is_not_and_the_job_goes_on(bench: Any, role: Any, waiting: Any) -> None:
    arn = role(PULL)
    bench.processing("silent", NOTHING, RoleArn=arn)
    assert bench.processed("silent")["ProcessingJobStatus"] == "Completed"
    refused = {line["operation"] for line in done_by(bench, waiting, arn, "PutMetricData") if "refused" in line}
    assert refused == {"DescribeLogStreams", "PutMetricData"}
    assert bench.log("/aws/sagemaker/ProcessingJobs", "silent/") == []
    bench.processing("heard", NOTHING, RoleArn=role(PULL, OBSERVE))
    assert bench.processed("heard")["ProcessingJobStatus"] == "Completed"
    assert bench.log("/aws/sagemaker/ProcessingJobs", "heard/") == ["done"]
    measured = bench.boto("cloudwatch").list_metrics(Namespace="/aws/sagemaker/ProcessingJobs")["Metrics"]
    hosts = {dimension["Value"] for metric in measured for dimension in metric["Dimensions"]}
    assert "heard/algo-1" in hosts
    assert "silent/algo-1" not in hosts


def pipeline(bench: Any, name: str, arn: str, job_role: str, waiting: Any, **resources: Any) -> dict[str, Any]:
    """Run a pipeline of one processing step under a role, to its end."""
    sagemaker = bench.boto("sagemaker")
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5, **resources}
    step = {"Name": "Prepare", "Type": "Processing", "Arguments": {
        "RoleArn": job_role, "ProcessingResources": {"ClusterConfig": cluster},
        "AppSpecification": {"ImageUri": bench.image, "ContainerEntrypoint": NOTHING}}}
    sagemaker.create_pipeline(PipelineName=name, RoleArn=arn, ClientRequestToken="t" * 32,
                              PipelineDefinition=json.dumps({"Version": "2020-12-01", "Steps": [step]}))
    execution = sagemaker.start_pipeline_execution(PipelineName=name)["PipelineExecutionArn"]
    wait_while, _ = waiting
    ended: dict[str, Any] = wait_while(
        lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=execution),
        "PipelineExecutionStatus", "Executing")
    return ended


def create(*actions: str, **conditions: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": f"{SAGEMAKER}:processing-job/pipelines-*"}
    return {**statement, "Condition": conditions} if conditions else statement


def passing(job_role: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "iam:PassRole", "Resource": job_role,
            "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}}


FOLLOW = create("sagemaker:AddTags", "sagemaker:DescribeProcessingJob")


def test_a_step_is_made_tagged_and_followed_by_the_pipelines_role(bench: Any, role: Any, waiting: Any) -> None:
    job_role = role(PULL)
    arn = role(create("sagemaker:CreateProcessingJob"), FOLLOW, passing(job_role))
    ended = pipeline(bench, "followed", arn, job_role, waiting)
    assert ended["PipelineExecutionStatus"] == "Succeeded", ended
    lines = done_by(bench, waiting, arn, "DescribeProcessingJob")
    assert [line["operation"] for line in lines] == ["CreateProcessingJob", "DescribeProcessingJob"]
    assert [need["action"] for need in lines[0]["needs"]] == [
        "sagemaker:CreateProcessingJob", "sagemaker:AddTags", "iam:PassRole"]


@pytest.mark.parametrize(("left_out", "action"), [
    ("create", "sagemaker:CreateProcessingJob"), ("tags", "sagemaker:AddTags"), ("pass", "iam:PassRole"),
    ("instance", "sagemaker:CreateProcessingJob"), ("describe", "sagemaker:DescribeProcessingJob"),
])
def test_what_the_pipelines_role_may_not_do_fails_the_step(
    bench: Any, role: Any, waiting: Any, left_out: str, action: str
) -> None:
    job_role = role(PULL)
    small = {"ForAllValues:StringEquals": {"sagemaker:InstanceTypes": ["ml.t3.medium"]},
             "Null": {"sagemaker:InstanceTypes": "false"}}
    parts = {
        "create": create("sagemaker:CreateProcessingJob", **(small if left_out == "instance" else {})),
        "tags": create("sagemaker:AddTags"), "describe": create("sagemaker:DescribeProcessingJob"),
        "pass": passing(job_role),
    }
    arn = role(*(part for name, part in parts.items() if name != left_out))
    ended = pipeline(bench, f"short-{left_out}", arn, job_role, waiting)
    assert ended["PipelineExecutionStatus"] == "Failed"
    operation = "Describe" if left_out == "describe" else "Create"
    assert (f"ClientError: Failed to invoke sagemaker:{operation}ProcessingJob. Error Details: User: arn:aws:sts::"
            in ended["FailureReason"])
    assert f"{arn.rpartition('/')[2]}/SageMaker is not authorized to perform: {action} on" in ended["FailureReason"]


def test_a_volume_takes_a_grant_by_the_jobs_role_or_by_who_makes_the_job(
    bench: Any, role: Any, waiting: Any, key: str
) -> None:
    through = {**ENCRYPT, "Condition": {
        "Bool": {"kms:GrantIsForAWSResource": "true"},
        "StringEquals": {"kms:ViaService": "sagemaker.eu-west-1.amazonaws.com"}}}

    def run(name: str, *, by_job: bool, by_pipeline: bool) -> dict[str, Any]:
        job_role = role(PULL, *([through] if by_job else []))
        arn = role(create("sagemaker:CreateProcessingJob"), FOLLOW, passing(job_role),
                   *([through] if by_pipeline else []))
        return pipeline(bench, name, arn, job_role, waiting, VolumeKmsKeyId=key)

    assert run("job-grants", by_job=True, by_pipeline=False)["PipelineExecutionStatus"] == "Succeeded"
    assert run("pipeline-grants", by_job=False, by_pipeline=True)["PipelineExecutionStatus"] == "Succeeded"
    ended = run("nobody-grants", by_job=False, by_pipeline=False)
    assert ended["PipelineExecutionStatus"] == "Failed"
    assert f'is not authorized to perform: kms:CreateGrant on resource: "{key}"' in ended["FailureReason"]


def test_registering_a_model_takes_the_right_to_read_it_and_its_image(bench: Any, role: Any, waiting: Any) -> None:
    sagemaker = bench.boto("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="rights")
    container = {"Image": bench.image, "ModelDataUrl": bench.put("rights/model.tar.gz", "packed")}
    arguments = {"ModelPackageGroupName": "rights", "InferenceSpecification": {
        "Containers": [container], "SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}}
    step = {"Name": "Register", "Type": "RegisterModel", "Arguments": arguments}
    register = {"Effect": "Allow", "Action": ["sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"],
                "Resource": [f"{SAGEMAKER}:model-package-group/rights", f"{SAGEMAKER}:model-package/rights/*"]}
    group = {"Effect": "Allow", "Action": ["sagemaker:CreateModelPackageGroup", "sagemaker:AddTags"],
             "Resource": f"{SAGEMAKER}:model-package-group/rights"}
    wait_while, _ = waiting

    def run(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
        sagemaker.create_pipeline(PipelineName=name, RoleArn=role(register, *statements), ClientRequestToken="t" * 32,
                                  PipelineDefinition=json.dumps({"Version": "2020-12-01", "Steps": [step]}))
        arn = sagemaker.start_pipeline_execution(PipelineName=name)["PipelineExecutionArn"]
        return dict(wait_while(lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn),
                               "PipelineExecutionStatus", "Executing"))

    failure = "Failed to invoke sagemaker:CreateModelPackage. Error Details: Access denied for "
    blind, imageless = run("blind", PULL, group)["FailureReason"], run("imageless", DATA, group)["FailureReason"]
    assert f"{failure}bucket: {bench.bucket}, object key: rights/model.tar.gz" in blind
    assert f"{failure}repository: project" in imageless
    assert "is not authorized to perform: sagemaker:CreateModelPackageGroup" in run(
        "groupless", DATA, PULL)["FailureReason"]
    ended = run("registering", DATA, PULL, group)
    assert ended["PipelineExecutionStatus"] == "Succeeded", ended


def endpoint(bench: Any, name: str, arn: str, waiting: Any, data: str) -> dict[str, Any]:
    """Make an endpoint of its own model, and wait for what becomes of it."""
    sagemaker = bench.boto("sagemaker")
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=arn,
                           PrimaryContainer={"Image": bench.image, "ModelDataUrl": data})
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[{
        "VariantName": "all", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    wait_while, _ = waiting
    ended: dict[str, Any] = wait_while(lambda: sagemaker.describe_endpoint(EndpointName=name),
                                       "EndpointStatus", "Creating")
    return ended


def test_an_endpoint_whose_role_lacks_image_data_or_key_fails_in_sagemakers_words(
    bench: Any, role: Any, waiting: Any, key: str
) -> None:
    s3 = bench.boto("s3")
    s3.put_object(Bucket=bench.bucket, Key="kept/model.tar.gz", Body=b"x", ServerSideEncryption="aws:kms",
                  SSEKMSKeyId=key)
    data = f"s3://{bench.bucket}/kept/model.tar.gz"
    pulling, reading, both = role(DATA), role(PULL), role(DATA, PULL)
    for name, arn, message in (
        ("imageless", pulling, f"The role '{pulling}' does not have BatchGetImage permission for the image: "
                               f"'{bench.image}'."),
        ("dataless", reading, f'Could not access model data at {data}. Please ensure that the role "{reading}" exists'),
        ("keyless", both, f"Could not access model data at {data}. Please ensure that the role"),
    ):
        ended = endpoint(bench, name, arn, waiting, data)
        assert ended["EndpointStatus"] == "Failed"
        assert ended["FailureReason"].startswith(message), ended["FailureReason"]
    assert "is not authorized to perform: kms:Decrypt" in ended["FailureReason"]


def test_a_version_of_a_studio_image_takes_its_images_role(bench: Any, role: Any, waiting: Any) -> None:
    sagemaker, (wait_while, _) = bench.boto("sagemaker"), waiting
    look = {**PULL, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "Resource": f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/project"}
    for name, statements, status in (("bare", [], "CREATE_FAILED"), ("looked-into", [look], "CREATED")):
        trust = source(f"{SAGEMAKER}:image")
        sagemaker.create_image(ImageName=name, RoleArn=role(*statements, trust=trust))
        wait_while(lambda name=name: sagemaker.describe_image(ImageName=name), "ImageStatus", "CREATING")
        sagemaker.create_image_version(ImageName=name, BaseImage=bench.image, ClientToken="t" * 36)
        ended = wait_while(lambda name=name: sagemaker.describe_image_version(ImageName=name), "ImageVersionStatus",
                           "CREATING")
        assert ended["ImageVersionStatus"] == status, ended
        assert ("ecr:BatchGetImage on" in ended.get("FailureReason", "")) == (status == "CREATE_FAILED")


def trusting(**conditions: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole",
         "Condition": conditions}]}


def source(arn: str) -> dict[str, Any]:
    return trusting(StringEquals={"aws:SourceAccount": ACCOUNT}, ArnLike={"aws:SourceArn": arn})


def test_a_trust_is_held_to_what_the_role_is_assumed_for(bench: Any, role: Any) -> None:
    processing = role(PULL, trust=source(f"{SAGEMAKER}:processing-job/*"))
    bench.processing("meant", NOTHING, RoleArn=processing)
    assert bench.processed("meant")["ProcessingJobStatus"] == "Completed"
    with pytest.raises(ClientError, match="Could not assume role") as caught:
        bench.training("not-meant", RoleArn=processing)
    assert f"aws:SourceArn is {SAGEMAKER}:training-job/not-meant" in str(caught.value)
    foreign = role(PULL, trust=trusting(StringEquals={"aws:SourceAccount": "999988887777"}))
    with pytest.raises(ClientError, match="Please ensure that the role exists and allows principal 'sagemaker"):
        bench.processing("foreign", NOTHING, RoleArn=foreign)


def test_pipelines_assume_for_an_execution_and_models_for_no_resource_in_particular(bench: Any, role: Any) -> None:
    sagemaker = bench.boto("sagemaker")
    empty = json.dumps({"Version": "2020-12-01", "Steps": [
        {"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}}]})
    ours, theirs = (role(trust=source(f"{SAGEMAKER}:pipeline/{name}/*")) for name in ("ours", "theirs"))
    sagemaker.create_pipeline(PipelineName="ours", RoleArn=ours, PipelineDefinition=empty, ClientRequestToken="t" * 32)
    with pytest.raises(ClientError, match="Could not assume role"):
        sagemaker.create_pipeline(PipelineName="ours-too", RoleArn=theirs, PipelineDefinition=empty,
                                  ClientRequestToken="t" * 32)
    container = {"Image": bench.image}
    sagemaker.create_model(ModelName="any", PrimaryContainer=container, ExecutionRoleArn=role(
        trust=source(f"{SAGEMAKER}:*")))
    with pytest.raises(ClientError, match="Could not assume role"):
        sagemaker.create_model(ModelName="one", PrimaryContainer=container, ExecutionRoleArn=role(
            trust=source(f"{SAGEMAKER}:model/one")))


def test_a_role_that_stops_trusting_fails_the_run_that_follows(bench: Any, role: Any) -> None:
    arn = role(trust=source(f"{SAGEMAKER}:pipeline/*"))
    sagemaker = bench.boto("sagemaker")
    sagemaker.create_pipeline(
        PipelineName="trusted-once", RoleArn=arn, ClientRequestToken="t" * 32, PipelineDefinition=json.dumps(
            {"Version": "2020-12-01", "Steps": [{"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}}]}))
    bench.boto("iam").update_assume_role_policy(
        RoleName=arn.rpartition("/")[2], PolicyDocument=json.dumps(source(f"{SAGEMAKER}:training-job/*")))
    with pytest.raises(ClientError, match="Could not assume role"):
        sagemaker.start_pipeline_execution(PipelineName="trusted-once")
