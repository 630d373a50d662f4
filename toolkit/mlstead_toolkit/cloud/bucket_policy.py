"""Bucket policies, read as S3 reads them where moto does not.

moto leaves conditions out when it decides, so that a Deny for some would be a Deny for all: a statement with conditions
decides nothing here. And moto finds the right of the log service only in a policy that is written in one certain way.
"""

from __future__ import annotations

import json
from typing import Any

LOGGING = "logging.s3.amazonaws.com"


def install() -> None:
    """Put the reading into moto's buckets."""
    from moto.s3.models import FakeBucket

    FakeBucket.get_permission = _permission  # type: ignore[method-assign, assignment]
    FakeBucket._log_permissions_enabled_policy = staticmethod(_delivery_is_allowed)  # type: ignore[method-assign]


def _permission(bucket: Any, action: str, resource: str) -> Any:
    """Decide by the statements without conditions."""
    from moto.iam.access_control import IAMPolicy, PermissionResult

    unconditional = [statement for statement in _statements(bucket) if not statement.get("Condition")]
    if not unconditional:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({"Statement": unconditional})).is_action_permitted(action, resource)


def _delivery_is_allowed(target_bucket: Any, target_prefix: str | None) -> bool:
    """Tell whether a statement lets the logging service put objects below the prefix; lists and single values alike."""
    arn = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}"
    fitting = {f"{arn}/{target_prefix or ''}*", f"{arn}/*", arn}
    return any(
        statement.get("Effect") == "Allow"
        and isinstance(statement.get("Principal"), dict)
        and LOGGING in _several(statement["Principal"].get("Service"))
        and "s3:PutObject" in _several(statement.get("Action"))
        and fitting.intersection(_several(statement.get("Resource")))
        for statement in _statements(target_bucket)
    )


def _statements(bucket: Any) -> list[dict[str, Any]]:
    return _several(json.loads(bucket.policy.decode()).get("Statement")) if bucket.policy else []


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
