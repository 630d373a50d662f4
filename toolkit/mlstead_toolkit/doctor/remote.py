"""Where the project is delivered from: the repository that this checkout came from, as tokens of CI name it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mlstead.access.oidc import GITHUB, Ci
from mlstead_toolkit.forge.checkout import Checkout
from mlstead_toolkit.scaffold.repository import git_environment, require_git

_ADDRESS = re.compile(r"(?:\w+://)?(?:[^/@]+@)?(?P<host>[^/:]+)(?::\d+)?[/:](?P<path>.+?)(?:\.git)?/?")


@dataclass(frozen=True)
class Remote:
    """A repository at a forge.

    Args:
        ci: which kind of forge it is.
        host: where the forge is.
        path: the repository's: acme/flight-delays.
        branch: that the remote checks out by itself; empty: this checkout does not know.
    """

    ci: Ci
    host: str
    path: str
    branch: str

    @property
    def issuer(self) -> str:
        """Who issues its jobs' tokens, as IAM names it."""
        return GITHUB if self.ci == "github" else self.host


def delivered_by(root: Path) -> Literal["github", "gitlab", "none"]:
    """Give the answer `ci` that the project was made with."""
    import yaml

    answers = yaml.safe_load((root / ".copier-answers.yml").read_text(encoding="utf-8")) or {}
    answer = answers.get("ci", "github")
    return answer if answer in ("github", "gitlab") else "none"


def remote_of(root: Path, ci: Ci) -> Remote | None:
    """Read the remote `origin`; None: there is none, or it is at no forge."""
    found = _ADDRESS.fullmatch(Checkout(root).remote_address)
    return Remote(ci, found["host"], found["path"], _default_branch(root)) if found else None


def _default_branch(root: Path) -> str:
    done = subprocess.run([require_git(), "-C", str(root), "symbolic-ref", "--short", "refs/remotes/origin/HEAD"],
                          capture_output=True, text=True, check=False, env=git_environment())
    return done.stdout.strip().removeprefix("origin/")
