"""Two projects on one foundation: the second changes nothing in it, and neither gets at the other's data."""

from __future__ import annotations

import json
from dataclasses import replace

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from machine import REGION

pytestmark = pytest.mark.timeout(400)
FIRST, SECOND = "flight-delays", "train-delays"


def state(machine, project):
    return json.loads((machine.home / f".pulumi/stacks/{project}/local.json").read_text())["checkpoint"]["latest"]


def outputs(machine, project):
    return next(one for one in state(machine, project)["resources"] if one["type"] == "pulumi:pulumi:Stack")["outputs"]


@pytest.fixture(scope="module")
def first(scaffolded):
    scaffolded.succeed("up", "local")
    return scaffolded


@pytest.fixture(scope="module")
def before(first):
    """The foundation's state and policies before there is a second project."""
    return state(first, "mlstead-foundation"), policies(first)


@pytest.fixture(scope="module")
def second(first, before):
    first.succeed("new", SECOND, "--defaults", cwd=first.folder)
    other = replace(first)
    other.project = first.folder / SECOND
    other.succeed("up", "local")
    return other


def policies(machine):
    """Everything in the foundation that decides who may do what, as boto3 reads it."""
    s3, kms, lake = machine.client("s3"), machine.client("kms"), outputs(machine, "mlstead-foundation")["lake"]
    zones = lake["zones"].values()
    return {
        "buckets": {zone["bucket"]: s3.get_bucket_policy(Bucket=zone["bucket"])["Policy"] for zone in zones},
        "keys": {zone["key_arn"]: kms.get_key_policy(KeyId=zone["key_arn"], PolicyName="default")["Policy"]
                 for zone in zones},
        "grants": {zone["key_arn"]: kms.list_grants(KeyId=zone["key_arn"])["Grants"] for zone in zones},
        "settings": machine.client("lakeformation").get_data_lake_settings()["DataLakeSettings"],
        "endpoints": machine.client("ec2").describe_vpc_endpoints()["VpcEndpoints"],
        "groups": machine.client("ec2").describe_security_groups()["SecurityGroups"],
    }

FILLS = {"raw": "ingestion", "quarantine": "gate", "curated": "gate", "features": "processing",
         "artifacts": "processing"}
"""The role that fills each zone, and reads it."""


def roles(machine, project):
    return {one["inputs"]["tags"]["mlstead:use"]: one["outputs"]["arn"]
            for one in state(machine, project)["resources"] if one["type"] == "aws:iam/role:Role"}


def as_role(machine, arn, service="s3"):
    found = machine.client("sts").assume_role(RoleArn=arn, RoleSessionName="neighbour")["Credentials"]
    return boto3.client(service, endpoint_url=f"http://127.0.0.1:{machine.port}", region_name=REGION,
                        aws_access_key_id=found["AccessKeyId"], aws_secret_access_key=found["SecretAccessKey"],
                        aws_session_token=found["SessionToken"], config=Config(retries={"total_max_attempts": 1}))


def test_the_second_project_changes_nothing_in_the_foundation(first, second, before):
    assert state(first, "mlstead-foundation")["resources"] == before[0]["resources"]
    assert policies(first) == before[1]


def test_neither_up_sees_a_change_because_of_the_other(first, second):
    assert "Nothing changed" in first.succeed("up", "local").out
    assert "Nothing changed" in second.succeed("up", "local").out


