"""What a request is about, read from its WSGI environment: service, region, operation and who signed it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Body = Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Call:
    """One AWS call, as far as its headers tell; `operation` is "" where only the path does."""

    service: str
    region: str
    access_key: str
    operation: str


def call_of(environ: Environ) -> Call:
    """Read service, region and access key from the signature, and the operation where a header or form names it."""
    service = region = access_key = ""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",", 1)[0].split("/")
    if len(scope) >= 5:
        access_key, region, service = scope[0], scope[-3], scope[-2].lower()
    operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if not operation and environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        operation = dict(parse_qsl(body_of(environ).decode("utf-8", "replace"))).get("Action", "")
    return Call(service, region, access_key, operation)


def body_of(environ: Environ) -> bytes:
    """Read the whole body, and leave it to be read again."""
    stream = environ["wsgi.input"]
    if isinstance(stream, io.BytesIO):
        return stream.getvalue()
    if environ.get("wsgi.input_terminated"):
        body: bytes = stream.read()
    else:
        body = stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def operation_of(service: str, environ: Environ) -> str:
    """Name the operation of a call that only its method and path identify, such as S3's; "" where nothing matches."""
    from moto.core.request import Request
    from moto.core.routing import get_service_router

    try:
        operation, _ = get_service_router(service).match(Request(environ))
    except Exception:  # the router raises whatever a path that it does not know leads to
        return ""
    return str(operation.name)
