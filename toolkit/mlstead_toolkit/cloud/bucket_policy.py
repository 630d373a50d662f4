"""Bucket policies, read as S3 reads them where moto does not.

moto leaves conditions out when it decides, so that a Deny for some would be a Deny for all. What a role may do is
decided before moto sees the call (authorization/), and nothing is left for it to decide. And moto finds the right of
the log service only in a policy that is written in one certain way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

LOGGING = "logging.s3.amazonaws.com"

_refused: ContextVar[frozenset[str]] = ContextVar("refused", default=frozenset())


@contextmanager
def refusing(resources: Iterable[str]) -> Iterator[None]:
    """Refuse objects, by ARN, of the one call that names many: DeleteObjects answers for each."""
    token = _refused.set(frozenset(resources))
    try:
        yield
    finally:
        _refused.reset(token)


def install() -> None:
    """Put the reading into moto's buckets."""
    from moto.s3.models import FakeBucket

    FakeBucket.get_permission = _permission  # type: ignore[method-assign, assignment]
    FakeBucket._log_permissions_enabled_policy = staticmethod(_delivery_is_allowed)  # type: ignore[method-assign]


def _permission(_bucket: Any, _action: str, resource: str) -> Any:
    """Leave everything allowed but what this call was refused."""
    from moto.iam.access_control import PermissionResult

    return PermissionResult.DENIED if resource in _refused.get() else PermissionResult.NEUTRAL


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
