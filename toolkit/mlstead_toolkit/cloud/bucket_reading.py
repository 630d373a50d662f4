"""Settings of a bucket that moto keeps and does not read back: events to EventBridge, how the keys of logs are made.

Contract: tests/unit/cloud/test_bucket_extensions.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def install() -> None:
    """Have moto's answers carry them."""
    _add("get_bucket_notification", _events)
    _add("get_bucket_logging", _key_format)


def _add(name: str, kept: Callable[[Any], tuple[str, ...] | None]) -> None:
    from moto.core.responses import ActionResult
    from moto.s3.responses import S3Response

    read = getattr(S3Response, name)

    def read_all(response: Any) -> Any:
        found = kept(response)
        if found is None:
            return read(response)
        serialize = response.serialized

        def serialized(answer: Any) -> Any:
            _put(answer.result, found)
            return serialize(ActionResult(answer.result))

        response.serialized = serialized
        return read(response)

    setattr(S3Response, name, read_all)


def _put(answer: dict[str, Any], found: tuple[Any, ...]) -> None:
    *way, member, value = found
    for step in way:
        answer = answer[step]
    answer[member] = value


def _events(response: Any) -> Any:
    configuration = response.backend.get_bucket_notification_configuration(response.bucket_name)
    if configuration is None or configuration.event_bridge is None:
        return None
    return "EventBridgeConfiguration", {}


def _key_format(response: Any) -> Any:
    logging = response.backend.get_bucket_logging(response.bucket_name) or {}
    if not (key_format := logging.get("TargetObjectKeyFormat")):
        return None
    return "LoggingEnabled", "TargetObjectKeyFormat", {name: value or {} for name, value in key_format.items()}
