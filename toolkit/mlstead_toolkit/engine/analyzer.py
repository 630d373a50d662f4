"""What the engine asks of whoever judges the resources of a stack: Pulumi's analyzers, in process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine.resource_state import ResourceState


class Analyzer(Protocol):
    """Judges one run of one stack; resources are judged from several threads at once."""

    def resource(self, state: ResourceState) -> Sequence[MlsteadError]:
        """Say why a resource must not be made or changed; asked in a run for real, when its inputs are checked."""

    def stack(self, states: Iterable[ResourceState]) -> Sequence[tuple[str, MlsteadError]]:
        """Say by URN what is wrong with the stack that the program has described; a preview goes on all the same."""


class AnalyzerFactory(Protocol):
    """Makes the analyzer of a run."""

    def __call__(self, project: str, stack: str, directory: Path) -> Analyzer:
        """Make it; `directory` is the program's folder."""
