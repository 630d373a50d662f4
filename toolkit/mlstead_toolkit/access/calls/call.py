"""One call of an AWS API, and what IAM asks of it: emulator-free, so that reviews and tests can ask it too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mlstead.errors import MlsteadError
from mlstead_toolkit.access.request import Value


class UnknownCall(MlsteadError):
    """No table tells what a call needs."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call.

    Args:
        service: as botocore names it: sagemaker, iam, logs.
        operation: such as CreateProcessingJob.
        parameters: as boto3 takes them.
        region: that it is sent to.
        account: of who calls; what the call does not name by ARN is this account's.
        partition: of the region.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str
    account: str
    partition: str = "aws"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that has to be allowed.

    Args:
        action: such as sagemaker:CreateProcessingJob.
        resource: ARN of what it is done to; "*" where the action knows no resource.
        context: the context keys that this call brings.
    """

    action: str
    resource: str
    context: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Encryption:
    """How something is encrypted.

    Args:
        key: ARN of the customer's KMS key; empty: AWS's own.
        bucket_key: whether the bucket's default has bucket keys on.
    """

    key: str = ""
    bucket_key: bool = False


class Known(Protocol):
    """What only the cloud knows of the resources that a call names."""

    def tags(self, arn: str) -> Mapping[str, str]:
        """Give the tags of a resource; none where it does not exist."""

    def traits(self, arn: str) -> Mapping[str, Value]:
        """Give the context keys that follow from what a resource is: the boundary of a role, the spec of a key."""

    def arn(self, kind: str, name: str, region: str) -> str:
        """Give the ARN of a role by its name without path, or of a key by its id or alias; empty: there is none."""

    def encryption(self, arn: str, version: str = "") -> Encryption:
        """Tell what encrypts an object, what will be put into a bucket, or what a topic, queue or volume holds."""
