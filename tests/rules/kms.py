"""Examples of the theme kms."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.identity_policy import POLICY, ROLE_POLICY
from mlstead_toolkit.policies.rules.kms import KEY, KEY_POLICY

ACCOUNT = {"AWS": "arn:aws:iam::123456789012:root"}
ADMINISTER = {"Principal": ACCOUNT, "Action": "kms:*", "Resource": "*"}
LOGS = {"Principal": {"Service": "logs.eu-west-1.amazonaws.com"}, "Action": ["kms:Encrypt", "kms:Decrypt"],
        "Resource": "*"}
ANYBODY = {"Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*"}
HOLDING = {"StringEquals": {"kms:CallerAccount": "123456789012"}}
ONE_KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"


def _key(environment: str = "dev", **changed: Any) -> Stack:
    return stack(resource(KEY, **{"enableKeyRotation": True, "policy": policy(ADMINISTER)} | changed),
                 environment=environment)


def _may(*statements: dict[str, Any]) -> Stack:
    return stack(resource(ROLE_POLICY, role="training", policy=policy(*statements)))


DECRYPT = {"Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": ONE_KEY}
GOOD = (_key(), _key(policy=None))

EXAMPLES = {
    "kms-rotation": example(
        (*GOOD, _key(enableKeyRotation=False, keyUsage="GENERATE_VERIFY_MAC", customerMasterKeySpec="HMAC_256")),
        (_key(enableKeyRotation=None), _key(enableKeyRotation=False)),
    ),
    "kms-deletion-window": example(
        (_key("prod"), _key("prod", deletionWindowInDays=30), _key(deletionWindowInDays=7)),
        _key("prod", deletionWindowInDays=7),
    ),
    "kms-policy-can-be-mended": example(GOOD, _key(bypassPolicyLockoutSafetyCheck=True)),
    "kms-not-public": example(
        (*GOOD, _key(policy=policy(ADMINISTER, ANYBODY | {"Condition": HOLDING}))),
        (_key(policy=policy(ADMINISTER, ANYBODY)),
         _key(policy=policy(ADMINISTER, ANYBODY | {"Condition": {
             "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}})),
         stack(resource(KEY_POLICY, keyId=ONE_KEY, policy=policy(ADMINISTER, ANYBODY)))),
    ),
    "kms-services-held-to-account": example(
        _key(policy=policy(ADMINISTER, LOGS | {"Condition": {
            "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*"}}})),
        _key(policy=policy(ADMINISTER, LOGS)),
    ),
    "kms-decrypt-named-keys": example(
        (_may(DECRYPT), _may(DECRYPT | {"Resource": "arn:aws:kms:eu-west-1:123456789012:key/*", "Condition": {
            "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}),
         stack(resource(POLICY, name="dev-boundary", policy=policy(DECRYPT | {"Resource": "*"})))),
        (_may(DECRYPT | {"Resource": "*"}),
         _may(DECRYPT, DECRYPT | {"Resource": ["arn:aws:*", ONE_KEY]}),
         *(_may({"Action": "kms:Decrypt", "Resource": every}) for every in (
             "arn:aws:kms:*:*:key/*", "arn:aws-cn:kms:*:*:key/*", "arn:aws:kms:eu-west-1:123456789012:key/*")),
         _may(DECRYPT | {"Resource": "*", "Condition": {"Null": {"kms:ViaService": "true"}}}),
         stack(resource(POLICY, name="analysts", policy=policy(DECRYPT | {"Resource": ["*"]})))),
    ),
}
