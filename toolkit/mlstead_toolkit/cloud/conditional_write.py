"""Writes of one object, one after another: so that what If-None-Match and If-Match found is so when S3 writes.

moto looks first and writes later, and of two versions that are put at once may keep one.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
Contract: tests/unit/cloud/test_conditional_write.py.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

_locks: WeakValueDictionary[tuple[str, str], Any] = WeakValueDictionary()
_change = threading.Lock()


def install() -> None:
    """Have what moto does to an object take turns with whatever else is done to it."""
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    S3Backend.put_object = _alone(S3Backend.put_object, _named)  # type: ignore[method-assign]
    S3Response.put_object = _alone(S3Response.put_object, _asked)  # type: ignore[method-assign]
    S3Response.delete_object = _alone(S3Response.delete_object, _asked)  # type: ignore[method-assign]
    completed = _alone(S3Response._key_response_post, _asked)
    S3Response._key_response_post = completed  # type: ignore[method-assign]


def _alone(operation: Any, object_of: Callable[..., tuple[str, str]]) -> Any:
    @functools.wraps(operation)
    def alone(self: Any, *args: Any, **more: Any) -> Any:
        with _lock(object_of(self, *args, **more)):
            return operation(self, *args, **more)

    return alone


def _named(_backend: Any, bucket_name: str, key_name: str, *_: Any, **_more: Any) -> tuple[str, str]:
    return bucket_name, key_name


def _asked(response: Any, *_: Any, **_more: Any) -> tuple[str, str]:
    return response.bucket_name, response.parse_key_name()


def _lock(name: tuple[str, str]) -> Any:
    with _change:
        return _locks.setdefault(name, threading.RLock())
