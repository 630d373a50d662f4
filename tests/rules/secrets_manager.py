"""Examples of the theme secrets_manager."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.secrets_manager import DOCUMENT, PARAMETER, ROTATION, SECRET, SECRET_POLICY

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
READ = {"Principal": {"AWS": "arn:aws:iam::123456789012:role/training"}, "Action": "secretsmanager:GetSecretValue",
        "Resource": "*"}


def _secret(environment: str = "dev", *, rotates: bool = True, **changed: Any) -> Stack:
    secret = resource(SECRET, **{"kmsKeyId": KEY} | changed)
    rotation = resource(ROTATION, refers={"secretId": secret}, rotationRules={"automaticallyAfterDays": 30})
    return stack(secret, *([rotation] if rotates else ()), environment=environment)


def _rotation(**rules: Any) -> Stack:
    return stack(resource(ROTATION, secretId="flights", rotationRules=rules))


def _policy(**changed: Any) -> Stack:
    return stack(resource(SECRET_POLICY, secretArn="flights", policy=policy(READ | changed)))


def _parameter(**properties: Any) -> Stack:
    return stack(resource(PARAMETER, **properties))


EXAMPLES = {
    "secret-customer-key": example(
        (_secret(), _parameter(type="SecureString", keyId=KEY), _parameter(type="String", value="7")),
        (_secret(kmsKeyId=None), _secret(kmsKeyId="alias/aws/secretsmanager"), _parameter(type="SecureString")),
    ),
    "secret-rotates": example(_secret(), _secret(rotates=False)),
    "secret-rotates-in-time": example(
        (_rotation(automaticallyAfterDays=90), _rotation(scheduleExpression="rate(10 days)"),
         _rotation(scheduleExpression="cron(0 8 1 * ? *)")),
        (_rotation(automaticallyAfterDays=365), _rotation(scheduleExpression="rate(180 days)")),
    ),
    "secret-not-public": example(_policy(), (
        _policy(Principal="*"), _secret(policy=policy(READ | {"Principal": "*"})),
    )),
    "secret-recoverable": example((_secret("prod"), _secret(recoveryWindowInDays=0)),
                                  _secret("prod", recoveryWindowInDays=0)),
    "document-not-public": example(
        stack(resource(DOCUMENT, documentType="Command", permissions={"type": "Share", "account_ids": "210987654321"})),
        stack(resource(DOCUMENT, documentType="Command", permissions={"type": "Share", "account_ids": "All"})),
    ),
}
