"""A rule that meets an unknown says so: it neither passes nor finds fault."""

from __future__ import annotations

from typing import Any

import pytest
from stack_builder import OF_FOUNDATION, TAGS, policy, resource, stack

from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.evaluation import evaluate
from mlstead_toolkit.policies.finding import Verdict
from mlstead_toolkit.policies.identity_policy import ROLE, ROLE_POLICY
from mlstead_toolkit.policies.rules import ecr, kms, logs, s3, s3_policy, security_groups, sns, vpc, vpc_endpoints

_KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


def _verdicts(judged: Stack, rule: str) -> set[Verdict]:
    only = [one for one in RULES if one.id == rule]
    assert only, f"there is no rule {rule}"
    return {one.verdict for one in evaluate(judged, only)}


@pytest.mark.parametrize(("which", "made"), [
    ("s3-not-public", resource(s3_policy.BUCKET_POLICY, bucket="flights", policy=UNKNOWN)),
    ("iam-not-everything", resource(ROLE_POLICY, role="training", policy=UNKNOWN)),
    ("iam-no-exfiltration", resource(ROLE, tags=OF_FOUNDATION, inlinePolicies=[{"name": "read", "policy": UNKNOWN}])),
    ("iam-no-exfiltration", resource(ROLE, tags=OF_FOUNDATION, inlinePolicies=UNKNOWN)),
    ("iam-trust-not-everybody", resource(ROLE, tags=OF_FOUNDATION, assumeRolePolicy=UNKNOWN)),
    ("iam-project-roles-in-own-path", resource(ROLE, tags=TAGS, path=UNKNOWN, permissionsBoundary="one")),
    ("kms-rotation", resource(kms.KEY, enableKeyRotation=UNKNOWN)),
    ("kms-not-public", resource(kms.KEY, enableKeyRotation=True, policy=UNKNOWN)),
    ("logs-customer-key", resource(logs.LOG_GROUP, kmsKeyId=UNKNOWN)),
    ("iam-project-roles-bounded", resource(ROLE, tags=TAGS, permissionsBoundary=UNKNOWN)),
    ("logs-end", resource(logs.LOG_GROUP, kmsKeyId=_KEY, retentionInDays=UNKNOWN)),
    ("ecr-tags-immutable", resource(ecr.REPOSITORY, imageTagMutability=UNKNOWN)),
    ("security-group-not-open-to-internet", resource(security_groups.INGRESS_RULE, cidrIpv4=UNKNOWN)),
    ("security-group-not-open-to-internet", resource(security_groups.GROUP, ingress=[{"cidrBlocks": [UNKNOWN]}])),
    ("vpc-subnet-no-public-addresses", resource(vpc.SUBNET, mapPublicIpOnLaunch=UNKNOWN)),
    ("vpc-endpoint-own-resources", resource(vpc_endpoints.ENDPOINT, serviceName=UNKNOWN)),
    ("s3-no-acls", resource(s3.OBJECT, bucket="flights", key="model", acl=UNKNOWN)),
], ids=lambda value: value if isinstance(value, str) else "")
def test_an_unknown_property_leaves_a_rule_undecided(which: str, made: Resource) -> None:
    assert _verdicts(stack(made), which) == {Verdict.NOT_DECIDED}


def test_what_a_rule_does_not_ask_for_may_be_unknown() -> None:
    subscription = resource(sns.SUBSCRIPTION, topic=UNKNOWN, protocol="https", endpoint=UNKNOWN)
    assert _verdicts(stack(subscription), "sns-delivers-over-tls") == set()


def _versioned(bucket: Any, of: Any) -> Stack:
    setting = resource(_VERSIONING, bucket=of, versioningConfiguration={"status": "Enabled"})
    return stack(resource(s3.BUCKET, bucket=bucket), setting)


def test_a_setting_that_may_be_of_this_bucket_or_of_another_decides_nothing() -> None:
    assert _verdicts(_versioned("flights", UNKNOWN), "s3-versioned") == {Verdict.NOT_DECIDED}
    assert _verdicts(_versioned(UNKNOWN, "weather"), "s3-versioned") == {Verdict.NOT_DECIDED}


def test_a_setting_that_came_from_another_bucket_is_not_this_ones_though_no_name_is_known() -> None:
    weather = resource(s3.BUCKET, "weather")
    setting = resource(_VERSIONING, refers={"bucket": weather}, bucket=UNKNOWN,
                       versioningConfiguration={"status": "Enabled"})
    assert _verdicts(stack(resource(s3.BUCKET), weather, setting), "s3-versioned") == {Verdict.VIOLATED}


def test_a_setting_of_this_bucket_that_is_unknown_itself_is_not_decided() -> None:
    bucket = resource(s3.BUCKET)
    block = resource(s3.PUBLIC_ACCESS_BLOCK, refers={"bucket": bucket}, blockPublicAcls=UNKNOWN)
    assert _verdicts(stack(bucket, block), "s3-public-access-blocked") == {Verdict.NOT_DECIDED}


def test_what_a_stack_may_still_get_is_not_missed_before_it_is_complete() -> None:
    bucket = resource(s3.BUCKET, bucket="flights")
    assert _verdicts(stack(bucket, complete=False), "s3-tls-only") == {Verdict.NOT_DECIDED}
    assert _verdicts(stack(bucket), "s3-tls-only") == {Verdict.VIOLATED}


def test_a_fault_that_is_known_is_found_beside_what_is_not() -> None:
    role = resource(ROLE, tags=OF_FOUNDATION, inlinePolicies=[
        {"policy": policy({"Action": "*", "Resource": "*"})}, {"policy": UNKNOWN}])
    assert _verdicts(stack(role), "iam-not-everything") == {Verdict.VIOLATED}
