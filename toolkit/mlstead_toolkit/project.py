"""The project that a command is typed in: found by walking up from the current folder."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mlstead.errors import MlsteadError

LOCAL = "local"
FOUNDATION = "mlstead-foundation"
ACTING_AS = "MLSTEAD_AS"
DEFAULT_REGION = "eu-west-1"
"""What the template's Pulumi.local.yaml says, for the time before anything is deployed."""


class ProjectError(MlsteadError):
    """There is no project here, or not one like that."""


@dataclass(frozen=True)
class Project:
    """A scaffolded repository: `root` holds .copier-answers.yml, infra/Pulumi.yaml names it."""

    root: Path
    name: str

    @property
    def infra(self) -> Path:
        """The folder of the Pulumi program."""
        return self.root / "infra"

    def settings_file(self, environment: str) -> Path:
        """Give the file that sets one environment."""
        return self.infra / f"Pulumi.{environment}.yaml"

    def environments(self) -> list[str]:
        """Name the environments that have a settings file."""
        return sorted(file.name.split(".")[1] for file in self.infra.glob("Pulumi.*.yaml"))

    def require(self, environment: str) -> str:
        """Give the environment back, or say which there are, or that nobody acts as a role of the project's in it."""
        known = self.environments()
        if environment not in known:
            raise ProjectError(f"There is no environment {environment!r}{did_you_mean(environment, known)}.",
                               where=str(self.infra),
                               fix=f"one of {', '.join(known)}; a new one is a file Pulumi.{environment}.yaml there")
        refuse_acting(environment)
        return environment


def acting_as() -> str:
    """Give the use, or the ARN, of the role that commands of `local` sign as; empty: the developer's own key."""
    return os.environ.get(ACTING_AS, "")


def refuse_acting(environment: str) -> None:
    """Refuse to sign as a role in a real account: there it is the shell's sign-in that says who somebody is."""
    if environment != LOCAL and acting_as():
        raise ProjectError(f"{ACTING_AS} is for {LOCAL}: in {environment!r} who you are is said by your sign-in.",
                           where=f"{ACTING_AS}={acting_as()}",
                           fix=f"unset {ACTING_AS}, and set AWS_PROFILE to a profile that assumes the role (role_arn)")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give ", did you mean 'x'?"-like words for a mistyped one, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {close[0]!r}?)" if close else ""


def find_project(start: Path | None = None) -> Project:
    """Walk up from a folder to the project that holds it."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / ".copier-answers.yml").is_file() and (folder / "infra" / "Pulumi.yaml").is_file():
            return Project(folder, pulumi_name(folder / "infra" / "Pulumi.yaml"))
    raise ProjectError("This is not inside an mlstead project.", where=str(start),
                       fix="cd into one, or make one: mlstead new flight-delays --defaults")


def pulumi_name(file: Path) -> str:
    """Give the name that a Pulumi.yaml gives its project."""
    match = re.search(r"^name:\s*[\"']?([A-Za-z0-9_.-]+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    if match is None:
        raise ProjectError("The Pulumi project has no name.", where=str(file), fix="give it a line `name: <project>`")
    return match.group(1)
