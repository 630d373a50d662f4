"""What tells one life of a cloud from the next: whoever starts anew is empty."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mlstead_toolkit.aws.failures import silent
from mlstead_toolkit.engine.provider import ProviderError

if TYPE_CHECKING:
    from mlstead_toolkit.aws.endpoint import Endpoint


def cloud_identity(endpoint: Endpoint) -> str:
    """Give the local cloud's boot id, or a mark left in a plain moto."""
    with _connection(endpoint) as connection:
        connection.request("GET", "/_mlstead/status")
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 200 and b"boot_id" in body:
            return str(json.loads(body)["boot_id"])
        return _moto_mark(connection)


def localstack_identity(endpoint: Endpoint) -> str:
    """Give the id of LocalStack's session."""
    with _connection(endpoint) as connection:
        connection.request("GET", "/_localstack/info")
        body = connection.getresponse().read()
    try:
        return str(json.loads(body)["session_id"])
    except (ValueError, KeyError, TypeError):
        raise ProviderError(f"What answers at {endpoint.address} is not LocalStack.", fix=endpoint.start) from None


@contextmanager
def _connection(endpoint: Endpoint) -> Iterator[HTTPConnection]:
    place = urlsplit(endpoint.address)
    connection = HTTPConnection(place.hostname or "127.0.0.1", place.port or 80, timeout=10)
    try:
        yield connection
    except (OSError, HTTPException, ValueError):
        raise silent(endpoint) from None
    finally:
        connection.close()


def _moto_mark(connection: HTTPConnection) -> str:
    """Give a plain moto server's mark, set where there is none: its memory, and so the mark, ends with the process."""
    name = "mlstead::identity"
    connection.request("GET", f"/moto-api/state-manager/get-transition?model_name={name}")
    answer = connection.getresponse()
    body = answer.read()
    known = json.loads(body).get("times") if answer.status == 200 else None
    if known is not None:
        return f"moto-{known}"
    mark = secrets.randbits(48)
    setting = {"model_name": name, "transition": {"progression": "manual", "times": mark}}
    connection.request("POST", "/moto-api/state-manager/set-transition", json.dumps(setting),
                       {"content-type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return f"moto-{mark}" if answer.status in (200, 201) else "moto"