@pytest.mark.parametrize(("mine", "theirs"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_a_project_uses_its_own_data_and_is_refused_the_others(first, second, mine, theirs):
    zones = outputs(first, "mlstead-foundation")["lake"]["zones"]
    for name, zone in zones.items():
        ours, bucket = as_role(first, roles(first, mine)[FILLS[name]]), zone["bucket"]
        first.client("s3").put_object(Bucket=bucket, Key=f"{theirs}/secret.csv", Body=b"theirs")
        ours.put_object(Bucket=bucket, Key=f"{mine}/own.csv", Body=b"ours")
        assert ours.get_object(Bucket=bucket, Key=f"{mine}/own.csv")["Body"].read() == b"ours"
        listed = ours.list_objects_v2(Bucket=bucket, Prefix=f"{mine}/")["Contents"]
        assert f"{mine}/own.csv" in [entry["Key"] for entry in listed]
        for refused in (
            lambda ours=ours, bucket=bucket: ours.get_object(Bucket=bucket, Key=f"{theirs}/secret.csv"),
            lambda ours=ours, bucket=bucket: ours.head_object(Bucket=bucket, Key=f"{theirs}/secret.csv"),
            lambda ours=ours, bucket=bucket: ours.put_object(Bucket=bucket, Key=f"{theirs}/secret.csv", Body=b""),
            lambda ours=ours, bucket=bucket: ours.delete_object(Bucket=bucket, Key=f"{theirs}/secret.csv"),
            lambda ours=ours, bucket=bucket: ours.list_objects_v2(Bucket=bucket, Prefix=f"{theirs}/"),
            lambda ours=ours, bucket=bucket: ours.list_objects_v2(Bucket=bucket),
            lambda ours=ours, bucket=bucket: ours.copy_object(
                Bucket=bucket, Key=f"{mine}/copy.csv", CopySource=f"{bucket}/{theirs}/secret.csv"),
            lambda ours=ours, bucket=bucket: ours.create_multipart_upload(Bucket=bucket, Key=f"{theirs}/large.csv"),
        ):
            with pytest.raises(ClientError) as caught:
                refused()
            assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        assert first.client("s3").get_object(Bucket=bucket, Key=f"{theirs}/secret.csv")["Body"].read() == b"theirs"


def test_an_identity_policy_that_allows_everything_does_not_open_the_neighbours_data(first, second):
    """What holds a project to its prefix is the foundation's: a careless grant in a project's stack changes nothing."""
    iam, arn = first.client("iam"), roles(first, SECOND)["exploration"]
    name = arn.rpartition("/")[2]
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    iam.put_role_policy(RoleName=name, PolicyName="careless", PolicyDocument=json.dumps(document))
    careless, bucket = as_role(first, arn), outputs(first, "mlstead-foundation")["lake"]["zones"]["raw"]["bucket"]
    careless.list_objects_v2(Bucket=bucket, Prefix=f"{SECOND}/")
    with pytest.raises(ClientError, match=r"explicit deny in a resource-based policy .DenyPrefixesOfOthers"):
        careless.get_object(Bucket=bucket, Key=f"{FIRST}/secret.csv")
    others = [one for project in (FIRST, "mlstead-foundation") for one in state(first, project)["resources"]]
    others = [one["outputs"]["arn"] for one in others if one["type"] == "aws:iam/role:Role"]
    assert any("catalog" in other for other in others)
    for other in others:
        with pytest.raises(ClientError, match=r"sts:AssumeRole on .* explicit deny in a permissions boundary"):
            as_role(first, arn, "sts").assume_role(RoleArn=other, RoleSessionName="chained")
    iam.delete_role_policy(RoleName=name, PolicyName="careless")


@pytest.mark.parametrize(("mine", "theirs"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_a_project_is_granted_the_columns_of_its_own_tables_alone(first, second, mine, theirs):
    lake_formation = first.client("lakeformation")
    own = set(roles(first, mine).values())
    granted = [entry["Resource"] for entry in lake_formation.list_permissions()["PrincipalResourcePermissions"]
               if entry["Principal"]["DataLakePrincipalIdentifier"] in own and "SELECT" in entry["Permissions"]]
    expressions = [{tag["TagKey"]: tag["TagValues"] for tag in one["LFTagPolicy"]["Expression"]} for one in granted]
    assert expressions and all(f"project:{mine}-local" in tags for tags in expressions)
    for one in state(first, theirs)["resources"]:
        if one["type"] == "aws:glue/catalogTable:CatalogTable":
            table = {"Table": {"DatabaseName": one["outputs"]["databaseName"], "Name": one["outputs"]["name"]}}
            tags = lake_formation.get_resource_lf_tags(Resource=table)["LFTagsOnTable"]
            assert f"project:{theirs}-local" in {tag["TagKey"] for tag in tags}
            assert f"project:{mine}-local" not in {tag["TagKey"] for tag in tags}


def test_a_revoked_key_closes_its_domain_and_no_other(first, second):
    kms, zones = first.client("kms"), outputs(first, "mlstead-foundation")["lake"]["zones"]
    ours = {name: as_role(first, roles(first, FIRST)[use]) for name, use in FILLS.items()}
    key = zones["curated"]["key_arn"]
    policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    document = json.loads(policy)
    document["Statement"] = [one for one in document["Statement"] if one["Sid"] != "UseByProjectsThroughServices"]
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))
    for name, zone in zones.items():
        read = {"Bucket": zone["bucket"], "Key": f"{FIRST}/own.csv"}
        if zone["key_arn"] == key:
            with pytest.raises(ClientError, match="no resource-based policy allows the kms:Decrypt action"):
                ours[name].get_object(**read)
        else:
            assert ours[name].get_object(**read)["Body"].read() == b"ours", name
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    read = {"Bucket": zones["curated"]["bucket"], "Key": f"{FIRST}/own.csv"}
    assert ours["curated"].get_object(**read)["Body"].read() == b"ours"
