"""The WSGI application: our paths, invocations, guards and honest refusals in front of moto's dispatcher."""

from __future__ import annotations

import logging
import time
from typing import Any

from mlstead_toolkit.cloud.admin import Admin
from mlstead_toolkit.cloud.answer import error_answer, json_answer
from mlstead_toolkit.cloud.authorization.caller import TEMPORARY
from mlstead_toolkit.cloud.authorization.session_call import decide, refusal
from mlstead_toolkit.cloud.boot import Boot
from mlstead_toolkit.cloud.browser import sent_by_a_page
from mlstead_toolkit.cloud.bucket_policy import refusing
from mlstead_toolkit.cloud.emulator import Emulator
from mlstead_toolkit.cloud.ending import Ending
from mlstead_toolkit.cloud.guard import refused_operation
from mlstead_toolkit.cloud.request import Body, Call, Environ, Operations, StartResponse, body_of, call_of, operation_of
from mlstead_toolkit.cloud.sagemaker.invocation import Invocations
from mlstead_toolkit.cloud.trail import Trail
from mlstead_toolkit.cloud.virtual_host import by_path
from mlstead_toolkit.cloud.workshop import Workshop

log = logging.getLogger("mlstead.cloud")


class Application:
    """Answers every request of one cloud.

    Anything that nothing implements is answered 501 with the operation's name, at once: SDKs do not retry that, whereas
    moto's 500 makes them retry for minutes.
    """

    def __init__(self, boot: Boot) -> None:
        self.ending = Ending()
        self.trail = Trail(boot.directory / "calls.jsonl")
        self.workshop = Workshop(boot, self.trail)
        self._operations = Operations()
        self._emulator = Emulator(self.workshop)
        self._admin = Admin(boot, self.workshop, self.ending)
        self._invocations = Invocations(self.workshop)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Body:
        """Answer one request."""
        if sent_by_a_page(environ):
            return json_answer(start_response, 403, {"message": "The local cloud does not answer web pages."})
        path: str = environ.get("PATH_INFO", "")
        if path.startswith("/_mlstead/"):
            return self._admin(environ, start_response)
        began = time.time()
        call = call_of(environ)
        if call.service == "s3":
            by_path(environ)
        if call.access_key.startswith(TEMPORARY):
            return self._authorized(environ, start_response, call, began)
        self.trail.record(began, call, environ)
        return self._served(environ, start_response, call)

    def close(self) -> None:
        """End every job and model server, and write out what is still buffered."""
        self.workshop.close()
        self.trail.close()

    def _authorized(self, environ: Environ, start_response: StartResponse, call: Call, began: float) -> Body:
        """Answer a call that a role signed: only what its policies allow is carried out."""
        operation = refused_operation(environ, call) or call.operation or self._operations.name(call.service, environ)
        try:
            self._emulator.prepare(call.service)
            verdict = decide(self.workshop, call, operation, environ)
        except Exception as error:  # what cannot be decided is not done
            body_of(environ)
            return self._failed(environ, start_response, call, operation, error)
        self.trail.record(began, call, environ, verdict)
        if operation == "DeleteObjects":
            with refusing(decision.request.resource for decision in verdict.refusals):
                return self._emulated(environ, start_response, call)
        if verdict.refused:
            body_of(environ)  # what is not read would be taken for the connection's next request
            return error_answer(environ, start_response, call, 403, *refusal(call, verdict))
        return self._served(environ, start_response, call)

    def _served(self, environ: Environ, start_response: StartResponse, call: Call) -> Body:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith("/endpoints/") and path.endswith("/invocations"):
            if not call.region:
                unsigned = "Missing Authentication Token"
                return error_answer(environ, start_response, call, 403, "MissingAuthenticationTokenException", unsigned)
            return self._invocations(environ, start_response, call)
        if operation := refused_operation(environ, call):
            return self._not_implemented(environ, start_response, call, operation)
        return self._emulated(environ, start_response, call)

    def _emulated(self, environ: Environ, start_response: StartResponse, call: Call) -> Body:
        answered: list[tuple[str, list[tuple[str, str]]]] = []

        def take(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            answered.append((status, headers))

        try:
            body = self._emulator(environ, take, call)
        except NotImplementedError:
            return self._not_implemented(environ, start_response, call, call.operation)
        except Exception as error:
            return self._failed(environ, start_response, call, call.operation, error)
        status, headers = answered[-1]
        if status[:3] in ("404", "405") and _is_unrouted(headers):
            return self._not_implemented(environ, start_response, call, call.operation)
        start_response(status, headers)
        return body

    def _failed(
        self, environ: Environ, start_response: StartResponse, call: Call, operation: str, error: Exception
    ) -> Body:
        name = operation or operation_of(call.service, environ) or str(environ.get("PATH_INFO"))
        log.error("failed at %s %s", call.service, name, exc_info=error)
        return error_answer(
            environ,
            start_response,
            call,
            501,
            "EmulationFailed",
            f"The local cloud failed at {call.service}:{name}: {type(error).__name__}: {str(error)[:300]}",
        )

    def _not_implemented(self, environ: Environ, start_response: StartResponse, call: Call, operation: str) -> Body:
        name = operation or operation_of(call.service, environ) or f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        return error_answer(
            environ,
            start_response,
            call,
            501,
            "NotImplemented",
            f"The local cloud does not implement {call.service or 'unsigned'}:{name}.",
        )


def _is_unrouted(headers: list[tuple[str, str]]) -> bool:
    """Whether Flask answered by itself and no service did: its page is HTML and lacks the header of moto's services."""
    names = {name.lower(): value for name, value in headers}
    return names.get("content-type", "").startswith("text/html") and "x-amzn-requestid" not in names
