"""One side of a change, on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlstead_toolkit.engine.values import Properties


@dataclass(frozen=True)
class Side:
    """The repository as it is on one side of a change, ready to be evaluated.

    Args:
        label: `base` or `head`.
        root: the repository's root: places are told relative to it.
        infra: the folder of its Pulumi program.
        python: the interpreter that runs the program.
        foundations: environment → the foundation's outputs as they are checked in, which answer its stack references.
    """

    label: str
    root: Path
    infra: Path
    python: Path
    foundations: Mapping[str, Properties] = field(default_factory=dict)
