"""The bootstrap: where Pulumi keeps states, and the key of the secrets in them."""

from __future__ import annotations

import json

import pytest

from mlstead import StateBackendArgs
from mlstead.errors import MlsteadError
from mlstead_toolkit.access import Context, Policies, Policy, Principal, Request, evaluate

BUCKET = "arn:aws:s3:::mlstead-state-123456789012-eu-west-1"
REASON = "this account is closed at the end of the month"
DEPLOY = "arn:aws:iam::123456789012:role/deploy"
ADMINISTRATOR = Principal("arn:aws:iam::123456789012:role/administer", "session")
EVERYTHING = Policy.parse("an administrator's", json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}))


def bucket_policy(made):
    statements = made.one("BucketPolicy", "state").policies()["policy"]["Statement"]
    return {statement["Sid"]: statement for statement in statements}


def uses(made):
    """What each key says of deployers."""
    policies = {key.name: json.loads(key.inputs["policy"])["Statement"] for key in made.of("Key")}
    return {name: next(each for each in policy if each["Sid"] == "UseByDeployers") for name, policy in policies.items()}


def test_nobody_can_delete_the_bucket_or_a_version_nor_shorten_how_long_versions_are_kept(bootstrap):
    policy = bucket_policy(bootstrap)
    for sid, actions, resource in (
        ("DenyLossOfBucket", {"s3:DeleteBucket", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration"}, BUCKET),
        ("DenyLossOfVersions", {"s3:DeleteObjectVersion"}, f"{BUCKET}/*"),
    ):
        assert (policy[sid]["Effect"], policy[sid]["Principal"]) == ("Deny", {"AWS": "*"})
        assert (set(policy[sid]["Action"]), policy[sid]["Resource"]) == (actions, [resource])
        assert "Condition" not in policy[sid]
    (versioning,) = [each for each in bootstrap.of("BucketVersioning") if each.name == "state"]
    assert versioning.inputs["versioningConfiguration"] == {"status": "Enabled"}
    rules = {rule["id"]: rule for rule in bootstrap.one("BucketLifecycleConfiguration", "state").inputs["rules"]}
    assert rules["forget-old-versions"]["noncurrentVersionExpiration"] == {"noncurrentDays": 365}
    assert set(rules) == {"forget-old-versions"}


def test_the_lock_closes_only_after_what_it_locks_is_set(bootstrap):
    needs = bootstrap.one("BucketPolicy", "state").dependencies
    assert any("bucketLifecycleConfiguration" in urn for urn in needs)
    (lifecycle,) = [each for each in bootstrap.of("BucketLifecycleConfiguration") if each.name == "state"]
    assert any("bucketVersioning" in urn for urn in lifecycle.dependencies)


@pytest.mark.parametrize(("action", "allowed"), [
    ("s3:GetObject", True), ("s3:PutObject", True), ("s3:DeleteObject", True), ("s3:ListBucket", True),
    ("s3:GetObjectVersion", True), ("s3:DeleteObjectVersion", False), ("s3:DeleteBucket", False),
    ("s3:PutBucketVersioning", False), ("s3:PutLifecycleConfiguration", False),
])
def test_an_administrator_can_do_what_pulumi_does_and_lose_nothing(bootstrap, action, allowed):
    of_objects = action.startswith(("s3:GetObject", "s3:PutObject", "s3:DeleteObject"))
    resource = f"{BUCKET}/.pulumi/stacks/x/dev.json" if of_objects else BUCKET
    policy = Policy.parse("the bucket's", bootstrap.one("BucketPolicy", "state").inputs["policy"])
    over_tls = Context({"aws:SecureTransport": True})
    decision = evaluate(Request(ADMINISTRATOR, action, resource, over_tls), Policies([EVERYTHING], policy))
    assert decision.allowed is allowed


@pytest.mark.parametrize(("role", "key", "through", "allowed"), [
    ("deploy", "state-key", "s3", True), ("deploy", "state-key", "", False), ("deploy", "state-secrets-key", "", True),
    ("administer", "state-key", "s3", False), ("administer", "state-secrets-key", "", False),
])
def test_only_deployers_decrypt_and_states_only_through_s3(run_bootstrap, role, key, through, allowed):
    made = run_bootstrap("dev", {"deployers": [DEPLOY]})
    policy = Policy.parse("the key's", made.one("Key", key).inputs["policy"])
    context = {"kms:CallerAccount": "123456789012"}
    context |= {"kms:ViaService": f"{through}.eu-west-1.amazonaws.com"} if through else {}
    who = Principal(f"arn:aws:iam::123456789012:role/{role}", "session")
    request = Request(who, "kms:Decrypt", f"arn:aws:kms:eu-west-1:123456789012:key/{key}", Context(context))
    assert evaluate(request, Policies([EVERYTHING], policy, resource_must_allow=True)).allowed is allowed


def test_states_are_encrypted_logged_and_listed(bootstrap):
    (rule,) = bootstrap.one("BucketServerSideEncryptionConfiguration", "state").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"].endswith("key/state-key")
    (logging,) = bootstrap.of("BucketLogging")
    assert logging.inputs["bucket"] == "mlstead-state-123456789012-eu-west-1"
    assert len(bootstrap.of("Inventory")) == 1
    assert {"DenyPlainHttp", "DenyOtherKeys"} <= bucket_policy(bootstrap).keys()


def test_states_are_decrypted_through_s3_and_secrets_directly_by_whoever_the_accounts_policies_let(bootstrap):
    assert uses(bootstrap)["state-key"]["Condition"] == {"StringEquals": {
        "kms:CallerAccount": "123456789012", "kms:ViaService": ["s3.eu-west-1.amazonaws.com"],
    }}
    secrets = uses(bootstrap)["state-secrets-key"]
    assert secrets["Condition"] == {"StringEquals": {"kms:CallerAccount": "123456789012"}}
    assert secrets["Action"] == ["kms:Encrypt", "kms:Decrypt"]


@pytest.mark.parametrize("arn", [
    "*", "arn:aws:iam::123456789012:root", "arn:aws:iam::999999999999:role/deploy", "arn:aws:iam::123456789012:role/*",
    "arn:aws:sts::123456789012:assumed-role/deploy/me",
])
def test_a_deployer_that_would_be_everyone_or_cannot_be_let_in_is_refused(context, arn):
    with pytest.raises(MlsteadError, match="no role or user"):
        StateBackendArgs(context, deployers=[arn])


def test_what_is_locked_is_protected_and_opens_only_with_a_reason(bootstrap, run_bootstrap):
    stateful = {"aws:s3/bucket:Bucket", "aws:kms/key:Key"}
    assert all(each.protect == (each.type in stateful) for each in bootstrap.resources if each.custom)
    opened = run_bootstrap("dev", {"locked": {"weakened": REASON}})
    assert not any(each.protect for each in opened.resources)
    assert not {"DenyLossOfBucket", "DenyLossOfVersions"} & bucket_policy(opened).keys()
    (backend,) = [each for each in opened.resources if each.type == "mlstead:index:StateBackend"]
    assert backend.inputs == {"weakenings": {"locked": REASON}}


@pytest.mark.parametrize("environment", ["local", "dev", "staging", "prod"])
def test_every_environment_says_what_pulumi_needs_and_what_to_type(run_bootstrap, environment):
    exports = run_bootstrap(environment).exports
    assert exports["backend_url"] == "s3://mlstead-state-123456789012-eu-west-1?region=eu-west-1"
    assert exports["secrets_provider"] == f"awskms://alias/mlstead-bootstrap-{environment}/secrets?region=eu-west-1"
    assert f"pulumi login '{exports['backend_url']}'" in exports["next_step"]
    assert f"init {environment} --secrets-provider '{exports['secrets_provider']}'" in exports["next_step"]
