"""A laboratory: write a program, bring it up against a cloud in memory, look at what was asked and what is kept."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fake_provider import FakeCloud

from mlstead_toolkit.engine import Session, StackPlan, StackSource, Step
from mlstead_toolkit.engine.program import Program

HEADER = """
import pulumi
from pulumi import ResourceOptions as O

class Thing(pulumi.CustomResource):
    def __init__(self, name, props=None, opts=None, kind="aws:x/thing:Thing"):
        super().__init__(kind, name, {"arn": None, **(props or {})}, opts)

class Provider(pulumi.ProviderResource):
    def __init__(self, name, props=None, opts=None):
        super().__init__("aws", name, props, opts)

class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None, kind="lab:index:Group"):
        super().__init__(kind, name, None, opts)
"""


class SharedSession(Session):
    """A session in the interpreter that all tests share: starting one takes half a second."""

    shared: Program

    def _program(self, source: StackSource) -> Program:
        return self.shared

    def _close_programs(self) -> None:
        pass


class Lab:
    """One project's program, its cloud and its state."""

    def __init__(self, folder: Path, shared: Callable[[], Program]) -> None:
        self.folder, self.shared = folder, shared
        self.home, self.cloud = folder / "home", FakeCloud()
        self.events: list[Any] = []
        self.parallel = 16
        self.home.mkdir()

    def write(self, program: str, *, project: str = "demo", settings: str = "config:\n  aws:region: eu-west-1\n",
              header: str = HEADER) -> Path:
        """Write a project; the classes Thing, Group, Provider and O (ResourceOptions) are there."""
        directory = self.folder / project
        directory.mkdir(exist_ok=True)
        (directory / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\n")
        (directory / "Pulumi.local.yaml").write_text(textwrap.dedent(settings))
        (directory / "__main__.py").write_text(header + textwrap.dedent(program))
        return directory

    def session(self, *projects: str, fresh: bool = False) -> Session:
        sources = [StackSource(self.folder / project, "local", Path(sys.executable))
                   for project in projects or ("demo",)]
        kind = Session if fresh else SharedSession
        session = kind(sources, home=self.home, provider=self.cloud.factory, on_event=self.events.append,
                       parallel=self.parallel)
        if isinstance(session, SharedSession):
            session.shared = self.shared()
        return session

    def up(self, program: str | None = None, **options: Any) -> StackPlan:
        if program is not None:
            self.write(program)
        self.cloud.calls.clear()
        self.events.clear()
        with self.session() as session:
            return session.up(**options)[-1]

    def preview(self, program: str | None = None, **options: Any) -> StackPlan:
        if program is not None:
            self.write(program)
        with self.session() as session:
            return session.preview(**options)[-1]

    def destroy(self, **options: Any) -> StackPlan:
        self.cloud.calls.clear()
        self.events.clear()
        with self.session() as session:
            return session.destroy(**options)[-1]

    @property
    def state_file(self) -> Path:
        return self.home / ".pulumi" / "stacks" / "demo" / "local.json"

    @property
    def journal_file(self) -> Path:
        return self.home / "journals" / "demo" / "local.jsonl"

    def resources(self) -> list[dict[str, Any]]:
        document = json.loads(self.state_file.read_text())
        return list(document["checkpoint"]["latest"]["resources"])

    def resources_left(self) -> list[str]:
        return [item["urn"] for item in self.resources()]

    def resource(self, name: str) -> dict[str, Any]:
        found = [item for item in self.resources() if item["urn"].endswith("::" + name)]
        assert len(found) == 1, [item["urn"] for item in self.resources()]
        return found[0]

    def thing(self, name: str) -> dict[str, Any]:
        """What exists in the cloud under a logical name."""
        found = [item for item in self.cloud.things.values() if item["urn"].endswith("::" + name)]
        assert len(found) == 1, list(self.cloud.things)
        return found[0]


def operations(plan: StackPlan) -> dict[str, str]:
    """The operation of each resource, the stack itself left out."""
    return {step.name: str(step.operation) for step in plan.steps if step.type != "pulumi:pulumi:Stack"}


def step(plan: StackPlan, name: str) -> Step:
    found = [item for item in plan.steps if item.name == name]
    assert len(found) == 1, [item.name for item in plan.steps]
    return found[0]
