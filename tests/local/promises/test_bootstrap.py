"""What keeps Pulumi's states loses none, and opens them and their secrets to deployers alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from deployed import ACCOUNT, ADMINISTRATOR, Who, anyone
from machine import REGION

from mlstead_toolkit.access import Context, Policies, Policy, Principal, Request, evaluate
from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.aws.provider import provider_factory
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.engine import Session, StackSource

pytestmark = pytest.mark.timeout(400)
DEPLOYER = Who(Principal(f"arn:aws:iam::{ACCOUNT}:role/deploy-dev", "run"), ADMINISTRATOR)
BUCKET = f"mlstead-state-{ACCOUNT}-{REGION}"
S3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}


@pytest.fixture(scope="module")
def resources(cloud, tmp_path_factory):
    """A bootstrap that names its deployers: the resources of its state."""
    home = tmp_path_factory.mktemp("bootstrap")
    deployers = json.dumps([f"arn:aws:iam::{ACCOUNT}:role/deploy-*"])
    settings = {"aws:region": REGION, "mlstead-bootstrap:deployers": deployers}
    source = StackSource(stack_directory("bootstrap"), "local", Path(sys.executable), settings)
    with Session([source], home=home, provider=provider_factory(Target.local(cloud.endpoint, REGION))) as session:
        session.up()
    state = json.loads((home / ".pulumi/stacks/mlstead-bootstrap/local.json").read_text())
    return state["checkpoint"]["latest"]["resources"]


@pytest.fixture(scope="module")
def on_bucket(resources, boto):
    policy = Policy.parse("state", boto("s3").get_bucket_policy(Bucket=BUCKET)["Policy"])

    def decide(who, action, key=None, **context):
        resource = f"arn:aws:s3:::{BUCKET}" + (f"/{key}" if key else "")
        usual = {"aws:SecureTransport": True, **context}
        return evaluate(Request(who.principal, action, resource, Context(usual)),
                        Policies(who.policies, policy, resource_account=ACCOUNT))

    return decide


@pytest.fixture(scope="module")
def on_key(resources, boto):
    def decide(domain, who, action, context):
        key = boto("kms").describe_key(KeyId=f"alias/mlstead-bootstrap-local/{domain}")["KeyMetadata"]["Arn"]
        policy = Policy.parse(domain, boto("kms").get_key_policy(KeyId=key, PolicyName="default")["Policy"])
        usual = {"kms:CallerAccount": who.principal.account, **context}
        return evaluate(Request(who.principal, action, key, Context(usual)),
                        Policies(who.policies, policy, resource_account=ACCOUNT, resource_must_allow=True)).allowed

    return decide


def test_states_are_written_and_removed_but_nothing_of_them_is_lost(on_bucket):
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
        assert on_bucket(DEPLOYER, action, ".pulumi/stacks/x.json").allowed
    for action, key, sid in (
        ("s3:DeleteObjectVersion", ".pulumi/stacks/x.json", "DenyLossOfVersions"),
        ("s3:DeleteBucket", None, "DenyLossOfBucket"), ("s3:PutBucketVersioning", None, "DenyLossOfBucket"),
        ("s3:PutLifecycleConfiguration", None, "DenyLossOfBucket"),
    ):
        for who in (DEPLOYER, anyone()):
            decision = on_bucket(who, action, key)
            assert not decision.allowed and decision.sid == sid
    plain = on_bucket(DEPLOYER, "s3:GetObject", ".pulumi/stacks/x.json", **{"aws:SecureTransport": False})
    assert plain.sid == "DenyPlainHttp" and not plain.allowed
    assert not on_bucket(anyone("999988887777"), "s3:GetObject", ".pulumi/stacks/x.json").allowed


def test_only_deployers_open_a_state_and_only_through_s3(on_key):
    assert on_key("state", DEPLOYER, "kms:Decrypt", S3) and on_key("state", DEPLOYER, "kms:GenerateDataKey", S3)
    assert not on_key("state", DEPLOYER, "kms:Decrypt", {})
    assert not on_key("state", anyone(), "kms:Decrypt", S3)
    assert not on_key("state", anyone(mlstead_project="flight-delays"), "kms:Decrypt", S3)


def test_only_deployers_open_a_secret(on_key):
    assert on_key("secrets", DEPLOYER, "kms:Decrypt", {}) and on_key("secrets", DEPLOYER, "kms:Encrypt", {})
    assert not on_key("secrets", anyone(), "kms:Decrypt", {})
    assert not on_key("secrets", anyone("999988887777"), "kms:Decrypt", {})
    assert on_key("secrets", anyone(), "kms:PutKeyPolicy", {})


def test_states_are_versioned_encrypted_logged_and_never_public(resources, boto):
    s3 = boto("s3")
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    assert set(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_logging(Bucket=BUCKET)["LoggingEnabled"]
    rule = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0]
    key = boto("kms").describe_key(KeyId="alias/mlstead-bootstrap-local/state")["KeyMetadata"]["Arn"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert boto("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]


def test_every_type_of_the_bootstrap_has_a_promise(resources):
    from test_every_type import promised

    assert {one["type"] for one in resources if one["type"].startswith("aws:")} - promised() == set()
