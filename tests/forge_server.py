"""A forge on 127.0.0.1: the parts of GitHub's and GitLab's APIs that mlstead asks, as strict as they are.

Request shapes: https://github.com/github/rest-api-description and https://docs.gitlab.com/api/. GitHub's API is below
/api/v3, as on an enterprise's server, GitLab's below /api/v4, and repositories of `git_root` are below /.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY, PROJECT = "acme/flight-delays", "77"
TOKEN, BOT = "ghs_secret-of-the-job", "github-actions[bot]"
GITHUB_LIMIT = 65536


@dataclass
class Failure:
    """What the next matching request gets instead of its answer.

    Args:
        method: which requests.
        path: a part of their path.
        status: the answer's; 0: the connection is closed without one.
        headers: the answer's.
        body: the answer's, JSON.
        done: whether what was asked for is done all the same.
        times: how often.
    """

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=lambda: {"message": "Server Error"})
    done: bool = False
    times: int = 1


@dataclass
class Seen:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, list[str]]
    body: Any


@dataclass
class ForgeServer:
    """What the forge has: comments by the number of their change, issues, changes; and whom it lets in."""

    port: int = 0
    token: str = TOKEN
    login: str = BOT
    graphql: bool = True
    page: int = 2
    git_root: Path | None = None
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def github_job(self, number: int | None = None, **more: str) -> dict[str, str]:
        """The variables of a job of GitHub Actions, of a pull request where it has a number."""
        ref = f"refs/pull/{number}/merge" if number else "refs/heads/main"
        return {"GITHUB_ACTIONS": "true", "GITHUB_API_URL": f"{self.address}/api/v3", "GITHUB_SERVER_URL": self.address,
                "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_REF": ref, "GITHUB_RUN_ID": "99",
                "GH_TOKEN": self.token, **more}

    def gitlab_job(self, number: int | None = None, **more: str) -> dict[str, str]:
        """The variables of a job of GitLab CI, of a merge request where it has a number."""
        of_change = {"CI_MERGE_REQUEST_IID": str(number)} if number else {}
        return {"GITLAB_CI": "true", "CI_API_V4_URL": f"{self.address}/api/v4", "CI_SERVER_URL": self.address,
                "CI_PROJECT_ID": PROJECT, "CI_JOB_URL": f"{self.address}/jobs/99", "MLSTEAD_FORGE_TOKEN": self.token,
                **of_change, **more}

    def asked(self, method: str, part: str = "") -> list[Seen]:
        """Give the requests of a method whose path has a part."""
        return [seen for seen in self.seen if seen.method == method and part in seen.path]

    def next_number(self) -> int:
        return len(self.issues) + len(self.changes) + 1

    def take_failure(self, method: str, path: str) -> Failure | None:
        for failure in self.failures:
            if failure.method == method and failure.path in path and failure.times:
                failure.times -= 1
                return failure
        return None


class Refused(Exception):
    def __init__(self, status: int, body: Any) -> None:
        self.status, self.body = status, body


@contextmanager
def forge_server(**options: Any) -> Iterator[ForgeServer]:
    """Run a forge in a thread."""
    forge = ForgeServer(**options)

    class Bound(_Handler):
        state = forge

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
    forge.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    state: ForgeServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one packet

    def log_message(self, *_: Any) -> None:
        pass

    def _serve(self) -> None:
        forge, parts = self.state, urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        headers: dict[str, list[str]] = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value)
        forge.seen.append(Seen(self.command, self.path, headers, body))
        failure = forge.take_failure(self.command, self.path)
        if failure is None or failure.done:
            try:
                status, answer, more = self._answer(parts.path, parse_qs(parts.query), body, headers)
            except Refused as refused:
                status, answer, more = refused.status, refused.body, {}
        if failure is not None:
            if not failure.status:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, answer, more = failure.status, failure.body, failure.headers
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_PUT = _serve

    def _answer(self, path: str, query: dict[str, list[str]], body: Any, headers: dict[str, list[str]]
                ) -> tuple[int, Any, dict[str, str]]:
        if path.startswith("/api/v4/"):
            found = _gitlab(self.state, self.command, path.removeprefix("/api/v4"), query, body, headers)
        elif path.startswith(("/api/v3/", "/api/graphql")):
            found = _github(self.state, self.command, path.removeprefix("/api/v3"), query, body, headers)
        else:
            return 200, _git(self.state, path, headers), {}
        if isinstance(found, list):
            return self._page(found, query)
        return (201 if self.command == "POST" and "graphql" not in path else 200), found, {}

    def _page(self, items: list[Any], query: dict[str, list[str]]) -> tuple[int, Any, dict[str, str]]:
        size = min(int(query.get("per_page", ["30"])[0]), self.state.page)
        number = int(query.get("page", ["1"])[0])
        more = {}
        if len(items) > number * size:
            rest = "&".join(f"{key}={values[0]}" for key, values in query.items() if key != "page")
            there = f"{self.state.address}{urlsplit(self.path).path}?{rest}&page="
            more["Link"] = f'<{there}{number + 1}>; rel="next", <{there}9>; rel="last"'
        return 200, items[(number - 1) * size: number * size], more


def _given(body: Any, required: set[str], allowed: set[str]) -> dict[str, Any]:
    if not isinstance(body, dict) or required - body.keys() or body.keys() - required - allowed:
        raise Refused(422, {"message": "Validation Failed", "errors": [f"asked for {sorted(body or [])}"]})
    return body


def _match(pattern: str, path: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, path)


def _github(forge: ForgeServer, method: str, path: str, query: dict[str, list[str]], body: Any,
            headers: dict[str, list[str]]) -> Any:
    if headers.get("authorization") != [f"Bearer {forge.token}"]:
        raise Refused(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})
    if "user-agent" not in headers:
        raise Refused(403, {"message": "Request forbidden by administrative rules."})
    if path == "/api/graphql":
        if not forge.graphql:
            raise Refused(403, {"message": "Resource not accessible by integration"})
        return {"data": {"viewer": {"login": forge.login}}} if "viewer" in body["query"] else {"errors": []}
    at = f"/repos/{REPOSITORY}"
    if isinstance(body, dict) and len(body.get("body") or "") > GITHUB_LIMIT:
        raise Refused(422, {"message": "Validation Failed",
                            "errors": [{"message": f"body is too long (maximum is {GITHUB_LIMIT} characters)"}]})
    if found := _match(rf"{at}/issues/(\d+)/comments", path):
        return _comments(forge, method, int(found[1]), _given(body, {"body"}, set()) if body else None, _github_comment)
    if (found := _match(rf"{at}/issues/comments/(\d+)", path)) and method == "PATCH":
        return _edited(forge.comments, int(found[1]), _given(body, {"body"}, set()), _github_comment(forge))
    if path == f"{at}/issues":
        if method == "GET":
            pulls = [{**_github_issue(forge, {**each, "labels": []}), "pull_request": {}} for each in forge.changes]
            issues = [_github_issue(forge, each) for each in _filtered(forge.issues, query)]
            return sorted(issues + pulls, key=lambda each: -each["number"])
        given = _given(body, {"title"}, {"body", "labels", "assignees", "milestone"})
        return _github_issue(forge, _new_issue(forge, given["title"], given["body"], given["labels"]))
    if (found := _match(rf"{at}/issues/(\d+)", path)) and method == "PATCH":
        given = _given(body, set(), {"title", "body", "state", "state_reason", "labels"})
        return _github_issue(forge, _change_state(forge.issues, int(found[1]), given))
    if path == f"{at}/pulls":
        if method == "GET":
            return [_github_pull(each) for each in _filtered_changes(forge, query)]
        given = _given(body, {"head", "base", "title"}, {"body", "maintainer_can_modify", "draft"})
        return _github_pull(_new_change(forge, given["head"], given["base"], given["title"], given["body"], 422))
    if (found := _match(rf"{at}/pulls/(\d+)", path)) and method == "PATCH":
        given = _given(body, set(), {"title", "body", "state", "base", "maintainer_can_modify"})
        return _github_pull(_change_state(forge.changes, int(found[1]), given))
    raise Refused(404, {"message": "Not Found"})


def _gitlab(forge: ForgeServer, method: str, path: str, query: dict[str, list[str]], body: Any,
            headers: dict[str, list[str]]) -> Any:
    if headers.get("private-token") != [forge.token]:
        raise Refused(401, {"message": "401 Unauthorized"})
    if path == "/user":
        return {"id": 1, "username": forge.login}
    at = f"/projects/{PROJECT}"
    if found := _match(rf"{at}/(?:merge_requests|issues)/(\d+)/notes", path):
        return _comments(forge, method, int(found[1]), _given(body, {"body"}, {"internal"}) if body else None,
                         _gitlab_note)
    if (found := _match(rf"{at}/merge_requests/\d+/notes/(\d+)", path)) and method == "PUT":
        return _edited(forge.comments, int(found[1]), _given(body, {"body"}, set()), _gitlab_note(forge))
    if path == f"{at}/issues":
        if method == "GET":
            return [_gitlab_issue(forge, each) for each in _filtered(forge.issues, query)]
        given = _given(body, {"title"}, {"description", "labels"})
        return _gitlab_issue(forge, _new_issue(forge, given["title"], given["description"],
                                               given["labels"].split(",")))
    if (found := _match(rf"{at}/issues/(\d+)", path)) and method == "PUT":
        return _gitlab_issue(forge, _change_state(forge.issues, int(found[1]), _gitlab_given(body)))
    if path == f"{at}/merge_requests":
        if method == "GET":
            return [_gitlab_change(each) for each in _filtered_changes(forge, query)]
        given = _given(body, {"source_branch", "target_branch", "title"}, {"description", "remove_source_branch"})
        return _gitlab_change(_new_change(forge, given["source_branch"], given["target_branch"], given["title"],
                                          given["description"], 409))
    if (found := _match(rf"{at}/merge_requests/(\d+)", path)) and method == "PUT":
        return _gitlab_change(_change_state(forge.changes, int(found[1]), _gitlab_given(body)))
    raise Refused(404, {"message": "404 Not found"})


def _gitlab_given(body: Any) -> dict[str, Any]:
    given = dict(_given(body, set(), {"title", "description", "state_event", "labels"}))
    if "description" in given:
        given["body"] = given.pop("description")
    if event := given.pop("state_event", None):
        given["state"] = {"close": "closed", "reopen": "open"}[event]
    return given


def _comments(forge: ForgeServer, method: str, number: int, body: Any, shown: Any) -> Any:
    if method == "POST":
        made = {"id": 1000 + len(forge.comments), "of": number, "author": forge.login, "body": body["body"]}
        forge.comments.append(made)
        return shown(forge)(made)
    return [shown(forge)(each) for each in forge.comments if each["of"] == number]


def _edited(items: list[dict[str, Any]], id_: int, given: dict[str, Any], shown: Any) -> Any:
    for item in items:
        if item["id"] == id_:
            item.update(given)
            return shown(item)
    raise Refused(404, {"message": "Not Found"})


def _new_issue(forge: ForgeServer, title: str, body: str, labels: list[str]) -> dict[str, Any]:
    made = {"number": forge.next_number(), "author": forge.login, "title": title, "body": body, "labels": labels,
            "state": "open"}
    forge.issues.append(made)
    return made


def _new_change(forge: ForgeServer, branch: str, base: str, title: str, body: str, taken: int) -> dict[str, Any]:
    if any(each["branch"] == branch and each["state"] == "open" for each in forge.changes):
        raise Refused(taken, {"message": "Validation Failed",
                              "errors": [{"message": f"A pull request already exists for acme:{branch}."}]})
    made = {"number": forge.next_number(), "author": forge.login, "branch": branch, "base": base, "title": title,
            "body": body, "state": "open", "fork": False}
    forge.changes.append(made)
    return made


def _change_state(items: list[dict[str, Any]], number: int, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("state", "open") not in ("open", "closed"):
        raise Refused(422, {"message": "Validation Failed"})
    for item in items:
        if item["number"] == number:
            item.update(given)
            return item
    raise Refused(404, {"message": "Not Found"})


def _filtered(issues: list[dict[str, Any]], query: dict[str, list[str]]) -> list[dict[str, Any]]:
    found = [each for each in issues if set(query.get("labels", [])) <= set(each["labels"])]
    if query.get("state", ["open"]) != ["all"]:
        found = [each for each in found if each["state"] == "open"]
    return sorted(found, key=lambda each: -each["number"])


def _filtered_changes(forge: ForgeServer, query: dict[str, list[str]]) -> list[dict[str, Any]]:
    found = forge.changes
    if head := query.get("head") or query.get("source_branch"):
        found = [each for each in found if head[0].rpartition(":")[2] == each["branch"]]
    if query.get("state", ["open"]) != ["all"]:
        found = [each for each in found if each["state"] == "open"]
    return sorted(found, key=lambda each: -each["number"])


def _github_comment(forge: ForgeServer) -> Any:
    return lambda item: {"id": item["id"], "user": {"login": item["author"], "type": "Bot"}, "body": item["body"],
                         "html_url": f"{forge.address}/{REPOSITORY}/pull/{item['of']}#issuecomment-{item['id']}"}


def _gitlab_note(forge: ForgeServer) -> Any:
    return lambda item: {"id": item["id"], "author": {"username": item["author"]}, "body": item["body"],
                         "system": item.get("system", False)}


def _github_issue(forge: ForgeServer, item: dict[str, Any]) -> dict[str, Any]:
    return {"number": item["number"], "user": {"login": item["author"]}, "title": item["title"], "body": item["body"],
            "state": item["state"], "labels": [{"name": label} for label in item["labels"]],
            "html_url": f"{forge.address}/{REPOSITORY}/issues/{item['number']}"}


def _gitlab_issue(forge: ForgeServer, item: dict[str, Any]) -> dict[str, Any]:
    return {"iid": item["number"], "id": 9000 + item["number"], "author": {"username": item["author"]},
            "title": item["title"], "description": item["body"], "labels": item["labels"],
            "state": "opened" if item["state"] == "open" else "closed",
            "web_url": f"{forge.address}/{REPOSITORY}/-/issues/{item['number']}"}


def _github_pull(item: dict[str, Any]) -> dict[str, Any]:
    merged = item["state"] == "merged"
    origin = {"full_name": "somebody/flight-delays" if item["fork"] else REPOSITORY}
    return {"number": item["number"], "state": "closed" if merged else item["state"], "title": item["title"],
            "body": item["body"], "merged_at": "2026-11-21T00:00:00Z" if merged else None,
            "head": {"ref": item["branch"], "sha": item.get("sha", ""), "repo": origin}, "base": {"ref": item["base"]},
            "html_url": f"https://forge/{REPOSITORY}/pull/{item['number']}"}


def _gitlab_change(item: dict[str, Any]) -> dict[str, Any]:
    return {"iid": item["number"], "id": 8000 + item["number"], "title": item["title"], "description": item["body"],
            "state": {"open": "opened"}.get(item["state"], item["state"]), "source_branch": item["branch"],
            "source_project_id": 5 if item["fork"] else int(PROJECT), "target_project_id": int(PROJECT),
            "target_branch": item["base"], "web_url": f"https://forge/{REPOSITORY}/-/merge_requests/{item['number']}"}


def _git(forge: ForgeServer, path: str, headers: dict[str, list[str]]) -> bytes:
    """Serve files of bare repositories, as git's dumb protocol asks for them, to who signs in once."""
    given = headers.get("authorization", [])
    if len(given) != 1 or forge.token not in base64.b64decode(given[0].removeprefix("Basic ")).decode():
        raise Refused(400 if len(given) > 1 else 401, {"message": "Duplicate header or no header Authorization"})
    file = forge.git_root / path.lstrip("/") if forge.git_root else Path("/nonexistent")
    if not file.is_file():
        raise Refused(404, {})
    return file.read_bytes()
