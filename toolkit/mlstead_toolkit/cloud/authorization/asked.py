"""Reads what a request asks, as boto3 would have been asked it: only for calls of roles, which have to be decided."""

from __future__ import annotations

import functools
import io
import json
from typing import Any
from urllib.parse import parse_qsl

from mlstead_toolkit.access.calls import ApiCall
from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.request import NAMES, RUNTIMES, Call, Environ, body_of

FORM = "application/x-www-form-urlencoded"


def asked(call: Call, operation: str, environ: Environ) -> ApiCall:
    """Give what a request asks.

    Raises:
        ValueError: it cannot be told, or moto could read something else.
    """
    service = NAMES.get(call.service, call.service)
    if not call.operation:
        service = RUNTIMES.get(service, service)
    if service == "s3":
        parameters = _of_s3(operation, environ)
    elif environ.get("HTTP_X_AMZ_TARGET"):
        parameters = _of_json(environ)
    elif call.operation:
        parameters = _of_form(service, environ)
    else:
        operation, parameters = _of_path(service, environ)
    return ApiCall(service, operation or call.operation, parameters, call.region, ACCOUNT_ID, PARTITION)


def _of_json(environ: Environ) -> dict[str, Any]:
    """Read a body of JSON, which is what boto3 was given but for its dates and bytes."""
    if environ.get("CONTENT_TYPE", "").startswith(FORM) or "Action=" in environ.get("QUERY_STRING", ""):
        raise ValueError("the operation is named twice")
    found = json.loads(body_of(environ) or b"{}")
    if not isinstance(found, dict):
        raise ValueError("the body is no JSON object")
    return found


def _of_form(service: str, environ: Environ) -> dict[str, Any]:
    from moto.core.parse import PROTOCOL_PARSERS
    from moto.core.request import determine_request_protocol
    from moto.core.utils import get_service_model
    from werkzeug.datastructures import Headers, MultiDict

    given = _form(environ)
    model = get_service_model(service)
    parser = PROTOCOL_PARSERS[determine_request_protocol(model, FORM)]
    parsed: dict[str, Any] = parser(model.operation_model(given["Action"])).parse({
        "method": "POST", "url_path": "/", "url_params": {}, "headers": Headers(), "body": b"",
        "values": MultiDict(given),
    })
    return parsed


def _form(environ: Environ) -> dict[str, str]:
    """Read a form, from the body or the address."""
    given: dict[str, str] = {}
    form = body_of(environ).decode()
    if form and not environ.get("CONTENT_TYPE", "").startswith(FORM):
        raise ValueError("the body is no form")
    for text in (environ.get("QUERY_STRING", ""), form):
        for name, value in parse_qsl(text, keep_blank_values=True):
            if given.setdefault(name, value) != value:
                raise ValueError(f"{name} is given twice")
    if "Action" not in given:
        raise ValueError("no Action is given")
    return given


def _of_path(service: str, environ: Environ) -> tuple[str, dict[str, Any]]:
    """Read a call that its method and path identify; a form in the address is one of these too."""
    if "Action=" in environ.get("QUERY_STRING", ""):
        return _form(environ)["Action"], _of_form(service, environ)
    from moto.core.parse import PROTOCOL_PARSERS
    from moto.core.request import Request
    from moto.core.routing import get_service_router

    body = body_of(environ)
    request = Request({**environ, "wsgi.input": io.BytesIO(body)})
    operation, found = get_service_router(service).match(request)
    protocol = str(operation.service_model.protocol)
    parsed: dict[str, Any] = PROTOCOL_PARSERS[protocol](operation).parse({
        "method": request.method, "values": request.values, "headers": request.headers,
        "body": b"" if _streams(operation) else body, "url_path": request.path, "url_params": found,
    })
    return str(operation.name), parsed


def _streams(operation: Any) -> bool:
    shape = operation.input_shape
    payload = shape.serialization.get("payload") if shape else None
    return bool(payload) and shape.members[payload].type_name == "blob"


def _of_s3(operation: str, environ: Environ) -> dict[str, Any]:
    """Read what path, query and headers say; bodies are data, or say nothing that a policy asks for."""
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    bucket, _, key = path.removeprefix("/").partition("/")
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    found: dict[str, Any] = {name: value for name, value in (("Bucket", bucket), ("Key", key)) if value}
    for name, place, told in _places(operation):
        value = query.get(told) if place == "querystring" else environ.get(told)
        if value is not None:
            found[name] = value
    if operation == "DeleteObjects":
        found["Delete"] = {"Objects": _listed(environ)}
    return found


@functools.lru_cache(maxsize=256)
def _places(operation: str) -> tuple[tuple[str, str, str], ...]:
    """Give name, place and spelling of every parameter that a query or header holds."""
    from moto.core.utils import get_service_model

    model = get_service_model("s3")
    shape = model.operation_model(operation).input_shape if operation in model.operation_names else None
    places = []
    for name, member in (shape.members if shape else {}).items():
        told = member.serialization
        if told.get("location") == "querystring":
            places.append((name, "querystring", told["name"]))
        elif told.get("location") == "header":
            places.append((name, "header", "HTTP_" + told["name"].upper().replace("-", "_")))
    return tuple(places)


def _listed(environ: Environ) -> list[dict[str, str]]:
    import xmltodict  # type: ignore[import-untyped]

    objects = (xmltodict.parse(body_of(environ)).get("Delete") or {}).get("Object") or []
    return objects if isinstance(objects, list) else [objects]
