"""With only_from_network the data zones give data to what runs in the network, and to nothing else of a project's."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest
from deployed import ACCOUNT, DATA_ZONES, PROJECT, Deployed, anyone, service
from machine import REGION, Machine, unused_port

from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.aws.provider import provider_factory
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.cloud import control
from mlstead_toolkit.engine import Session, StackSource

pytestmark = pytest.mark.timeout(400)
OURS = anyone(mlstead_project=PROJECT)
OUTSIDE = {"aws:SourceVpc": None}
TRUST = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                                "Principal": {"Service": "sagemaker.amazonaws.com"}}}
EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@pytest.fixture(scope="module")
def closed(tmp_path_factory, request):
    """A foundation whose data zones are open to its network alone, and an image for jobs."""
    folder = tmp_path_factory.mktemp("closed")
    machine = Machine(folder / "home", unused_port(), folder)
    machine.home.mkdir()
    request.addfinalizer(lambda: control.stop(machine.home, machine.port))
    endpoint = control.ensure_running(machine.home, machine.port).endpoint
    settings = {"aws:region": REGION, "mlstead-foundation:only_from_network": "true"}
    source = StackSource(stack_directory("foundation"), "local", Path(sys.executable), settings)
    with Session([source], home=machine.home, provider=provider_factory(Target.local(endpoint, REGION))) as session:
        session.preview()
        session.up()
    (folder / "copy.py").write_text(
        "import os, shutil\n"
        "base = os.environ['SAGEMAKER_BASE_DIR'] + '/processing/'\n"
        "shutil.copytree(base + 'in', base + 'out', dirs_exist_ok=True)\n")
    control.register_image(endpoint, "copying", folder, Path(sys.executable))
    return Deployed(machine)


# who, action, context, whether it is denied
TABLE = [
    (OURS, "s3:GetObject", {}, False),
    (OURS, "s3:GetObject", OUTSIDE, True),
    (OURS, "s3:PutObject", OUTSIDE, True),
    (OURS, "s3:GetObject", {"aws:SourceVpc": "vpc-of-another"}, True),
    (OURS, "s3:GetObject", OUTSIDE | {"aws:ViaAWSService": True}, False),
    (anyone(), "s3:GetObject", OUTSIDE, True),
    (anyone(mlstead_project="mlstead-foundation"), "s3:GetObject", OUTSIDE, False),
]


def test_data_goes_to_the_network_and_to_services_that_act_for_its_owner(closed):
    wrong = [f"{decision}" for zone in DATA_ZONES for who, action, context, denied in TABLE
             if (decision := closed.on_bucket(who, action, zone, f"{PROJECT}/a", context)).allowed is denied]
    assert not wrong


def test_names_go_to_no_project_elsewhere_and_who_deploys_finds_the_bucket(closed):
    for zone in DATA_ZONES:
        own = {"s3:prefix": f"{PROJECT}/a"}
        assert closed.on_bucket(OURS, "s3:ListBucket", zone, context=own).allowed
        assert closed.on_bucket(OURS, "s3:ListBucket", zone, context=OUTSIDE | own).sid == "DenyListsToOtherNetworks"
        assert closed.on_bucket(anyone(), "s3:ListBucket", zone, context=OUTSIDE).allowed  # as HeadBucket does


def test_inventories_and_access_logs_still_arrive(closed):
    for zone in DATA_ZONES:
        context = {**OUTSIDE, "aws:SourceArn": closed.zone(zone)["arn"], "aws:SourceAccount": ACCOUNT}
        for who, key in (("logging.s3.amazonaws.com", f"lake-{zone}/x"), ("s3.amazonaws.com", "inventory/x")):
            assert closed.on_bucket(service(who), "s3:PutObject", "logs", key, context).allowed


def test_artifacts_stay_open_to_who_predicts_and_deploys_from_elsewhere(closed):
    assert closed.on_bucket(OURS, "s3:GetObject", "artifacts", f"{PROJECT}/a", OUTSIDE).allowed


def test_a_job_in_the_network_gets_the_data_and_one_outside_is_refused(closed):
    iam, sagemaker = closed.client("iam"), closed.client("sagemaker")
    role = iam.create_role(RoleName="copier", AssumeRolePolicyDocument=json.dumps(TRUST),
                           Tags=[{"Key": "mlstead:project", "Value": PROJECT}])["Role"]["Arn"]
    iam.put_role_policy(RoleName="copier", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
    uri = f"s3://{closed.buckets['raw']}/{PROJECT}"
    closed.client("s3").put_object(Bucket=closed.buckets["raw"], Key=f"{PROJECT}/in/a.csv", Body=b"1")
    network = closed.foundation["network"]
    inside = {"VpcConfig": {"Subnets": network["subnet_ids"], "SecurityGroupIds": [network["security_group_id"]]}}

    def ended(name, config):
        sagemaker.create_processing_job(
            ProcessingJobName=name, RoleArn=role, NetworkConfig={"EnableNetworkIsolation": True, **config},
            ProcessingResources={"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large",
                                                   "VolumeSizeInGB": 5}},
            AppSpecification={"ImageUri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/copying:1",
                              "ContainerEntrypoint": ["python", "copy.py"]},
            ProcessingInputs=[{"InputName": "in", "S3Input": {
                "S3Uri": f"{uri}/in", "LocalPath": "/opt/ml/processing/in", "S3DataType": "S3Prefix",
                "S3InputMode": "File"}}],
            ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": {
                "S3Uri": f"{uri}/out", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}}]},
        )
        deadline = time.monotonic() + 60
        while (job := sagemaker.describe_processing_job(ProcessingJobName=name))["ProcessingJobStatus"] == "InProgress":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return job

    assert ended("inside", inside)["ProcessingJobStatus"] == "Completed"
    listed = closed.client("s3").list_objects_v2(Bucket=closed.buckets["raw"], Prefix=f"{PROJECT}/out/")["Contents"]
    assert [entry["Key"] for entry in listed] == [f"{PROJECT}/out/a.csv"]
    refused = ended("outside", {})
    assert refused["ProcessingJobStatus"] == "Failed"
    assert "not authorized to perform: s3:ListBucket" in refused["FailureReason"]
    assert "DenyListsToOtherNetworks" in refused["FailureReason"]
    trail = [json.loads(line) for line in (closed.machine.home / "cloud/calls.jsonl").read_text().splitlines()]
    assert [line["principal"] for line in trail if "DenyListsToOtherNetworks" in line.get("refused", "")] == [role]
