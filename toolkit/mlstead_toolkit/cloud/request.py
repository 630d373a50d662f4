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
COPY = "HTTP_X_AMZ_COPY_SOURCE"
ROUTING = (
    "REQUEST_METHOD",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_HOST",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
    COPY,
)
"""What of a request tells its operation."""
NAMES = {"monitoring": "cloudwatch"}
"""Services that sign under another name than botocore knows them by."""
RUNTIMES = {"sagemaker": "sagemaker-runtime"}
"""Services that sign as another one, whose own calls name their operations in a header."""
TELLING = frozenset({"list-type=2", "select-type=2"})
"""Parameters of S3 whose value, not just their presence, tells the operation."""


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
    if len(scope) < 5:
        scope = _presigned(environ.get("QUERY_STRING", ""))
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


def _presigned(query: str) -> list[str]:
    """Give the scope of a presigned URL; the older form, S3's alone, names no more than the key."""
    if "X-Amz-Credential=" not in query and "AWSAccessKeyId=" not in query:
        return []
    parameters = dict(parse_qsl(query))
    if old := parameters.get("AWSAccessKeyId"):
        return [old, "", "", "s3", ""]
    return parameters.get("X-Amz-Credential", "").split("/")


def operation_of(service: str, environ: Environ) -> str:
    """Name the operation of a call that only its method and path identify, such as S3's; "" where nothing matches."""
    from moto.core.request import Request
    from moto.core.routing import get_service_router

    try:
        operation, _ = get_service_router(RUNTIMES.get(service, service)).match(Request(environ))
    except Exception:  # the router raises whatever a path that it does not know leads to
        return ""
    return str(operation.name)


class Operations:
    """Names operations that only method and path identify; S3's are remembered by form, for routing takes 0.1 ms."""

    def __init__(self) -> None:
        self._forms: dict[tuple[object, ...], str] = {}

    def name(self, service: str, environ: Environ) -> str:
        """Name the operation of a call; "" where nothing matches."""
        if not service:
            return ""
        about = {name: environ[name] for name in ROUTING if name in environ}
        if service != "s3":
            return operation_of(service, about)
        bucket, _, key = environ.get("PATH_INFO", "").strip("/").partition("/")
        asked = tuple(part if part in TELLING else part.partition("=")[0] for part in about["QUERY_STRING"].split("&"))
        form = (about["REQUEST_METHOD"], bool(bucket), bool(key), asked, COPY in environ)
        if form not in self._forms:
            self._forms[form] = operation_of(service, about)
        return self._forms[form]
