"""Jobs as CI runs them: the steps of a workflow's own text, one after the other, with bash, in a checkout."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

# What takes a registry, an account or GitHub itself. Each stands in the workflow, and in docs/delivery.md as not run.
ACTIONS_NOT_RUN = {
    "actions/checkout": "the checkout is there",
    "actions/upload-artifact": "jobs share build/ here",
    "actions/download-artifact": "jobs share build/ here",
    "astral-sh/setup-uv": "uv is there",
    "aws-actions/configure-aws-credentials": "the local cloud has no tokens of GitHub",
}
STEPS_NOT_RUN = {
    "Lint": "tests/template/test_project.py runs it",
    "Every test": "tests/template/test_project.py runs it",
    "Preview": "Pulumi's own CLI",
    "Build": "a Docker daemon",
    "Scan": "an image",
    "Push and sign": "a registry, and Sigstore",
}
COMMANDS_NOT_RUN = ("apt-get ", "echo \"ca-certificates", "pip install", "awk ", "pulumi ", "make image", "make scan",
                    "REPOSITORY=", "make check", "make test")
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class StepFailed(AssertionError):
    """A step ended with another code than 0."""


@dataclass
class Checkout:
    """A project that jobs run in.

    Args:
        folder: the project.
        variables: what every job finds in its environment.
        ran: every command or step that was run, as `file/job: step`.
    """

    folder: Path
    variables: Mapping[str, str]
    ran: list[str] = field(default_factory=list)

    def bash(self, script: str, variables: Mapping[str, str], name: str) -> str:
        """Run a script as a step, to its end."""
        done = subprocess.run(["bash", "--noprofile", "--norc", "-euo", "pipefail", "-c", script], cwd=self.folder,
                              env={**self.variables, **variables}, capture_output=True, text=True, timeout=300,
                              check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise StepFailed(f"{name} ended with {done.returncode}\n{script}\n{done.stdout}\n{done.stderr}")
        self.ran.append(name)
        return done.stdout


@dataclass
class GitHubJob:
    """One job of a workflow.

    Args:
        checkout: where it runs.
        file: the workflow's file name.
        name: the job's.
        values: what its expressions are here; one that is not among them is an error.
    """

    checkout: Checkout
    file: str
    name: str
    values: dict[str, str]
    summary: str = ""
    said: str = ""
    _set: dict[str, str] = field(default_factory=dict)
    _path: list[str] = field(default_factory=list)

    def run(self, *, only: Sequence[str] = (), without: Sequence[str] = ()) -> GitHubJob:
        """Run its steps, those of the repository's own actions among them."""
        document = yaml.safe_load((self.checkout.folder / ".github" / "workflows" / self.file).read_text())
        job = document["jobs"][self.name]
        variables = self._evaluated(job.get("env", {}), self.values)
        for step in job["steps"]:
            if "uses" not in step and ((only and step["name"] not in only) or step["name"] in without):
                continue
            self._step(step, variables, self.values)
        return self

    def _step(self, step: Mapping[str, Any], variables: Mapping[str, str], values: dict[str, str]) -> None:
        if not self._holds(step.get("if", ""), values):
            return
        used = step.get("uses", "")
        if used.startswith("./"):
            action = yaml.safe_load((self.checkout.folder / used / "action.yml").read_text())
            given = self._evaluated(step.get("with", {}), values)
            inputs = {f"inputs.{name}": given.get(name, about.get("default", ""))
                      for name, about in action["inputs"].items()}
            inner = {**inputs, **({"inputs.tools": ""} if "inputs.tools" in inputs else {})}  # they are downloads
            for part in action["runs"]["steps"]:
                self._step(part, variables, inner)
            return
        if used:
            assert used.partition("@")[0] in ACTIONS_NOT_RUN, used
            return
        if step["name"] in STEPS_NOT_RUN:
            return
        name = f"{self.file}/{self.name}: {step['name']}"
        files = {each: self.checkout.folder / "build" / f"github-{each.lower()}"
                 for each in ("ENV", "OUTPUT", "PATH", "STEP_SUMMARY")}
        files["ENV"].parent.mkdir(exist_ok=True)
        for file in files.values():
            file.write_text("")
        own = {**variables, **self._set, **self._evaluated(step.get("env", {}), values),
               **{f"GITHUB_{each}": str(file) for each, file in files.items()},
               "PATH": ":".join([*self._path, self.checkout.variables["PATH"]])}
        self.said += self.checkout.bash(step["run"], own, name)
        self._set |= _lines(files["ENV"])
        self._path = files["PATH"].read_text().split() + self._path
        self.summary += files["STEP_SUMMARY"].read_text()
        for output, value in _lines(files["OUTPUT"]).items():
            values[f"steps.{step['id']}.outputs.{output}"] = value

    def _holds(self, condition: str, values: Mapping[str, str]) -> bool:
        condition = condition.removeprefix("${{ ").removesuffix(" }}")
        if condition in ("", "!cancelled()"):
            return True
        assert condition.startswith("steps."), condition
        return bool(values.get(condition))

    def _evaluated(self, given: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
        return {name: EXPRESSION.sub(lambda found: values[found[1]], str(text)) for name, text in given.items()}


def _lines(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


@dataclass
class GitLabJob:
    """One job of .gitlab-ci.yml, with what it extends.

    Args:
        checkout: where it runs.
        name: the job's.
        variables: in place of its own.
    """

    checkout: Checkout
    name: str
    variables: Mapping[str, str]

    def run(self) -> str:
        """Run what comes before every job, and its own script, in one shell."""
        document = yaml.safe_load((self.checkout.folder / ".gitlab-ci.yml").read_text())
        job = document[self.name]
        script, own = job.get("script"), dict(job.get("variables", {}))
        while "extends" in job:
            job = document[job["extends"]]
            script, own = script or job["script"], job.get("variables", {}) | own
        lines = [line for line in (*document["default"]["before_script"], *script)
                 if not line.startswith(COMMANDS_NOT_RUN)]
        given = {key: str(self.variables.get(key, value)) for key, value in own.items() if key != "TOOLS"}
        return self.checkout.bash("\n".join(lines), given | dict(self.variables), f".gitlab-ci.yml/{self.name}")
