"""An append-only record of every AWS call: when, what, by whom. Security rules and tests read it."""

from __future__ import annotations

import json
import logging
import queue
import threading
from pathlib import Path

from mlstead_toolkit.cloud.request import Call, Environ, operation_of

log = logging.getLogger("mlstead.cloud")
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
TELLING = frozenset({"list-type=2", "select-type=2"})
"""Parameters of S3 whose value, not just their presence, tells the operation."""

Entry = tuple[float, Call, Environ | None]


class Trail:
    """Writes one JSON line a call: time (epoch seconds), service, operation, region, principal, and for paths the path.

    `principal` is the ARN of the role whose credentials signed the call, or the access key where it belongs to no role.
    Writing happens in a thread of its own, so that a call waits for nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._roles: dict[str, str] = {}
        self._forms: dict[tuple[object, ...], str] = {}
        self._entries: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        path.unlink(missing_ok=True)
        self._writer = threading.Thread(target=self._write, name="trail", daemon=True)
        self._writer.start()

    def remember_role(self, access_key: str, role_arn: str) -> None:
        """Note that an access key was handed out for a role."""
        self._roles[access_key] = role_arn

    def record(self, when: float, call: Call, environ: Environ) -> None:
        """Record a call that came in over HTTP."""
        self._entries.put((when, call, environ if not call.operation else None))

    def record_own(self, when: float, call: Call) -> None:
        """Record what the cloud does in process on behalf of a role, such as a job's downloads."""
        self._entries.put((when, call, None))

    def close(self) -> None:
        """Write out what is waiting."""
        self._entries.put(None)
        self._writer.join(timeout=2)

    def _write(self) -> None:
        with self._path.open("a") as lines:
            while (entry := self._entries.get()) is not None:
                try:
                    lines.write(json.dumps(self._line(*entry)) + "\n")
                    if self._entries.empty():
                        lines.flush()
                except OSError as error:  # a full disk: what comes after it must not pile up in memory
                    log.warning("the record of calls: %s", error)

    def _line(self, when: float, call: Call, environ: Environ | None) -> dict[str, object]:
        line: dict[str, object] = {
            "time": round(when, 3),
            "service": call.service,
            "operation": call.operation,
            "region": call.region,
            "principal": self._principal(call.access_key),
        }
        if environ is not None:
            line["path"] = environ.get("PATH_INFO", "")
            line["operation"] = self._routed(call.service, environ) or environ["REQUEST_METHOD"]
        return line

    def _routed(self, service: str, environ: Environ) -> str:
        """Name the operation by method and path; S3's are remembered by their form, for routing takes 0.1 ms."""
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

    def _principal(self, access_key: str) -> str:
        if access_key in self._roles or not access_key.startswith("ASIA"):
            return self._roles.get(access_key, access_key)
        from mlstead_toolkit.cloud.credentials import role_of

        if role := role_of(access_key):
            self._roles[access_key] = role
        return role or access_key
