"""Who calls an operation of SageMaker: what SageMaker may not do by the execution role, it may do by its caller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_access_key: ContextVar[str] = ContextVar("access_key", default="")


@contextmanager
def called_by(access_key: str) -> Iterator[None]:
    """Let what is done meanwhile be called by whom an access key stands for."""
    token = _access_key.set(access_key)
    try:
        yield
    finally:
        _access_key.reset(token)


def access_key_of_caller() -> str:
    """Give the access key that the present operation was called with; empty outside of one."""
    return _access_key.get()
