"""GitLab, by its REST API: https://docs.gitlab.com/api/rest/

A job's own token reads and writes no merge requests, notes or issues, so a token of scope api is asked for:
https://docs.gitlab.com/ci/jobs/ci_job_token/
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from mlstead_toolkit.forge.api import Api
from mlstead_toolkit.forge.forge import LABEL, Change, Comment, Issue, State

HOW_TO_SIGN_IN = ("make a project access token (scopes api and write_repository, role Developer) and set it as the "
                  "masked variable MLSTEAD_FORGE_TOKEN; CI_JOB_TOKEN may do none of this")
_NEEDS = "scope api, and the role Developer in the project"
_LONGEST = 900_000  # a million are taken: https://docs.gitlab.com/administration/instance_limits/
_STATES: dict[str, State] = {"opened": "open", "locked": "open", "closed": "closed", "merged": "merged"}
_EVENTS = {"open": "reopen", "closed": "close"}
_QUICK_ACTION = re.compile(r"^(\s*)/(?=[a-z])", re.MULTILINE)


class GitLab:
    """One project.

    Args:
        api: the API's address: https://gitlab.com/api/v4.
        project: its number, or its path.
        token: of scope api.
        server: where git and browsers go.
        run_url: where the job's own output is.
        sleep: waits so many seconds.
    """

    name, change_word, limit = "GitLab", "merge request", _LONGEST

    def __init__(self, api: str, project: str, token: str, server: str = "https://gitlab.com", run_url: str = "",
                 sleep: Callable[[float], None] = time.sleep) -> None:
        self.run_url, self._token, self._server = run_url, token, server
        self._at = f"/projects/{quote(project, safe='')}"
        self._api = Api(self.name, api, {"PRIVATE-TOKEN": token}, token, HOW_TO_SIGN_IN, HOW_TO_SIGN_IN, sleep)

    @cached_property
    def _login(self) -> str:
        return str(self._api.call("GET", "/user", needs=_NEEDS)["username"])

    def ours(self, author: str) -> bool:
        """Tell whether somebody is who the token speaks for."""
        return author == self._login

    def comments(self, change: int) -> Iterator[Comment]:
        """List a merge request's notes, the oldest first, without those that GitLab itself writes."""
        for item in self._api.pages(f"{self._merge_request(change)}/notes?sort=asc&order_by=created_at&per_page=100",
                                    needs=_NEEDS):
            if not item.get("system"):
                yield self._comment(change, item)

    def add_comment(self, change: int, body: str) -> Comment:
        """Write a note."""
        return self._comment(change, self._api.call("POST", f"{self._merge_request(change)}/notes",
                                                    {"body": quiet(body)}, needs=_NEEDS))

    def edit_comment(self, change: int, comment: int, body: str) -> Comment:
        """Write a note anew."""
        return self._comment(change, self._api.call("PUT", f"{self._merge_request(change)}/notes/{comment}",
                                                    {"body": quiet(body)}, needs=_NEEDS))

    def issues(self) -> Iterator[Issue]:
        """List the issues of LABEL, closed ones too, the newest first."""
        for item in self._api.pages(f"{self._at}/issues?labels={LABEL}&state=all&per_page=100", needs=_NEEDS):
            yield _issue(item)

    def add_issue(self, title: str, body: str) -> Issue:
        """Open an issue with LABEL."""
        return _issue(self._api.call("POST", f"{self._at}/issues", {
            "title": title, "description": quiet(body), "labels": LABEL}, needs=_NEEDS))

    def edit_issue(self, number: int, *, title: str | None = None, body: str | None = None,
                   state: State | None = None) -> Issue:
        """Change what is given of an issue."""
        return _issue(self._api.call("PUT", f"{self._at}/issues/{number}", _given(title, body, state), needs=_NEEDS))

    def add_issue_comment(self, number: int, body: str) -> None:
        """Write a note below an issue."""
        self._api.call("POST", f"{self._at}/issues/{number}/notes", {"body": quiet(body)}, needs=_NEEDS)

    def changes(self, *, branch: str = "", state: Literal["open", "all"] = "open") -> Iterator[Change]:
        """List merge requests from branches of this project itself, the newest first."""
        source = f"&source_branch={quote(branch, safe='')}" if branch else ""
        which = "opened" if state == "open" else "all"
        for item in self._api.pages(f"{self._at}/merge_requests?state={which}{source}&per_page=100", needs=_NEEDS):
            if item["source_project_id"] == item["target_project_id"]:
                yield _change(item)

    def add_change(self, branch: str, base: str, title: str, body: str) -> Change:
        """Open a merge request whose branch goes when it is merged."""
        return _change(self._api.call("POST", f"{self._at}/merge_requests", {
            "source_branch": branch, "target_branch": base, "title": title, "description": quiet(body),
            "remove_source_branch": True}, needs=_NEEDS))

    def edit_change(self, number: int, *, title: str | None = None, body: str | None = None,
                    state: State | None = None) -> Change:
        """Change what is given of a merge request."""
        return _change(self._api.call("PUT", self._merge_request(number), _given(title, body, state), needs=_NEEDS))

    def git_header(self, address: str) -> str | None:
        """Give the header that lets git in: any user name goes with a project's token."""
        if urlsplit(address)[:2] != urlsplit(self._server)[:2]:
            return None
        return "Authorization: Basic " + base64.b64encode(f"mlstead:{self._token}".encode()).decode()

    def _merge_request(self, number: int) -> str:
        return f"{self._at}/merge_requests/{number}"

    def _comment(self, change: int, item: dict[str, Any]) -> Comment:
        return Comment(int(item["id"]), item["author"]["username"], item["body"],
                       f"{self.name} note {item['id']} of !{change}")


def quiet(text: str) -> str:
    """Keep GitLab from carrying out a line that looks like one of its commands, such as /merge.

    What is written comes from the change itself, and a command would be carried out with the token's rights. An
    unseen character before the slash is what leaves the text as it reads, in code as well.
    https://docs.gitlab.com/user/project/quick_actions/
    """
    return _QUICK_ACTION.sub("\\1\u200b/", text)


def _given(title: str | None, body: str | None, state: State | None) -> dict[str, object]:
    given = (("title", title), ("description", None if body is None else quiet(body)),
             ("state_event", None if state is None else _EVENTS[state]))
    return {key: value for key, value in given if value is not None}


def _issue(item: dict[str, Any]) -> Issue:
    return Issue(int(item["iid"]), item["author"]["username"], item["title"], item.get("description") or "",
                 _STATES[item["state"]], item["web_url"])


def _change(item: dict[str, Any]) -> Change:
    return Change(int(item["iid"]), item["source_branch"], item["title"], item.get("description") or "",
                  _STATES[item["state"]], item["web_url"])
