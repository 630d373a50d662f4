"""Jobs and models run in networks that exist, and say which."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mlstead_toolkit.cloud import control, elsewhere

NOWHERE = {"Subnets": ["subnet-0000000000000dead"], "SecurityGroupIds": ["sg-0000000000000dead"]}


@pytest.fixture(scope="module")
def network(boto: Callable[[str], Any]) -> dict[str, list[str]]:
    """A network with two subnets and a security group, as a VpcConfig names it."""
    return make_network(boto("ec2"), "10.9.0.0/16")


def make_network(ec2: Any, cidr: str) -> dict[str, list[str]]:
    vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    blocks = [f"{cidr.rpartition('.0.0')[0]}.{third}.0/24" for third in (1, 2)]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=block)["Subnet"]["SubnetId"] for block in blocks]
    group = ec2.create_security_group(GroupName="workload", Description="jobs", VpcId=vpc)["GroupId"]
    return {"Subnets": subnets, "SecurityGroupIds": [group]}


def test_a_job_in_a_network_runs_and_tells_which(bench: Any, network: dict[str, list[str]]) -> None:
    bench.processing("placed", ["python", "-c", "pass"], NetworkConfig={"VpcConfig": network})
    described = bench.processed("placed")
    assert described["ProcessingJobStatus"] == "Completed", described
    assert described["NetworkConfig"]["VpcConfig"] == network
    bench.training("placed", VpcConfig=network)
    described = bench.trained("placed")
    assert described["TrainingJobStatus"] == "Completed", described
    assert described["VpcConfig"] == network


def test_a_model_in_a_network_tells_which(bench: Any, network: dict[str, list[str]]) -> None:
    sagemaker = bench.boto("sagemaker")
    container = {"Image": bench.image}
    sagemaker.create_model(
        ModelName="placed", ExecutionRoleArn=bench.role, PrimaryContainer=container, VpcConfig=network
    )
    assert sagemaker.describe_model(ModelName="placed")["VpcConfig"] == network
    with pytest.raises(ClientError, match="The subnet ID 'subnet-0000000000000dead' does not exist"):
        sagemaker.create_model(
            ModelName="lost", ExecutionRoleArn=bench.role, PrimaryContainer=container, VpcConfig=NOWHERE
        )


def test_a_network_that_does_not_exist_is_refused_by_the_name_that_is_wrong(
    bench: Any, network: dict[str, list[str]]
) -> None:
    for wrong, message in (
        (NOWHERE, "The subnet ID 'subnet-0000000000000dead' does not exist"),
        ({**network, "SecurityGroupIds": NOWHERE["SecurityGroupIds"]}, "The security group 'sg-0000000000000dead'"),
    ):
        with pytest.raises(ClientError, match=message):
            bench.training("lost", VpcConfig=wrong)
        with pytest.raises(ClientError, match=message):
            bench.processing("lost", ["python", "-c", "pass"], NetworkConfig={"VpcConfig": wrong})


def test_a_security_group_of_another_network_is_refused(bench: Any, network: dict[str, list[str]]) -> None:
    other = make_network(bench.boto("ec2"), "10.8.0.0/16")
    with pytest.raises(ClientError, match="belong to different networks"):
        bench.training("mixed", VpcConfig={**network, "SecurityGroupIds": other["SecurityGroupIds"]})


def test_a_step_of_a_pipeline_runs_in_the_network_that_its_parameters_name(
    bench: Any, network: dict[str, list[str]], waiting: Any
) -> None:
    wait_while, _ = waiting
    sagemaker = bench.boto("sagemaker")
    names = ("FirstSubnet", "SecondSubnet", "SecurityGroup")
    values = dict(zip(names, [*network["Subnets"], *network["SecurityGroupIds"]], strict=True))
    step = {
        "Name": "Work",
        "Type": "Processing",
        "Arguments": {
            "ProcessingResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5}
            },
            "RoleArn": bench.role,
            "AppSpecification": {"ImageUri": bench.image, "ContainerEntrypoint": ["python", "-c", "pass"]},
            "NetworkConfig": {
                "VpcConfig": {
                    "Subnets": [{"Get": "Parameters.FirstSubnet"}, {"Get": "Parameters.SecondSubnet"}],
                    "SecurityGroupIds": [{"Get": "Parameters.SecurityGroup"}],
                }
            },
        },
    }
    definition = {
        "Version": "2020-12-01",
        "Parameters": [{"Name": name, "Type": "String", "DefaultValue": value} for name, value in values.items()],
        "Steps": [step],
    }
    sagemaker.create_pipeline(
        PipelineName="placed",
        PipelineDefinition=json.dumps(definition),
        RoleArn=bench.role,
        ClientRequestToken="t" * 32,
    )
    for given, status in ({}, "Succeeded"), ({"FirstSubnet": "subnet-0000000000000dead"}, "Failed"):
        execution = sagemaker.start_pipeline_execution(
            PipelineName="placed", PipelineParameters=[{"Name": name, "Value": value} for name, value in given.items()]
        )["PipelineExecutionArn"]
        ended = wait_while(
            lambda arn=execution: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn),
            "PipelineExecutionStatus",
            "Executing",
        )
        assert ended["PipelineExecutionStatus"] == status, ended
        (ran,) = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=execution)["PipelineExecutionSteps"]
        if given:
            assert "subnet-0000000000000dead" in ran["FailureReason"]
        else:
            job = ran["Metadata"]["ProcessingJob"]["Arn"].rpartition("/")[2]
            assert bench.processed(job)["NetworkConfig"]["VpcConfig"] == network


@pytest.fixture
def cloud_without_ec2(tmp_path: Path, free_port: int) -> Iterator[Callable[[str], Any]]:
    """Clients of a cloud whose EC2 is another's."""
    running = control.ensure_running(tmp_path, free_port, ["ec2", "iam"])
    session = boto3.Session("mlstead", "mlstead", region_name="eu-west-1")
    yield lambda service: session.client(service, endpoint_url=running.endpoint)
    control.stop(tmp_path, free_port)


def test_a_network_of_another_cloud_is_taken_at_its_word(cloud_without_ec2: Callable[[str], Any]) -> None:
    assert elsewhere.VARIABLE not in os.environ
    sagemaker = cloud_without_ec2("sagemaker")
    sagemaker.create_model(
        ModelName="placed",
        ExecutionRoleArn="arn:aws:iam::123456789012:role/there",
        PrimaryContainer={"Image": "there:1"},
        VpcConfig=NOWHERE,
    )
    assert sagemaker.describe_model(ModelName="placed")["VpcConfig"] == NOWHERE
