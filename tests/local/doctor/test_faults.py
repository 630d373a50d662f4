"""One thing broken at a time: exactly its check is off, and the fix is what mends it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from machine import REGION
from real_account import BUCKET, REPOSITORY, SECRETS, RealAccount

from mlstead_toolkit.aws.target import ACCOUNT

Client = Callable[[str], Any]


@pytest.fixture
def client(account: RealAccount) -> Client:
    """What breaks things."""
    return account.machine.client


@pytest.fixture
def mended() -> Iterator[ExitStack]:
    """What is done once the test is over, however it ended."""
    with ExitStack() as stack:
        yield stack


@contextmanager
def written(file: Path, change: Callable[[str], str]) -> Iterator[None]:
    before = file.read_text()
    file.write_text(change(before))
    try:
        yield
    finally:
        file.write_text(before)


def test_a_state_bucket_that_is_open_and_in_clear(account: RealAccount, client: Client, mended: ExitStack) -> None:
    s3 = client("s3")
    blocked = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    encryption = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]
    s3.delete_public_access_block(Bucket=BUCKET)
    s3.delete_bucket_encryption(Bucket=BUCKET)
    mended.callback(s3.put_public_access_block, Bucket=BUCKET, PublicAccessBlockConfiguration=blocked)
    mended.callback(s3.put_bucket_encryption, Bucket=BUCKET, ServerSideEncryptionConfiguration=encryption)
    fault = account.fault("backend")
    assert "not encrypted with a key of KMS" in fault.found and "BlockPublicAcls" in fault.found


def test_a_backend_in_another_region_than_its_address_says(
        account: RealAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"s3://{BUCKET}?region=us-east-1")
    assert account.fault("backend").fix == f"pulumi login 's3://{BUCKET}?region={REGION}'"


def test_a_backend_that_nobody_made(account: RealAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"s3://mlstead-stat-{ACCOUNT}-{REGION}")
    found = {check.name: check for check in account.examine().broken}
    assert "there is no bucket" in found["backend"].found and "backend_url" in str(found["backend"].fix)


def test_a_backend_on_this_machine_alone(account: RealAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///tmp")
    assert account.fault("backend").fix == f"pulumi login 's3://{BUCKET}?region={REGION}'"


def test_a_key_of_secrets_that_is_disabled(account: RealAccount, client: Client, mended: ExitStack) -> None:
    key = client("kms").describe_key(KeyId="alias/mlstead-bootstrap-dev/secrets")["KeyMetadata"]["Arn"]
    client("kms").disable_key(KeyId=key.rpartition("/")[2])
    mended.callback(client("kms").enable_key, KeyId=key.rpartition("/")[2])
    fault = account.fault("secrets")
    assert "Disabled" in fault.found and f"aws kms enable-key --key-id {key}" in str(fault.fix)


def test_a_stack_that_was_never_made(account: RealAccount) -> None:
    settings = account.project / "infra" / "Pulumi.dev.yaml"
    with written(settings, lambda text: text.replace(f"secretsprovider: {SECRETS}\n", "")):
        fault = account.fault("secrets")
    assert f"pulumi stack init dev --secrets-provider '{SECRETS}'" in str(fault.fix)


def test_a_stack_that_seals_with_a_passphrase(account: RealAccount) -> None:
    settings = account.project / "infra" / "Pulumi.dev.yaml"
    with written(settings, lambda text: text.replace(f"secretsprovider: {SECRETS}", "encryptionsalt: v1:abc")):
        fault = account.fault("secrets")
    assert "change-secrets-provider" in str(fault.fix)


def test_another_account_than_the_foundation_s_leaves_the_rest_out(account: RealAccount) -> None:
    file = account.project / "infra" / "foundation.dev.json"
    with written(file, lambda text: text.replace(f'"account_id": "{ACCOUNT}"', '"account_id": "210987654321"')):
        found = account.examine()
    assert [check.name for check in found.broken] == ["credentials"] and "ci" in found.left_out
    assert "take credentials of the account 210987654321" in str(found.broken[0].fix)


def test_an_account_that_the_settings_do_not_allow(account: RealAccount) -> None:
    settings = account.project / "infra" / "Pulumi.dev.yaml"
    with written(settings, lambda text: text + '  aws:allowedAccountIds: ["210987654321"]\n'):
        (fault,) = account.examine().broken
    assert fault.name == "credentials" and "aws:allowedAccountIds" in fault.found


def test_a_foundation_that_nobody_committed(account: RealAccount, mended: ExitStack) -> None:
    file = account.project / "infra" / "foundation.dev.json"
    moved = file.rename(file.with_suffix(".away"))
    mended.callback(moved.rename, file)
    fault = account.fault("foundation")
    assert fault.fix == "mlstead outputs dev --foundation, and commit infra/foundation.dev.json"


def test_a_foundation_that_has_changed_since(account: RealAccount) -> None:
    def lose(text: str) -> str:
        told = json.loads(text)
        told["lake"]["zones"]["raw"]["bucket"] = "lake-raw-that-was"
        return json.dumps(told)

    with written(account.project / "infra" / "foundation.dev.json", lose):
        fault = account.fault("foundation")
    assert "is not what is deployed (lake)" in fault.found and "no bucket lake-raw-that-was" in fault.found


def test_a_boundary_that_is_gone(account: RealAccount, client: Client, mended: ExitStack) -> None:
    iam, arn = client("iam"), account.foundation["boundary_arn"]
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]["Document"]
    iam.delete_policy(PolicyArn=arn)
    mended.callback(iam.create_policy, PolicyName=policy["PolicyName"], Path=policy["Path"],
                    PolicyDocument=json.dumps(document))
    fault = account.fault("foundation")
    assert arn in fault.found and "in stacks/foundation: pulumi up --refresh --stack dev" in str(fault.fix)


def test_a_key_of_the_lake_that_is_disabled_and_one_that_gives_no_grant(
        account: RealAccount, client: Client, mended: ExitStack) -> None:
    kms, zones = client("kms"), account.foundation["lake"]["zones"]
    raw, artifacts = zones["raw"]["key_arn"], zones["artifacts"]["key_arn"]
    policy = json.loads(kms.get_key_policy(KeyId=artifacts, PolicyName="default")["Policy"])
    without = [each for each in policy["Statement"] if each["Sid"] != "GrantToServices"]
    kms.put_key_policy(KeyId=artifacts, PolicyName="default", Policy=json.dumps(policy | {"Statement": without}))
    kms.disable_key(KeyId=raw.rpartition("/")[2])
    mended.callback(kms.enable_key, KeyId=raw.rpartition("/")[2])
    mended.callback(kms.put_key_policy, KeyId=artifacts, PolicyName="default", Policy=json.dumps(policy))
    fault = account.fault("keys")
    assert "the key of quarantine and raw is Disabled" in fault.found
    assert f"aws kms enable-key --key-id {raw}" in str(fault.fix)
    assert "key of artifacts gives nobody kms:CreateGrant through ecr" in fault.found


def test_a_role_that_lets_another_repository_in(account: RealAccount, client: Client, mended: ExitStack) -> None:
    iam, role = client("iam"), "flight-delays-dev-deploy"
    trust = json.dumps(iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"])
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust.replace(REPOSITORY, "acme/churn"))
    mended.callback(iam.update_assume_role_policy, RoleName=role, PolicyDocument=trust)
    fault = account.fault("ci")
    assert "lets in acme/churn, and `origin` is acme/flight-delays" in fault.found
    assert "flight-delays: {repository: acme/flight-delays, environments: [dev]}" in str(fault.fix)


@pytest.mark.parametrize(("old", "new"), [(":environment:dev", ":environment:prod"), ("StringEquals", "StringLike")])
def test_a_role_that_lets_in_more_than_this_environment_s_jobs(
        account: RealAccount, client: Client, mended: ExitStack, old: str, new: str) -> None:
    iam, role = client("iam"), "flight-delays-dev-deploy"
    trust = json.dumps(iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"])
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust.replace(old, new))
    mended.callback(iam.update_assume_role_policy, RoleName=role, PolicyDocument=trust)
    fault = account.fault("ci")
    assert "lets in others than jobs of acme/flight-delays for dev" in fault.found


def test_an_administrator_of_lake_formation_that_is_missing(
        account: RealAccount, client: Client, mended: ExitStack) -> None:
    settings = client("lakeformation").get_data_lake_settings()["DataLakeSettings"]
    client("lakeformation").put_data_lake_settings(DataLakeSettings=settings | {"DataLakeAdmins": []})
    mended.callback(client("lakeformation").put_data_lake_settings, DataLakeSettings=settings)
    fault = account.fault("lake formation")
    assert "flight-delays-dev-deploy to mlstead-foundation:administrators" in str(fault.fix)


def test_something_that_has_our_name_and_is_not_ours(account: RealAccount, client: Client, mended: ExitStack) -> None:
    client("sagemaker").create_model_package_group(ModelPackageGroupName="flight-delays-dev")
    client("logs").create_log_group(logGroupName="/aws/sagemaker/Endpoints/flight-delays-dev")
    mended.callback(client("sagemaker").delete_model_package_group, ModelPackageGroupName="flight-delays-dev")
    mended.callback(client("logs").delete_log_group, logGroupName="/aws/sagemaker/Endpoints/flight-delays-dev")
    fault = account.fault("names")
    assert "delete-model-package-group --model-package-group-name flight-delays-dev" in str(fault.fix)
    assert "log group /aws/sagemaker/Endpoints/flight-delays-dev exists" in fault.found


def test_an_image_that_was_never_pushed_into_the_repository_that_the_stack_has(
        account: RealAccount, client: Client, mended: ExitStack) -> None:
    state = ".pulumi/stacks/flight-delays/dev.json"
    recorded = {"checkpoint": {"latest": {"resources": [
        {"type": "aws:ecr/repository:Repository", "id": "flight-delays-dev"}]}}}
    client("s3").put_object(Bucket=BUCKET, Key=state, Body=json.dumps(recorded).encode())
    client("ecr").create_repository(repositoryName="flight-delays-dev")
    mended.callback(client("ecr").delete_repository, repositoryName="flight-delays-dev")
    mended.callback(client("s3").delete_object, Bucket=BUCKET, Key=state)
    fault = account.fault("image")
    assert "flight-delays-dev has no image 0.1.0" in fault.found
    assert f"docker push {ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/flight-delays-dev:0.1.0" in str(fault.fix)


def test_a_region_that_is_not_the_foundation_s_leaves_the_rest_out(account: RealAccount) -> None:
    settings = account.project / "infra" / "Pulumi.dev.yaml"
    with written(settings, lambda text: text.replace(f"aws:region: {REGION}", "aws:region: eu-central-1")):
        found = account.examine()
    assert [check.name for check in found.broken] == ["region"] and "keys" in found.left_out
    assert f"write aws:region: {REGION} in infra/Pulumi.dev.yaml" in str(found.broken[0].fix)


def test_a_setting_that_cannot_be_is_told_before_anything_is_asked(account: RealAccount) -> None:
    settings = account.project / "infra" / "Pulumi.dev.yaml"
    with written(settings, lambda text: text.replace(f"aws:region: {REGION}", "aws:region: eu-wst-1")):
        found = account.examine()
    assert [check.name for check in found.checks] == ["settings"] and "eu-west-1" in found.checks[0].found


def test_a_pulumi_that_is_older_than_the_sdk(
        account: RealAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pulumi").write_text("#!/bin/sh\necho v3.1.0\n")
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{account.shell['PATH']}")
    assert "older than the SDK in requirements.lock" in account.fault("pulumi").found
