"""SageMaker Studio's types, each through its whole life (see conftest.py), and how AWS refuses and waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.engine.provider import PartialFailure, ProviderError

DOMAIN, PROFILE = "aws:sagemaker/domain:Domain", "aws:sagemaker/userProfile:UserProfile"
IMAGE, VERSION = "aws:sagemaker/image:Image", "aws:sagemaker/imageVersion:ImageVersion"
ROLE = {"role": "aws:iam/role:Role"}
NETWORK = {"vpc": "aws:ec2/vpc:Vpc", "subnet": "aws:ec2/subnet:Subnet", "group": "aws:ec2/securityGroup:SecurityGroup"}
ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/notebooks"


def jupyter(minutes: int) -> dict[str, Any]:
    return {"jupyterLabAppSettings": {"appLifecycleManagement": {"idleSettings": {
        "lifecycleManagement": "ENABLED", "idleTimeoutInMinutes": minutes}}}}


def people(minutes: int) -> dict[str, Any]:
    return {"executionRole": "{role.arn}", "securityGroups": ["{group.id}"], "autoMountHomeEfs": "Disabled",
            "studioWebPortalSettings": {"hiddenAppTypes": ["Canvas", "CodeEditor"]},
            "sharingSettings": {"notebookOutputOption": "Disabled"}, **jupyter(minutes),
            "spaceStorageSettings": {"defaultEbsStorageSettings": {
                "defaultEbsVolumeSizeInGb": 5, "maximumEbsVolumeSizeInGb": 50}}}


def idle(described: dict[str, Any]) -> int:
    minutes: int = described["JupyterLabAppSettings"]["AppLifecycleManagement"]["IdleSettings"]["IdleTimeoutInMinutes"]
    return minutes


def of_domain(boto: Callable[[str], Any], out: dict[str, Any]) -> tuple[Any, ...]:
    found = boto("sagemaker").describe_domain(DomainId=out["id"])
    return (found["Status"], idle(found["DefaultUserSettings"]),
            found["DomainSettings"]["DockerSettings"]["EnableDockerAccess"])


def of_profile(boto: Callable[[str], Any], out: dict[str, Any]) -> tuple[Any, ...]:
    found = boto("sagemaker").describe_user_profile(DomainId=out["domainId"], UserProfileName=out["userProfileName"])
    return found["Status"], idle(found["UserSettings"])


def of_configuration(boto: Callable[[str], Any], out: dict[str, Any]) -> Any:
    found = boto("sagemaker").describe_app_image_config(AppImageConfigName=out["id"])["JupyterLabAppImageConfig"]
    return found["ContainerConfig"]["ContainerEnvironmentVariables"]


EXAMPLES: list[tuple[Any, ...]] = [
    (DOMAIN,
            {"domainName": "studio", "authMode": "IAM", "appNetworkAccessType": "VpcOnly", "vpcId": "{vpc.id}",
             "subnetIds": ["{subnet.id}"], "kmsKeyId": "{key.arn}", "tagPropagation": "ENABLED",
             "retentionPolicy": {"homeEfsFileSystem": "Delete"}, "defaultUserSettings": people(60),
             "defaultSpaceSettings": {"executionRole": "{role.arn}", **jupyter(60)},
             "domainSettings": {"executionRoleIdentityConfig": "USER_PROFILE_NAME",
                                "dockerSettings": {"enableDockerAccess": "DISABLED"}}},
            {"defaultUserSettings": people(120), "tags": {"owner": "b"}, "domainSettings": {
                "executionRoleIdentityConfig": "USER_PROFILE_NAME",
                "dockerSettings": {"enableDockerAccess": "ENABLED"}}},
            of_domain, ("InService", 60, "DISABLED"), ("InService", 120, "ENABLED"), ("kmsKeyId", "other"),
            {**ROLE, **NETWORK, "key": "aws:kms/key:Key"}),
    (PROFILE,
            {"domainId": "{domain.id}", "userProfileName": "ada", "userSettings": people(60), "tags": {"owner": "a"}},
            {"userSettings": people(90)}, of_profile, ("InService", 60), ("InService", 90),
            ("userProfileName", "grace"), {**ROLE, "group": NETWORK["group"], "domain": DOMAIN}),
    (IMAGE,
            {"imageName": "notebooks", "roleArn": "{role.arn}", "description": "first"}, {"description": "second"},
            lambda boto, out: boto("sagemaker").describe_image(ImageName="notebooks")["Description"],
            "first", "second", ("imageName", "other"), ROLE),
    (VERSION,
            {"imageName": "{image.imageName}", "baseImage": f"{ECR}:1"}, {"releaseNotes": "pandas 3"},
            lambda boto, out: boto("sagemaker").describe_image_version(ImageName="pictured", Version=out["version"])
            .get("ReleaseNotes"), None, "pandas 3", ("baseImage", f"{ECR}:2"), {**ROLE, "image": IMAGE}),
    ("aws:sagemaker/appImageConfig:AppImageConfig",
            {"appImageConfigName": "notebooks", "jupyterLabImageConfig": {
                "containerConfig": {"containerEntrypoints": ["jupyter-lab"], "containerArguments": ["--no-browser"],
                                    "containerEnvironmentVariables": {"CURATED_URI": "s3://a"}},
                "fileSystemConfig": {"defaultUid": 1000, "defaultGid": 100, "mountPath": "/home/sagemaker-user"}}},
            {"jupyterLabImageConfig": {"containerConfig": {"containerEnvironmentVariables": {"CURATED_URI": "s3://b"}},
                                       "fileSystemConfig": {}}},
            of_configuration, {"CURATED_URI": "s3://a"}, {"CURATED_URI": "s3://b"}, ("appImageConfigName", "other")),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)


def test_a_domain_is_not_deleted_while_it_has_profiles(aws: AwsProvider, stand: Any,
                                                        boto: Callable[[str], Any]) -> None:
    domain = stand.needs({"domain": DOMAIN})["domain"]
    sagemaker = boto("sagemaker")
    stand.create(PROFILE, {"domainId": domain["id"], "userProfileName": "ada"})

    with pytest.raises(ClientError, match=r"UserProfile\(s\) are associated with it"):
        sagemaker.delete_domain(DomainId=domain["id"])


def test_a_domain_without_internet_needs_security_groups_and_subnets_that_exist(
    stand: Any, boto: Callable[[str], Any]
) -> None:
    made = stand.needs({**NETWORK, **ROLE})
    asked = {"DomainName": "studio", "AuthMode": "IAM", "AppNetworkAccessType": "VpcOnly",
             "VpcId": made["vpc"]["id"], "SubnetIds": [made["subnet"]["id"]]}
    settings = {"ExecutionRole": made["role"]["arn"]}

    with pytest.raises(ClientError, match="needs SecurityGroups"):
        boto("sagemaker").create_domain(**asked, DefaultUserSettings=settings)
    with pytest.raises(ClientError, match="subnet-0000' does not exist"):
        boto("sagemaker").create_domain(**asked | {"SubnetIds": ["subnet-0000"]}, DefaultUserSettings={
            **settings, "SecurityGroups": [made["group"]["id"]]})


def test_the_numbers_of_image_versions_are_not_given_twice(stand: Any, boto: Callable[[str], Any]) -> None:
    stand.needs({"image": IMAGE})
    sagemaker, named = boto("sagemaker"), {"ImageName": "pictured"}
    _, _, first = stand.create(VERSION, {"imageName": "pictured", "baseImage": f"{ECR}:1"}, "first")
    assert first["version"] == 1
    assert first["arn"].endswith(":image-version/pictured/1")
    stand.clear()
    stand.standing.clear()
    stand.needs({"image": IMAGE})
    stand.create(VERSION, {"imageName": "pictured", "baseImage": f"{ECR}:1"}, "first")
    sagemaker.create_image_version(**named, BaseImage=f"{ECR}:2", ClientToken="2")
    sagemaker.get_waiter("image_version_created").wait(**named, Version=2, WaiterConfig={"Delay": 1})
    sagemaker.delete_image_version(**named, Version=2)
    sagemaker.create_image_version(**named, BaseImage=f"{ECR}:3", ClientToken="3")
    newest = sagemaker.list_image_versions(**named, SortBy="VERSION")["ImageVersions"][0]
    assert newest["Version"] == 3
    sagemaker.get_waiter("image_version_created").wait(**named, Version=3, WaiterConfig={"Delay": 1})


def test_a_version_of_what_is_no_image_in_ecr_fails_with_its_reason(stand: Any) -> None:
    stand.needs({"image": IMAGE})
    with pytest.raises((ProviderError, PartialFailure), match="no image in Amazon ECR"):
        stand.create(VERSION, {"imageName": "pictured", "baseImage": "docker.io/jupyter"})


def test_an_address_that_opens_studio_is_of_a_profile_that_exists(stand: Any, boto: Callable[[str], Any]) -> None:
    domain = stand.needs({"domain": DOMAIN})["domain"]
    stand.create(PROFILE, {"domainId": domain["id"], "userProfileName": "ada"})
    sagemaker = boto("sagemaker")

    url = sagemaker.create_presigned_domain_url(DomainId=domain["id"], UserProfileName="ada")["AuthorizedUrl"]
    assert url.startswith(f"https://{domain['id']}.studio.eu-west-1.sagemaker.aws/auth?token=")
    with pytest.raises(ClientError, match="does not exist"):
        sagemaker.create_presigned_domain_url(DomainId=domain["id"], UserProfileName="eve")
