"""What a run asks of the place where its stack's state lies, and the place that is no place: memory."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from mlstead_toolkit.engine.deployment_format import Snapshot
from mlstead_toolkit.engine.journal import Journal
from mlstead_toolkit.engine.resource_state import ResourceState


class StateStore(Protocol):
    """The state of one stack; see stack_store.py for the one on disk."""

    resumed: bool

    def load(self, salt: str = "") -> Snapshot:
        """Give the state, what a killed run left included."""

    def save(self, snapshot: Snapshot) -> None:
        """Replace the state."""

    def journal(self) -> Journal | None:
        """Begin a journal of changes; None where nothing would be left to resume."""

    def lock(self) -> AbstractContextManager[object]:
        """Hold the state for one run."""

    def warm(self) -> None:
        """Get ready to seal secrets."""

    def identities(self) -> dict[str, str]:
        """Give what each provider, by URN, called its cloud last time."""

    def save_identities(self, identities: dict[str, str]) -> None:
        """Record what the providers call their clouds now."""


class MemoryStore:
    """A state that begins with some resources and is gone with the process.

    Args:
        resources: what the stack has, in an order in which everything comes after what it refers to.
    """

    def __init__(self, resources: Sequence[ResourceState] = ()) -> None:
        self.resumed = False
        self._resources, self._identities = resources, dict[str, str]()

    def load(self, salt: str = "") -> Snapshot:  # noqa: ARG002 - nothing is sealed here
        """Give copies of the resources: a run changes its snapshot in place."""
        return Snapshot([item.copy(serial=serial) for serial, item in enumerate(self._resources)])

    def save(self, snapshot: Snapshot) -> None:
        """Keep the resources."""
        self._resources = snapshot.resources

    def journal(self) -> None:
        """Begin none."""

    def lock(self) -> AbstractContextManager[object]:
        """Hold nothing: nobody else sees it."""
        return contextlib.nullcontext()

    def warm(self) -> None:
        """Do nothing: nothing is sealed."""

    def identities(self) -> dict[str, str]:
        """Give what was recorded."""
        return self._identities

    def save_identities(self, identities: dict[str, str]) -> None:
        """Record it."""
        self._identities = identities
