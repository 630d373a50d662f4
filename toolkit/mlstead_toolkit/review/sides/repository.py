"""The git repository that a change is in: what it is compared with, and its files as they were there. Only read."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.project import did_you_mean
from mlstead_toolkit.scaffold.repository import git_environment, require_git

DEFAULT = "main"
UNSHALLOW = "git fetch --unshallow; in CI, check out the whole history (actions/checkout: fetch-depth: 0, GitLab: " \
            "GIT_DEPTH: 0)"


class BaseNotFound(MlsteadError):
    """What a change is to be compared with cannot be told, or is not here."""


@dataclass(frozen=True)
class Base:
    """What a change is compared with.

    Args:
        commit: its whole id.
        words: how a reader knows it: `main (1a2b3c4)`.
        note: what was taken in place of what was asked for; "" where nothing was.
    """

    commit: str
    words: str
    note: str = ""


@dataclass(frozen=True)
class Repository:
    """A working tree; `root` is where it begins."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """Find the repository that a folder is in.

        Raises:
            BaseNotFound: it is in none, or git does not trust whoever owns it.
        """
        code, out, errors = _git(folder, "rev-parse", "--show-toplevel")
        if code == 0:
            return cls(Path(out.strip()).resolve())
        if "dubious ownership" in errors:
            raise BaseNotFound("git reads no repository that belongs to somebody else.", where=str(folder),
                               fix=f"git config --global --add safe.directory {folder}")
        raise BaseNotFound("A review compares with what git knows, and this is not in a git repository.",
                           where=str(folder), fix="cd into the repository; or make it one: git init, git commit")

    def base(self, reference: str | None) -> Base:
        """Find where the working tree has left a branch: the last commit that both have.

        Args:
            reference: a branch, a tag or a commit; None: the branch `main`, or the default one of origin.

        Raises:
            BaseNotFound: there is no such thing, or the history that would show it is not here.
        """
        if not self._commit("HEAD"):
            raise BaseNotFound("The repository has no commit yet.", where=str(self.root),
                               fix="git add --all && git commit, then compare with it")
        asked = reference or self._default()
        found, commit = asked, self._commit(asked)
        if not commit:
            found, commit = f"origin/{asked}", self._commit(f"origin/{asked}")
        if not commit:
            raise self._unknown(asked)
        code, out, _ = _git(self.root, "merge-base", "HEAD", commit)
        if code != 0:
            raise self._unrelated(found)
        base = out.strip()
        note = "" if found == asked else f"There is no {asked} here; it is compared with {found}."
        return Base(base, f"{found} ({base[:7]})", note)

    def changed(self, folder: str) -> bool:
        """Tell whether anything below a folder is not committed."""
        return bool(self._read("status", "--porcelain", "--", folder).strip())

    def files(self, commit: str) -> list[str]:
        """List the files of a commit, relative to the root."""
        return self._read("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).rstrip("\0").split("\0")

    def text(self, commit: str, file: str) -> str | None:
        """Give a file as it is in a commit; None where it is not there."""
        code, out, _ = _git(self.root, "show", f"{commit}:{file}")
        return out if code == 0 else None

    def export(self, commit: str, folder: str, destination: Path) -> None:
        """Write a folder of a commit, at its place below `destination`.

        Args:
            commit: which.
            folder: relative to the root; "." for everything.
            destination: an empty folder.
        """
        command = [require_git(), "-C", str(self.root), "archive", "--format=tar", commit, "--", folder]
        environment = git_environment() | {"GIT_LITERAL_PATHSPECS": "1"}
        with tempfile.TemporaryFile() as errors, subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=errors) as git:
            try:
                with tarfile.open(fileobj=git.stdout, mode="r|") as archive:
                    archive.extractall(destination, filter="tar")  # a link cannot lead what follows out of the folder
                reason = ""
            except tarfile.TarError as error:
                reason = str(error)
            if git.stdout is not None:
                git.stdout.close()  # git would wait for somebody to read the rest
            errors.seek(0)
            if git.wait() != 0 or reason:
                said = errors.read().decode(errors="replace").strip() or reason
                raise MlsteadError(f"The files cannot be read out of git: {said}", where=f"{commit[:7]}:{folder}",
                                   fix="git fsck says whether the repository is whole")

    def _default(self) -> str:
        """Name the branch to compare with where nobody says so."""
        if self._commit(DEFAULT) or self._commit(f"origin/{DEFAULT}"):
            return DEFAULT
        code, out, _ = _git(self.root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
        return out.strip().removeprefix("origin/") if code == 0 else DEFAULT

    def _commit(self, name: str) -> str:
        code, out, _ = _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return out.strip() if code == 0 else ""

    def _unknown(self, name: str) -> BaseNotFound:
        known = self._read("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
        branches = known.split()
        what = f"There is no branch, tag or commit {name!r}{did_you_mean(name, branches)}."
        if self._shallow():
            return BaseNotFound(f"{what} Only a part of the history is here.", where=str(self.root), fix=UNSHALLOW)
        local = ", ".join(branches[:8]) or "none"
        return BaseNotFound(what, where=str(self.root),
                            fix=f"git fetch origin {name}; or name another with --base; there is {local}")

    def _unrelated(self, name: str) -> BaseNotFound:
        if self._shallow():
            return BaseNotFound(f"Where this has left {name} cannot be told: only a part of the history is here.",
                                where=str(self.root), fix=UNSHALLOW)
        return BaseNotFound(f"This and {name} have no commit in common.", where=str(self.root),
                            fix="name with --base what it has come from")

    def _shallow(self) -> bool:
        return self._read("rev-parse", "--is-shallow-repository").strip() == "true"

    def _read(self, *arguments: str) -> str:
        code, out, errors = _git(self.root, *arguments)
        if code != 0:
            raise MlsteadError(f"git {arguments[0]} failed: {errors.strip()}", where=str(self.root),
                               fix="git status in that folder says what is wrong with it")
        return out


def _git(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Run git: exit code, output, errors. It takes no lock and refreshes nothing, so that it writes nothing."""
    command = [require_git(), "--no-optional-locks", "-c", "core.quotePath=false", "-C", str(folder), *arguments]
    done = subprocess.run(command, env=git_environment() | {"LC_ALL": "C"}, capture_output=True, text=True,
                          errors="replace", check=False)
    return done.returncode, done.stdout, done.stderr
