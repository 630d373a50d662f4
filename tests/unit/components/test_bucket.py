"""A bucket by itself, and the one that takes the logs of others."""

from __future__ import annotations

import pytest

from mlstead import AccessLogs, AccessLogsArgs, Bucket, BucketArgs, Weakened
from mlstead.errors import MlsteadError

KEY = "arn:aws:kms:eu-west-1:123456789012:key/22222222-2222-4222-8222-222222222222"


def statements(made, bucket):
    (policy,) = made.one("BucketPolicy", bucket).policies().values()
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_a_locked_bucket_keeps_every_version_for_its_days_and_others_have_no_lock(run, context):
    def program():
        Bucket("locked", BucketArgs(context, KEY, lock_days=7))
        Bucket("open", BucketArgs(context, KEY))

    (lock,) = run(program).of("BucketObjectLockConfiguration")
    assert lock.name == "locked"
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 7}}
    assert any("bucketVersioning" in urn for urn in lock.dependencies)  # S3 locks nothing that has no versions


@pytest.mark.parametrize("field", ["tier_after_days", "expire_after_days", "noncurrent_days", "lock_days"])
def test_no_days_at_all_are_refused(context, field):
    with pytest.raises(MlsteadError, match=f"{field} is 0"):
        BucketArgs(context, KEY, **{field: 0})


@pytest.mark.parametrize(("field", "most"), [("noncurrent_days", 2147483647), ("lock_days", 36500)])
def test_more_days_than_s3_knows_are_refused(context, field, most):
    assert getattr(BucketArgs(context, KEY, **{field: most}), field) == most
    with pytest.raises(MlsteadError, match=f"{field} is {most + 1}"):
        BucketArgs(context, KEY, **{field: most + 1})


def test_a_bucket_with_s3s_own_keys_still_denies_plain_http_and_says_why_it_has_no_key(run, context):
    reason = "S3 delivers access logs to no other"
    made = run(lambda: Bucket("logs", BucketArgs(context, Weakened(reason))))
    assert set(statements(made, "logs")) == {"DenyPlainHttp"}
    (component,) = [each for each in made.resources if each.type == "mlstead:index:Bucket"]
    assert component.inputs == {"weakenings": {"encryption_key_arn": reason}}


def test_logs_and_inventories_come_from_the_named_buckets_alone_each_to_its_own_place(run, context):
    def program():
        buckets = {name: Bucket(name, BucketArgs(context, KEY)) for name in ("one", "two")}
        Bucket("three", BucketArgs(context, KEY))
        AccessLogs("logs", AccessLogsArgs(context, buckets, inventory="Daily"))

    made = run(program)
    policy = statements(made, "logs")
    sources = ["arn:aws:s3:::one-0a1b2c3", "arn:aws:s3:::two-0a1b2c3"]
    for sid, service, places in (
        ("DeliverAccessLogs", "logging.s3.amazonaws.com", ["one", "two"]),
        ("DeliverInventories", "s3.amazonaws.com", ["inventory"]),
    ):
        assert policy[sid]["Principal"] == {"Service": service}
        assert policy[sid]["Resource"] == [f"arn:aws:s3:::logs-0a1b2c3/{place}/*" for place in places]
        assert policy[sid]["Condition"] == {
            "ArnEquals": {"aws:SourceArn": sources}, "StringEquals": {"aws:SourceAccount": "123456789012"},
        }
    assert {each.inputs["targetPrefix"] for each in made.of("BucketLogging")} == {"one/", "two/"}
    for inventory in made.of("Inventory"):
        assert inventory.inputs["schedule"] == {"frequency": "Daily"}
        assert inventory.inputs["includedObjectVersions"] == "All"
        assert {"EncryptionStatus", "ObjectLockRetainUntilDate"} <= set(inventory.inputs["optionalFields"])
        assert inventory.inputs["destination"]["bucket"]["bucketArn"] == "arn:aws:s3:::logs-0a1b2c3"
        assert inventory.inputs["destination"]["bucket"]["prefix"] == "inventory"
