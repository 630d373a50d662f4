"""Replacement: the new resource before the old one goes, or after, with all that cannot stand without the old one."""

from __future__ import annotations

from mlstead_toolkit.engine import property_path
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.change import Changer
from mlstead_toolkit.engine.deployment import Deployment, Stopped
from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.goal import Goal
from mlstead_toolkit.engine.plan import Operation, PropertyChange
from mlstead_toolkit.engine.provider import DiffResult, Provider
from mlstead_toolkit.engine.provider_registry import ProviderRegistry
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import UNKNOWN, reveal


class Replacements:
    """Replaces resources."""

    def __init__(self, deployment: Deployment, providers: ProviderRegistry, changer: Changer) -> None:
        self._deployment, self._providers, self._changer = deployment, providers, changer

    def replace(self, new: ResourceState, goal: Goal, old: ResourceState, provider: Provider, diff: DiffResult,
                changes: tuple[PropertyChange, ...], turn: int) -> None:
        """Make the new resource and see to the end of the old one.

        Raises:
            StepFailed: the resource is protected; a preview records that and predicts what would follow.
            EngineError: it was imported and the program still says so.
        """
        deployment = self._deployment
        first = diff.delete_before_replace if goal.delete_before_replace is None else goal.delete_before_replace
        step = self._changer.plan(turn, Operation.REPLACE, new, provider, changes, delete_before_replace=first)
        if old.protect and new.protect:
            self._refuse(new, "It is protected, and this change would replace it.\n"
                         "  fix:   undo the change, or remove `protect` in a change of its own first", protected=True)
        if goal.import_id:
            raise EngineError("What was imported would be replaced while the program still says import_.",
                              where=new.urn, fix="make the inputs match what exists, or remove import_")
        with deployment.lock:
            deployment.replaced.add(new.urn)
        if not first:
            self._changer.make(new, provider, step, doomed=old.copy(delete=True))
            return
        for dependent in reversed(self._must_go(old)):
            with deployment.lock:
                deployment.deleted_early[dependent.urn] = dependent
            if dependent.protect:
                self._refuse(dependent, "It is protected, and would have to be deleted before what it depends on is "
                             "replaced.\n  fix:   remove `protect` in a change of its own first")
            self._delete(dependent)
        self._delete(old)
        self._changer.make(new, provider, step)

    def _refuse(self, state: ResourceState, message: str, *, protected: bool = False) -> None:
        failed = self._deployment.fail(state.urn, message, protected=protected)
        if not self._deployment.preview:
            raise failed

    def _delete(self, state: ResourceState) -> None:
        deployment = self._deployment
        if deployment.stopped:
            raise Stopped
        self._changer.delete(state, deployment.step(Operation.DELETE, state),
                             skip=state.retain_on_delete or state.external)

    def _must_go(self, root: ResourceState) -> list[ResourceState]:
        """List what depends on a resource so that its going forces a replacement, in the order of the state."""
        deployment = self._deployment
        gone = {root.urn}
        found: list[ResourceState] = []
        for item in deployment.recorder.resources:
            if item.delete or not item.custom or item.external or item.urn in gone:
                continue
            if deployment.claimed.get(item.urn, item.urn) in deployment.goals or item.urn in deployment.deleted_early:
                continue  # it is registered already, so that it does not depend on this one any more
            if self._is_forced(item, gone):
                gone.add(item.urn)
                found.append(item)
        return found

    def _is_forced(self, item: ResourceState, gone: set[str]) -> bool:
        if item.provider and urns.split_reference(item.provider)[0] in gone:
            return True
        if item.deleted_with in gone or any(name in gone for name in item.replace_with):
            return True
        touched = {key for key, names in item.property_dependencies.items() if any(name in gone for name in names)}
        if not touched or urns.is_provider(item.type):
            return False
        provider = self._providers.get(item.provider)
        if provider is None:
            return False
        inputs = reveal(item.inputs) | {key: UNKNOWN for key in touched if key in item.inputs}
        diff = provider.diff(item.type, item.id, reveal(item.inputs), reveal(item.outputs), inputs,
                             tuple(item.ignore_changes))
        patterns = [property_path.parse(pattern) for pattern in item.replace_on_changes]
        return bool(diff.replaces) or any(property_path.matches(pattern, property_path.parse(path))
                                          for path in diff.changes for pattern in patterns)
