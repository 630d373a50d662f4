"""Two sides of a small repository, written for a test and evaluated as `mlstead review` does it."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from mlstead_toolkit.engine.plan import Operation, Step
from mlstead_toolkit.engine.values import Properties, reveal
from mlstead_toolkit.review import evaluation
from mlstead_toolkit.review.comparison import Comparison, Graph
from mlstead_toolkit.review.evaluations import Evaluations
from mlstead_toolkit.review.sides.side import Side

HEADER = """\
import json
import pulumi
from pulumi import ResourceOptions as O

class Thing(pulumi.CustomResource):
    def __init__(self, kind, name, props=None, opts=None):
        super().__init__(kind, name, {"arn": None, "keyId": None, **(props or {})}, opts)

class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None, kind="lab:index:Group"):
        super().__init__(kind, name, None, opts)

def kind(token, **defaults):
    class Kind(pulumi.CustomResource):
        def __init__(self, name, opts=None, **props):
            super().__init__(token, name, {"arn": None, "keyId": None, **defaults, **props}, opts)
    return Kind

Bucket = kind("aws:s3/bucket:Bucket")
Key = kind("aws:kms/key:Key", enableKeyRotation=True)

class Parameter(pulumi.CustomResource):
    def __init__(self, name, value, opts=None, **props):
        super().__init__("aws:ssm/parameter:Parameter", name, {"type": "String", "value": value, **props}, opts)

"""
LINES = HEADER.count("\n")
"""How many lines stand before a test's own program."""
SETTINGS = "config:\n  aws:region: eu-west-1\n"


@dataclass
class Lab:
    """A repository on both sides.

    Args:
        folder: where the sides are written.
        evaluations: what all tests share.
        foundations: by side, the foundation's outputs that are checked in, by environment.
    """

    folder: Path
    evaluations: Evaluations
    foundations: dict[str, dict[str, Properties]] = field(default_factory=dict)

    def write(self, label: str, program: str, settings: dict[str, str] | None = None) -> Path:
        """Write one side; the classes and functions of HEADER are there."""
        infra = self.folder / label / "infra"
        infra.mkdir(parents=True, exist_ok=True)
        (infra / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
        for environment, text in (settings or {"dev": SETTINGS}).items():
            (infra / f"Pulumi.{environment}.yaml").write_text(textwrap.dedent(text))
        (infra / "__main__.py").write_text(HEADER + textwrap.dedent(program).lstrip("\n"))
        return infra

    def side(self, label: str) -> Side | None:
        root = self.folder / label
        if not root.exists():
            return None
        return Side(label, root, root / "infra", Path(sys.executable), self.foundations.get(label, {}))

    def compare(self, *environments: str) -> list[Comparison]:
        return evaluation.compare(self.side("base"), self.side("head"), environments or ("dev",),
                                  evaluations=self.evaluations)

    def change(self, base: str, head: str) -> Comparison:
        """Write both sides and give what leads from one to the other in dev."""
        self.write("base", base)
        self.write("head", head)
        (found,) = self.compare()
        return found


def step(comparison: Comparison, name: str) -> Step:
    (found,) = [one for one in comparison.steps if one.name == name]
    return found


def operations(comparison: Comparison) -> dict[str, Operation]:
    """The operation of each resource, the stack itself left out."""
    return {one.name: one.operation for one in comparison.steps if one.type != "pulumi:pulumi:Stack"}


def resource(graph: Graph | None, name: str) -> Properties:
    """The outputs of a resource, its id among them, secrets in clear."""
    assert graph is not None
    (found,) = [one for one in graph.resources if one.urn.endswith(f"::{name}")]
    return {**reveal(found.outputs), "id": found.id}
