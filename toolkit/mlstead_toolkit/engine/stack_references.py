"""Outputs of other stacks: planned ones of a stack of the same session, else those that its state has."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.deployment_format import Snapshot
from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.stack_store import ORGANIZATION, StackStore, every_stack
from mlstead_toolkit.engine.values import Properties, mask, reveal


class StackReferences:
    """Finds outputs by a stack's name: organization/project/stack, project/stack, or stack of the same project.

    Args:
        home: where states lie; None: nowhere.
        project: the project of the stack that asks.
        known: outputs of stacks that this session has planned or changed, by qualified name.
    """

    def __init__(self, home: Path | None, project: str, known: dict[str, Properties]) -> None:
        self._home, self._project, self._known = home, project, known
        self._read: dict[str, Properties] = {}
        self._lock = threading.Lock()

    def outputs(self, name: str) -> Properties:
        """Give the outputs, secrets wrapped. Raises EngineError, with the fix, where the stack is not there."""
        project, stack = self._split(name)
        qualified = f"{ORGANIZATION}/{project}/{stack}"
        with contextlib.suppress(KeyError):
            return self._known[qualified]
        with self._lock:
            if qualified not in self._read:
                found = _outputs(StackStore(self._home, project, stack)) if self._home is not None else None
                if found is None:
                    raise EngineError(f"There is no stack {name}.", where=f"StackReference {name}",
                                      fix=f"bring it up first: mlstead up {stack}, in the folder of {project}")
                self._read[qualified] = found
            return self._read[qualified]

    def _split(self, name: str) -> tuple[str, str]:
        parts = name.split("/")
        if len(parts) == 3 and all(parts):
            return parts[1], parts[2]
        if len(parts) == 2 and all(parts):
            return parts[0], parts[1]
        if len(parts) == 1 and parts[0]:
            return self._project, parts[0]
        raise EngineError(f"{name!r} is no stack's name.", where="StackReference",
                          fix="write organization/<project>/<stack>")


def _outputs(store: StackStore) -> Properties | None:
    snapshot = store.load()
    root = _root(snapshot)
    return root.outputs if root is not None else None


def _root(snapshot: Snapshot) -> ResourceState | None:
    return next((item for item in snapshot.resources if item.type == urns.STACK_TYPE and not item.delete), None)


def stack_outputs(home: Path, project: str, stack: str, *, show_secrets: bool = False) -> Properties:
    """Give the outputs of a stack, secrets masked or, where asked for, in clear.

    Raises:
        EngineError: the stack is not there.
    """
    found = _outputs(StackStore(home, project, stack))
    if found is None:
        raise EngineError(f"There is no stack {stack} of {project}.", where=str(home), fix=f"mlstead up {stack}")
    revealed = reveal(found) if show_secrets else mask(found)
    return dict(revealed)


def stack_exists(home: Path, project: str, stack: str) -> bool:
    """Tell whether a stack has resources."""
    store = StackStore(home, project, stack)
    if not store.file.exists() and not store.journal_file.exists():
        return False
    return bool(store.load().resources)


def stacks_referring_to(home: Path, project: str, stack: str) -> list[tuple[str, str]]:
    """List the stacks, as (project, stack), whose states read the outputs of a stack."""
    wanted = {f"{ORGANIZATION}/{project}/{stack}", f"{project}/{stack}"}
    found = []
    for store in every_stack(home):
        if (store.project, store.stack) == (project, stack):
            continue
        names = wanted | {stack} if store.project == project else wanted
        if any(item.type == urns.STACK_REFERENCE_TYPE and (item.id in names or item.inputs.get("name") in names)
               for item in store.load().resources):
            found.append((store.project, store.stack))
    return found
