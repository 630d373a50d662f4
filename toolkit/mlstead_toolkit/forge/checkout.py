"""The git repository that a job works in: what it is asked, and what is pushed from it without touching its files."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mlstead_toolkit.scaffold.repository import FALLBACK_IDENTITY, GitFailed, require_git

REMOTE = "origin"


@dataclass(frozen=True)
class Commit:
    """One commit.

    Args:
        revision: its whole name.
        written: when its author wrote it.
        title: the first line of its message.
    """

    revision: str
    written: datetime
    title: str


class Checkout:
    """The repository that a folder is in.

    Args:
        folder: any folder of it.
        header: the HTTP header that lets git in at the remote; None: git signs in by itself.
    """

    def __init__(self, folder: Path, header: str | None = None) -> None:
        self._git, self.folder = require_git(), folder
        self._variables: dict[str, str] = {}
        self._remote = REMOTE
        if header is not None:
            self._remote = self.remote_address  # without the user that some runners leave in it
            self._variables = _signing_in(self._remote, header)

    @property
    def remote_address(self) -> str:
        """The address of the remote, without a user and a password; empty where there is none."""
        return re.sub(r"^(https?://)[^/@]*@", r"\1", self._try("remote", "get-url", REMOTE) or "")

    def commit(self, revision: str) -> str | None:
        """Give the whole name of a commit that is here; None for what names none."""
        if not revision or revision.startswith("-"):
            return None
        return self._try("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")

    def head(self) -> str:
        """Give the commit that is checked out."""
        return self._run("rev-parse", "HEAD")

    def note_deployed(self, environment: str, commit: str | None) -> None:
        """Remember, in this checkout alone, which commit an environment runs before a deployment."""
        if commit:
            self._run("update-ref", f"refs/mlstead/deployed/{environment}", commit)
        else:
            self._try("update-ref", "-d", f"refs/mlstead/deployed/{environment}")

    def deployed(self, environment: str) -> str | None:
        """Give what note_deployed remembers."""
        return self._try("rev-parse", "--verify", "--quiet", f"refs/mlstead/deployed/{environment}")

    def commits(self, since: str | None) -> list[Commit]:
        """Give the commits after one up to what is checked out, merges left out; without one, what is checked out."""
        form = "--format=%H%x09%at%x09%s"
        which = ["-1", "HEAD"] if since is None else ["--no-merges", f"{since}..HEAD"]
        lines = [line.split("\t", 2) for line in self._run("log", form, *which).splitlines()]
        return [Commit(revision, datetime.fromtimestamp(int(written), UTC), title)
                for revision, written, title in lines]

    def has_whole_history(self) -> bool:
        """Tell whether no commit was left out when this was cloned."""
        return self._run("rev-parse", "--is-shallow-repository") == "false"

    def default_branch(self) -> str:
        """Give the branch that the remote checks out by itself."""
        found = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", self._run("ls-remote", "--symref", self._remote, "HEAD"),
                          re.MULTILINE)
        if found is None:
            raise GitFailed("The remote has no default branch.", where=self.remote_address,
                            fix="push one, and name it in the repository's settings")
        return found[1]

    def remote_tip(self, branch: str) -> str | None:
        """Give the newest commit of a branch of the remote, fetched; None where there is no such branch."""
        listed = self._run("ls-remote", self._remote, f"refs/heads/{branch}")
        if not listed:
            return None
        self._run("fetch", "--quiet", "--no-tags", self._remote, f"refs/heads/{branch}")
        return self._run("rev-parse", "FETCH_HEAD")

    def content(self, commit: str, file: Path) -> bytes | None:
        """Give a file as a commit has it; None where it has none."""
        done = self._call("show", f"{commit}:{self.path(file)}")
        return done.stdout if done.returncode == 0 else None

    def commit_of(self, base: str, file: Path, content: bytes, message: str) -> str:
        """Make a commit on a base in which one file differs; no branch, no index and no file of the checkout moves."""
        with TemporaryDirectory(prefix="mlstead-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._run("read-tree", base, also=index)
            blob = self._run("hash-object", "-w", "--stdin", given=content)
            mode = self._run("ls-files", "--stage", "--full-name", "--", f":/{self.path(file)}", also=index).split()[0]
            self._run("update-index", "--cacheinfo", f"{mode},{blob},{self.path(file)}", also=index)
            tree = self._run("write-tree", also=index)
        return self._run("-c", "commit.gpgSign=false", "commit-tree", tree, "-p", base, "-m", message,
                         also=self._identity())

    def between(self, base: str, tip: str) -> list[str]:
        """Give the messages of the commits that a branch has and its base has not."""
        return [text.strip() for text in self._run("log", "--format=%B%x00", f"{base}..{tip}").split("\0")
                if text.strip()]

    def push(self, commit: str, branch: str, expected: str | None) -> None:
        """Set a branch of the remote to a commit, if nobody else has moved it since.

        Args:
            commit: what it is set to.
            branch: its name.
            expected: where it was; None: nowhere yet.
        """
        self._run("-c", "core.hooksPath=/dev/null", "push", "--quiet", f"--force-with-lease={branch}:{expected or ''}",
                  self._remote, f"{commit}:refs/heads/{branch}")

    def path(self, file: Path) -> str:
        """Give a file's path as the repository has it."""
        return file.resolve().relative_to(Path(self._run("rev-parse", "--show-toplevel")).resolve()).as_posix()

    def _identity(self) -> Mapping[str, str]:
        """Who commits: whom git knows here, else the bot that GitHub's own token stands for, else mlstead."""
        if self._try("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"):
            return {}
        who = FALLBACK_IDENTITY
        if os.environ.get("GITHUB_ACTIONS") == "true":
            who = {"NAME": "github-actions[bot]", "EMAIL": "41898282+github-actions[bot]@users.noreply.github.com"}
        return {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in who.items()}

    def _try(self, *arguments: str) -> str | None:
        done = self._call(*arguments)
        return done.stdout.decode().strip() if done.returncode == 0 else None

    def _run(self, *arguments: str, also: Mapping[str, str] | None = None, given: bytes | None = None) -> str:
        done = self._call(*arguments, also=also, given=given)
        if done.returncode:
            words = next((word for word in arguments if word.isalpha()), "git")
            reason = done.stderr.decode(errors="replace").strip()
            raise GitFailed(f"git {words} failed: {reason}", where=str(self.folder), fix=_fix(words, reason))
        return done.stdout.decode(errors="replace").strip()

    def _call(self, *arguments: str, also: Mapping[str, str] | None = None, given: bytes | None = None
              ) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, **self._variables, **(also or {}), "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        return subprocess.run([self._git, "-C", str(self.folder), *arguments], env=environment, input=given,
                              capture_output=True, check=False)


def _signing_in(address: str, header: str) -> dict[str, str]:
    """Give git its header by variables, which no list of processes shows.

    The empty value before it drops a header that actions/checkout has left in the configuration: with two of them
    GitHub refuses. https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpextraHeader
    """
    server = re.match(r"https?://[^/]+/", address)
    key = f"http.{server[0] if server else ''}.extraheader"
    return {"GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": key, "GIT_CONFIG_VALUE_0": "", "GIT_CONFIG_KEY_1": key,
            "GIT_CONFIG_VALUE_1": header}


def _fix(command: str, reason: str) -> str:
    if "not a git repository" in reason:
        return "run it inside the project's repository"
    if command == "push":
        return "let the token have `contents: write` (GitLab: write_repository), and promote/* be unprotected"
    if command in ("fetch", "ls"):
        return "let the token read the repository: `contents: read`; see that `git remote get-url origin` is right"
    return "run it in a checkout of the project's repository, with its history"
