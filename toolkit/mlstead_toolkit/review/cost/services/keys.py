"""AWS KMS, AWS Secrets Manager, parameters of AWS Systems Manager.

https://aws.amazon.com/kms/pricing/, https://aws.amazon.com/secrets-manager/pricing/,
https://aws.amazon.com/systems-manager/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.cost.charge import Charge, Charges, Use, monthly

_KEY: Final = monthly("kms-key", "1 key", Use("requests, and key material of its first two rotations"))


def _parameter(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    if resource.get("tier", "Standard") == "Advanced":
        yield Charge("ssm-advanced-parameter", "1 advanced parameter")


CHARGES: Final[dict[str, Charges]] = {
    "aws:kms/externalKey:ExternalKey": _KEY,
    "aws:kms/key:Key": _KEY,
    "aws:kms/replicaKey:ReplicaKey": _KEY,
    "aws:secretsmanager/secret:Secret": monthly("secret", "1 secret", Use("requests")),
    "aws:ssm/parameter:Parameter": _parameter,
}
