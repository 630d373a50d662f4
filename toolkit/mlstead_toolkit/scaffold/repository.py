"""The new project's git repository and its first commit."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from mlstead.errors import MlsteadError

FALLBACK_IDENTITY = {"NAME": "mlstead", "EMAIL": "mlstead@localhost"}
"""Who commits where git knows nobody; the user's own identity is always preferred."""


class GitFailed(MlsteadError):
    """git is not installed, or would not do what it was asked."""


def require_git() -> str:
    """Give git's path.

    Raises:
        GitFailed: there is no git on the PATH.
    """
    if path := shutil.which("git"):
        return path
    raise GitFailed("git is not installed; a project is a git repository from its first minute.", where="PATH",
                    fix="install git, then run this again")


def git_environment() -> dict[str, str]:
    """Give the variables for a git of ours; an enclosing one (a hook, a rebase) must not say which repository."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith("GIT_") or name.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG"))}


def commit_everything(directory: Path, message: str) -> None:
    """Make `directory` a repository whose branch main has one commit with everything in it.

    No hook, signature or editor of the user's takes part: the commit must succeed unattended.
    """
    git, environment = require_git(), git_environment()

    def run(*arguments: str) -> None:
        done = subprocess.run([git, "-C", str(directory), *arguments], env=environment, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise GitFailed(f"git {' '.join(arguments)} failed: {done.stderr.strip()}", where=str(directory))

    run("init", "--quiet", "--template=", "--initial-branch=main")
    if not _knows_who_commits(git, directory, environment):
        for role in ("AUTHOR", "COMMITTER"):
            for part, value in FALLBACK_IDENTITY.items():
                environment.setdefault(f"GIT_{role}_{part}", value)
    run("-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "add", "--all", "--force")
    run("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "maintenance.auto=false",
        "commit", "--quiet", "--no-verify", "--message", message)


def _knows_who_commits(git: str, directory: Path, environment: dict[str, str]) -> bool:
    asked = [git, "-C", str(directory), "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"]
    return subprocess.run(asked, env=environment, capture_output=True, check=False).returncode == 0
