"""The state of a stack while it changes: in memory, and on disk through the journal where it is for real."""

from __future__ import annotations

import threading
import time

from mlstead_toolkit.engine.deployment_format import PendingOperation, Snapshot
from mlstead_toolkit.engine.journal import Journal
from mlstead_toolkit.engine.resource_state import ResourceState


class Recorder:
    """Takes down what happened. Thread-safe.

    Args:
        snapshot: the state to start from; it is changed in place.
        journal: where changes are written at once; None in a preview.
    """

    def __init__(self, snapshot: Snapshot, journal: Journal | None) -> None:
        self._snapshot, self._journal = snapshot, journal
        self._resources = {item.serial: item for item in snapshot.resources}
        self._next = max(self._resources, default=-1) + 1
        self._open: dict[int, PendingOperation] = {}
        self._lock = threading.Lock()

    @property
    def resources(self) -> list[ResourceState]:
        """All resources as they are now."""
        with self._lock:
            return list(self._resources.values())

    def number(self) -> int:
        """Give a serial to a resource that is new."""
        with self._lock:
            self._next += 1
            return self._next - 1

    def begin(self, kind: str, resource: ResourceState) -> int | None:
        """Note that an operation begins."""
        if self._journal is None:
            return None
        number = self._journal.begin(kind, resource)
        with self._lock:
            self._open[number] = PendingOperation(kind, resource.copy(), time.time())
        return number

    def change(self, *, put: list[ResourceState] | None = None, drop: list[ResourceState] | None = None,
               done: int | None = None) -> None:
        """Note how resources are now, which are gone, and which operation ended with it."""
        if self._journal is not None:
            self._journal.change(put=put, drop=[item.serial for item in drop or ()], done=done)
        with self._lock:
            for item in put or ():
                self._resources[item.serial] = item
            for item in drop or ():
                self._resources.pop(item.serial, None)
            if done is not None:
                self._open.pop(done, None)

    def finish(self, renamed: dict[str, str]) -> Snapshot:
        """Give the state as it is to be saved: what did not end is pending, former URNs are replaced."""
        resources = self.resources
        if renamed:
            resources = [_renamed(item, renamed) for item in resources]
        self._snapshot.resources = resources
        with self._lock:
            self._snapshot.pending += self._open.values()
            self._open = {}
        return self._snapshot


def _renamed(item: ResourceState, renamed: dict[str, str]) -> ResourceState:
    if not any(name in renamed for name in item.references()) \
            and item.provider.rpartition("::")[0] not in renamed:
        return item
    provider, _, provider_id = item.provider.rpartition("::")
    return item.copy(
        parent=renamed.get(item.parent, item.parent),
        dependencies=[renamed.get(name, name) for name in item.dependencies],
        property_dependencies={key: [renamed.get(name, name) for name in names]
                               for key, names in item.property_dependencies.items()},
        deleted_with=renamed.get(item.deleted_with, item.deleted_with),
        replace_with=[renamed.get(name, name) for name in item.replace_with],
        provider=f"{renamed.get(provider, provider)}::{provider_id}" if provider else "")
