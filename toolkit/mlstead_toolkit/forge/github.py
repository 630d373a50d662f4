"""GitHub, by its REST API: https://docs.github.com/en/rest"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from mlstead_toolkit.forge.api import Api, ForgeError
from mlstead_toolkit.forge.forge import LABEL, Change, Comment, Issue, State

# The version that the requests are written for: https://docs.github.com/en/rest/about-the-rest-api/api-versions
_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_COMMENT, _ISSUE, _CHANGE = "pull-requests: write", "issues: write", "pull-requests: write"
_LONGEST = 65_000  # 65,536 are taken: https://github.com/orgs/community/discussions/41331


class GitHub:
    """One repository.

    Args:
        api: the API's address: https://api.github.com, or that of an enterprise's server.
        repository: acme/flight-delays.
        token: of the job, of an app or of a person.
        server: where git and browsers go.
        run_url: where the job's own output is.
        sleep: waits so many seconds.
    """

    name, change_word, limit = "GitHub", "pull request", _LONGEST

    def __init__(self, api: str, repository: str, token: str, server: str = "https://github.com", run_url: str = "",
                 sleep: Callable[[float], None] = time.sleep) -> None:
        self.run_url, self._token, self._server = run_url, token, server
        self._owner, self._at = repository.split("/")[0], f"/repos/{repository}"
        self._repository = repository
        self._api = Api(
            self.name, api, {**_HEADERS, "Authorization": f"Bearer {token}"}, token,
            "give the step a token that is valid: GH_TOKEN: ${{ github.token }}, or an app's as MLSTEAD_FORGE_TOKEN",
            "`permissions` of the job; to open pull requests, also the repository's setting `Allow GitHub Actions to "
            "create and approve pull requests`", sleep)

    @cached_property
    def _login(self) -> str | None:
        """Who the token speaks for: a job's own token may not ask GET /user, but GraphQL's viewer."""
        rest = self._api.address
        graphql = f"{rest.removesuffix('/v3')}/graphql"
        try:
            answer = self._api.call("POST", graphql, {"query": "{viewer{login}}"}, needs="metadata: read")
            return str(answer["data"]["viewer"]["login"])
        except (ForgeError, KeyError, TypeError):
            return None

    def ours(self, author: str) -> bool:
        """Tell whether somebody is who the token speaks for; unknown: whether it is a bot at all."""
        return author.endswith("[bot]") if self._login is None else author == self._login

    def comments(self, change: int) -> Iterator[Comment]:
        """List a pull request's comments, the oldest first."""
        for item in self._api.pages(f"{self._at}/issues/{change}/comments?per_page=100", needs=_COMMENT):
            yield _comment(item)

    def add_comment(self, change: int, body: str) -> Comment:
        """Write a comment."""
        return _comment(self._api.call("POST", f"{self._at}/issues/{change}/comments", {"body": body}, needs=_COMMENT))

    def edit_comment(self, change: int, comment: int, body: str) -> Comment:  # noqa: ARG002 - GitLab's needs it
        """Write a comment anew."""
        return _comment(self._api.call("PATCH", f"{self._at}/issues/comments/{comment}", {"body": body},
                                       needs=_COMMENT))

    def issues(self) -> Iterator[Issue]:
        """List the issues of LABEL, closed ones too, the newest first."""
        for item in self._api.pages(f"{self._at}/issues?labels={LABEL}&state=all&per_page=100", needs=_ISSUE):
            if "pull_request" not in item:
                yield _issue(item)

    def add_issue(self, title: str, body: str) -> Issue:
        """Open an issue with LABEL."""
        return _issue(self._api.call("POST", f"{self._at}/issues", {"title": title, "body": body, "labels": [LABEL]},
                                     needs=_ISSUE))

    def edit_issue(self, number: int, *, title: str | None = None, body: str | None = None,
                   state: State | None = None) -> Issue:
        """Change what is given of an issue."""
        return _issue(self._api.call("PATCH", f"{self._at}/issues/{number}", _given(title, body, state), needs=_ISSUE))

    def add_issue_comment(self, number: int, body: str) -> None:
        """Write a comment below an issue."""
        self._api.call("POST", f"{self._at}/issues/{number}/comments", {"body": body}, needs=_ISSUE)

    def changes(self, *, branch: str = "", state: Literal["open", "all"] = "open") -> Iterator[Change]:
        """List pull requests from branches of this repository itself, the newest first."""
        head = f"&head={self._owner}:{quote(branch, safe='')}" if branch else ""
        for item in self._api.pages(f"{self._at}/pulls?state={state}{head}&per_page=100", needs=_CHANGE):
            origin = item["head"]["repo"]  # null where a fork is gone
            if origin and origin["full_name"].lower() == self._repository.lower():
                yield _change(item)

    def add_change(self, branch: str, base: str, title: str, body: str) -> Change:
        """Open a pull request."""
        return _change(self._api.call("POST", f"{self._at}/pulls", {
            "head": branch, "base": base, "title": title, "body": body}, needs=_CHANGE))

    def edit_change(self, number: int, *, title: str | None = None, body: str | None = None,
                    state: State | None = None) -> Change:
        """Change what is given of a pull request."""
        return _change(self._api.call("PATCH", f"{self._at}/pulls/{number}", _given(title, body, state),
                                      needs=_CHANGE))

    def git_header(self, address: str) -> str | None:
        """Give the header that lets git in, as actions/checkout does it."""
        if urlsplit(address)[:2] != urlsplit(self._server)[:2]:
            return None
        return "Authorization: Basic " + base64.b64encode(f"x-access-token:{self._token}".encode()).decode()


def _given(title: str | None, body: str | None, state: State | None) -> dict[str, object]:
    return {key: value for key, value in (("title", title), ("body", body), ("state", state)) if value is not None}


def _author(item: dict[str, Any]) -> str:
    return str((item.get("user") or {}).get("login", "ghost"))


def _comment(item: dict[str, Any]) -> Comment:
    return Comment(int(item["id"]), _author(item), item.get("body") or "", item["html_url"])


def _issue(item: dict[str, Any]) -> Issue:
    return Issue(int(item["number"]), _author(item), item["title"], item.get("body") or "", item["state"],
                 item["html_url"])


def _change(item: dict[str, Any]) -> Change:
    state: State = "merged" if item.get("merged_at") else item["state"]
    return Change(int(item["number"]), item["head"]["ref"], item["title"], item.get("body") or "", state,
                  item["html_url"])
