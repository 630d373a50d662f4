"""Error answers in the protocol that the caller's SDK reads, from a layer that knows no service."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from mlstead_toolkit.cloud.request import Body, Call, Environ, StartResponse

STATUS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    413: "Payload Too Large",
    424: "Failed Dependency",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}

ENVELOPES = {"s3": "{}", "ec2": "<Response><Errors>{}</Errors></Response>"}
"""What stands around an error in XML, by service."""


def json_answer(
    start_response: StartResponse, status: int, body: object, headers: tuple[tuple[str, str], ...] = ()
) -> Body:
    """Answer with a JSON document."""
    content = json.dumps(body).encode()
    start_response(
        f"{status} {STATUS[status]}",
        [("Content-Type", "application/json"), ("Content-Length", str(len(content))), *headers],
    )
    return [content]


def error_answer(
    environ: Environ, start_response: StartResponse, call: Call, status: int, code: str, message: str
) -> Body:
    """Answer with an error as the service's protocol writes it; to HEAD, as HTTP has it, by its status alone."""
    if environ["REQUEST_METHOD"] == "HEAD":
        start_response(f"{status} {STATUS[status]}", [("Content-Length", "0")])
        return []
    content_type = environ.get("CONTENT_TYPE", "")
    if call.service == "s3" or content_type.startswith("application/x-www-form-urlencoded"):
        error = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        content = ENVELOPES.get(call.service, "<ErrorResponse>{}</ErrorResponse>").format(error).encode()
        start_response(
            f"{status} {STATUS[status]}", [("Content-Type", "text/xml"), ("Content-Length", str(len(content)))]
        )
        return [content]
    return json_answer(start_response, status, {"__type": code, "message": message}, (("x-amzn-ErrorType", code),))
