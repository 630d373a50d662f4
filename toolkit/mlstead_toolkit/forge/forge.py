"""What a forge is asked for, in the words of none: GitHub and GitLab are the two there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal["open", "closed", "merged"]
LABEL = "mlstead"
"""On every issue of ours, so that the few of them are listed, and not all there are."""


@dataclass(frozen=True)
class Comment:
    """A comment of a change."""

    id: int
    author: str
    body: str
    url: str


@dataclass(frozen=True)
class Issue:
    """An issue."""

    number: int
    author: str
    title: str
    body: str
    state: State
    url: str


@dataclass(frozen=True)
class Change:
    """A pull request of GitHub, a merge request of GitLab."""

    number: int
    branch: str
    title: str
    body: str
    state: State
    url: str


class Forge(Protocol):
    """The calls that are needed, each one request, or one list of pages; all raise ForgeError.

    `limit` is how many characters a text may have, `change_word` what a change is called there, `run_url` where the
    job's own output is.
    """

    name: str
    change_word: str
    limit: int
    run_url: str

    def ours(self, author: str) -> bool:
        """Tell whether somebody is who the token speaks for; unknown: whether it is a bot at all."""

    def comments(self, change: int) -> Iterator[Comment]:
        """List a change's comments, the oldest first."""

    def add_comment(self, change: int, body: str) -> Comment:
        """Write a comment."""

    def edit_comment(self, change: int, comment: int, body: str) -> Comment:
        """Write a comment anew."""

    def issues(self) -> Iterator[Issue]:
        """List the issues of LABEL, closed ones too, the newest first."""

    def add_issue(self, title: str, body: str) -> Issue:
        """Open an issue with LABEL."""

    def edit_issue(self, number: int, *, title: str | None = None, body: str | None = None,
                   state: State | None = None) -> Issue:
        """Change what is given of an issue."""

    def add_issue_comment(self, number: int, body: str) -> None:
        """Write a comment below an issue."""

    def changes(self, *, branch: str = "", state: Literal["open", "all"] = "open") -> Iterator[Change]:
        """List changes from branches of this repository itself, the newest first; from any branch without one."""

    def add_change(self, branch: str, base: str, title: str, body: str) -> Change:
        """Open a change."""

    def edit_change(self, number: int, *, title: str | None = None, body: str | None = None,
                    state: State | None = None) -> Change:
        """Change what is given of a change."""

    def git_header(self, address: str) -> str | None:
        """Give the HTTP header that lets git in at a remote's address; None: where the address is not the forge's."""
