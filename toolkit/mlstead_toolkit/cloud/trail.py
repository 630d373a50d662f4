"""An append-only record of every AWS call: when, what, by whom. Security rules and tests read it."""

from __future__ import annotations

import json
import logging
import queue
import threading
from pathlib import Path

from mlstead_toolkit.access import Decision
from mlstead_toolkit.cloud.authorization.judgement import Verdict
from mlstead_toolkit.cloud.request import NAMES, Call, Environ, Operations

log = logging.getLogger("mlstead.cloud")
Entry = tuple[float, Call, Environ | None, Verdict]
NOTHING = Verdict()


class Trail:
    """Writes one JSON line a call: time (epoch seconds), service, operation, region, principal, and for paths the path.

    `needs` is there for calls of roles: everything that had to be allowed, the statement by which it is, and why.
    `refused` is there where policies refuse the call: AWS's words, and the statement that decided.
    `principal` is the ARN of the role whose credentials signed the call, or the access key where it belongs to no role.
    Writing happens in a thread of its own, so that a call waits for nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._roles: dict[str, str] = {}
        self._operations = Operations()
        self._entries: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        path.unlink(missing_ok=True)
        self._writer = threading.Thread(target=self._write, name="trail", daemon=True)
        self._writer.start()

    def remember_role(self, access_key: str, role_arn: str) -> None:
        """Note that an access key was handed out for a role."""
        self._roles[access_key] = role_arn

    def record(self, when: float, call: Call, environ: Environ, verdict: Verdict = NOTHING) -> None:
        """Record a call that came in over HTTP."""
        self._entries.put((when, call, environ if not call.operation else None, verdict))

    def record_own(self, when: float, call: Call, verdict: Verdict = NOTHING) -> None:
        """Record what the cloud does in process on behalf of a role, such as a job's downloads."""
        self._entries.put((when, call, None, verdict))

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

    def _line(self, when: float, call: Call, environ: Environ | None, verdict: Verdict) -> dict[str, object]:
        line: dict[str, object] = {
            "time": round(when, 3),
            "service": NAMES.get(call.service, call.service),
            "operation": call.operation,
            "region": call.region,
            "principal": self._principal(call.access_key),
        }
        if environ is not None:
            line["path"] = environ.get("PATH_INFO", "")
            line["operation"] = self._operations.name(call.service, environ) or environ["REQUEST_METHOD"]
        if verdict.decisions:
            line["needs"] = [_need(decision) for decision in verdict.decisions]
        if verdict.refused:
            line["refused"] = verdict.refused
        return line

    def _principal(self, access_key: str) -> str:
        if access_key in self._roles or not access_key.startswith("ASIA"):
            return self._roles.get(access_key, access_key)
        from mlstead_toolkit.cloud.credentials import role_of

        if role := role_of(access_key):
            self._roles[access_key] = role
        return role or access_key


def _need(decision: Decision) -> dict[str, object]:
    by = f"{decision.policy} / {decision.sid or 'a statement without Sid'}" if decision.explicit else None
    asked = decision.request
    return {"action": asked.action, "resource": asked.resource, "by": by, "reason": decision.reason}
