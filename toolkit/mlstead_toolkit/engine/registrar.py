"""Registration: what becomes of a resource that the program asks for; Pulumi's step generator, a thread a resource."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from mlstead_toolkit.engine import aliases, property_change, property_path, secretness
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.change import Changer
from mlstead_toolkit.engine.deployment import Deployment
from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.goal import Goal, place, recorded_position
from mlstead_toolkit.engine.plan import Operation, PropertyChange, StepFinished, StepStarted
from mlstead_toolkit.engine.provider import DiffResult, Provider, ProviderError
from mlstead_toolkit.engine.provider_registry import ProviderRegistry
from mlstead_toolkit.engine.replacement import Replacements
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import UNKNOWN, Properties, contains_unknown, reveal


class Registrar:
    """Serves registrations, from several threads at once."""

    def __init__(self, deployment: Deployment, providers: ProviderRegistry, changer: Changer,
                 replacements: Replacements) -> None:
        self._deployment, self._providers = deployment, providers
        self._changer, self._replacements = changer, replacements

    def register(self, goal: Goal) -> ResourceState:
        """Bring a resource to what the program wants, or predict it in a preview.

        Raises:
            Stopped: the run has ended.
            StepFailed: it could not be done; the failure is recorded.
            MlsteadError: the registration itself is wrong.
        """
        deployment = self._deployment
        deployment.go_on()
        turn = deployment.turn()
        urn = self.claim(goal)
        if (parent := deployment.goals.get(goal.parent)) is not None:
            goal.inherit(parent, urns.package_of(goal.type))
        old = self._find_old(urn, goal)
        new = _wanted(urn, goal, deployment.directory)
        deployment.redactor.learn(new.inputs)
        with deployment.lock:
            deployment.goals[urn] = goal
        if urns.is_provider(goal.type):
            self._providers.register(new, goal, old, turn)
        elif not goal.custom:
            deployment.analyze(new, goal)
            self._register_component(new, old, turn)
        else:
            new.provider = goal.provider or self._providers.default(goal.type, goal.version)
            goal.provider = new.provider
            self._register_custom(new, goal, old, turn)
        with deployment.lock:
            deployment.states[urn] = new
        return new

    def claim(self, goal: Goal) -> str:
        """Give a registration its URN. Raises EngineError where another resource has it, or its parent is not there."""
        deployment = self._deployment
        if goal.parent and goal.parent not in deployment.goals:
            raise EngineError(f"The parent of {goal.name} is not registered.", where=goal.parent,
                              fix="pass a resource of this program as the parent")
        urn = urns.make(deployment.stack, deployment.project, goal.parent, goal.type, goal.name)
        with deployment.lock:
            if urn in deployment.goals:
                raise EngineError(f"Two resources of type {goal.type} are named {goal.name!r}.",
                                  where=place(goal.source_position) or urn, fix="give one of them another name")
            deployment.goals[urn] = goal
        return urn

    def outputs(self, urn: str, outputs: Properties) -> None:
        """Record the outputs of a component; the stack's own count only once the program has ended well."""
        deployment = self._deployment
        state = deployment.states.get(urn)
        if state is None:
            return
        deployment.redactor.learn(outputs)
        if state.type == urns.STACK_TYPE:
            deployment.stack_outputs = outputs
        else:
            self.record_outputs(state, outputs)

    def record_outputs(self, state: ResourceState, outputs: Properties) -> None:
        """Write the outputs of a component into the state."""
        if state.outputs != outputs:
            state.outputs = outputs
            self._changer.stamp(state, state)
            self._deployment.recorder.change(put=[state])

    def _find_old(self, urn: str, goal: Goal) -> ResourceState | None:
        deployment = self._deployment
        with deployment.lock:
            if urn in deployment.claimed:
                raise EngineError(f"{goal.name} was taken over already by an alias of another resource.",
                                  where=deployment.claimed[urn], fix="remove the alias, or rename this resource")
            if (old := deployment.olds.get(urn)) is not None:
                return old
            renamed = deployment.renamed
            for former in aliases.former_urns(goal, deployment.stack, deployment.project, renamed):
                old = deployment.olds.get(former)
                if old is None or former == urn:
                    continue
                if former in deployment.goals or former in deployment.claimed:
                    raise EngineError(f"{goal.name} has an alias that is another resource of this program.",
                                      where=former, fix="remove the alias")
                deployment.claimed[former] = urn
                renamed[urn] = former
                return old
        return None

    def _register_component(self, new: ResourceState, old: ResourceState | None, turn: int) -> None:
        deployment, recorder = self._deployment, self._deployment.recorder
        if old is None:
            operation, changes = Operation.CREATE, property_change.NONE
            new.serial = recorder.number()
            self._changer.stamp(new)
        else:
            changes = property_change.between(old.inputs, new.inputs)
            operation = Operation.UPDATE if changes else Operation.SAME
            new.serial, new.outputs = old.serial, old.outputs
            self._changer.stamp(new, old, changed=bool(changes))
        step = deployment.plan(turn, deployment.step(operation, new, changes=changes))
        if old is None or not new.same_as(old):
            recorder.change(put=[new])
        if operation is not Operation.SAME and not deployment.preview:
            deployment.emit(StepStarted(deployment.stack, step))
            deployment.emit(StepFinished(deployment.stack, step, 0.0))

    def _register_custom(self, new: ResourceState, goal: Goal, old: ResourceState | None, turn: int) -> None:
        deployment = self._deployment
        if contains_unknown(new.inputs) and not deployment.preview:
            raise EngineError(f"{goal.name} has inputs that are unknown.", where=new.urn,
                              fix="an output of a failed resource was used; see the failures before this one")
        provider = self._providers.get(new.provider)
        if provider is None:
            self._unknown_provider(new, old, turn)
            return
        was_external = old is not None and old.external
        if goal.import_id and (old is None or old.external or (old.import_id or old.id) != goal.import_id):
            old = self._changer.import_resource(new, goal, provider, old, turn)
            was_external, turn = False, 0
        if old is None or was_external:
            new.inputs = self._check(new, goal, provider, None, new.inputs)
            self._changer.create(new, provider, turn)
            if was_external and old is not None:
                deployment.recorder.change(drop=[old])
            return
        wanted = new.inputs
        new.inputs = self._check(new, goal, provider, old, _kept_ignored(old, wanted, goal))
        if new.urn in deployment.deleted_early or old.urn in deployment.deleted_early:
            new.inputs = self._check(new, goal, provider, None, wanted)
            self._changer.recreate(new, old, provider, turn)
            return
        diff, changes = self._diff(new, goal, old, provider)
        if diff.replaces or any(change.replaces for change in changes):
            new.inputs = self._check(new, goal, provider, None, _kept_ignored(old, wanted, goal))
            self._replacements.replace(new, goal, old, provider, diff, self._renewed(diff, changes, old, new), turn)
        elif diff.changed or old.init_errors:
            self._changer.update(new, goal, old, provider, changes, turn or deployment.turn())
        else:
            self._changer.same(new, old, provider, turn)

    def _unknown_provider(self, new: ResourceState, old: ResourceState | None, turn: int) -> None:
        deployment = self._deployment
        if old is None:
            new.serial, operation = deployment.recorder.number(), Operation.CREATE
            deployment.created.add(new.urn)
        else:
            new.id, new.serial, new.outputs, operation = old.id, old.serial, old.outputs, Operation.SAME
        deployment.plan(turn, deployment.step(operation, new))
        deployment.recorder.change(put=[new])

    def _check(self, new: ResourceState, goal: Goal, provider: Provider, old: ResourceState | None,
               wanted: Properties) -> Properties:
        deployment = self._deployment
        seed = os.urandom(32) if not deployment.preview else hashlib.sha256(new.urn.encode()).digest()
        olds = reveal(old.inputs) if old is not None else None
        try:
            result = provider.check(new.type, new.urn, olds, reveal(wanted), seed)
        except ProviderError as error:
            raise deployment.refuse(new.urn, error, goal) from error
        failed = None
        for failure in result.failures:
            where = place(goal.source_position)
            text = f"{failure.property}: {failure.reason}" if failure.property else failure.reason
            failed = deployment.fail(new.urn, text + (f"\n  in:    {where}" if where else ""))
        if failed is not None:
            raise failed
        inputs = secretness.restore(wanted, result.inputs)
        deployment.analyze(new.copy(inputs=inputs), goal)
        return inputs

    def _diff(self, new: ResourceState, goal: Goal, old: ResourceState, provider: Provider
              ) -> tuple[DiffResult, tuple[PropertyChange, ...]]:
        deployment = self._deployment
        reason = None
        if any(name in deployment.replaced for name in new.replace_with):
            reason = "replaceWith"
        elif new.deleted_with and new.deleted_with in deployment.replaced:
            reason = "deletedWith"
        elif self._providers.changed(old, new):
            reason = "provider"
        elif old.taint:
            reason = "taint"
        elif _triggered(old, new):
            reason = "replacementTrigger"
        if reason is not None:
            return DiffResult(), property_change.because(reason)
        try:
            diff = provider.diff(new.type, old.id, reveal(old.inputs), reveal(old.outputs), reveal(new.inputs),
                                 tuple(goal.ignore_changes))
        except ProviderError as error:
            raise deployment.refuse(new.urn, error, goal) from error
        if goal.replace_on_changes and diff.changed:
            diff = _replacing(diff, goal.replace_on_changes)
        return diff, property_change.of_diff(diff, old, new)

    @staticmethod
    def _renewed(diff: DiffResult, changes: tuple[PropertyChange, ...], old: ResourceState, new: ResourceState
                 ) -> tuple[PropertyChange, ...]:
        # The second check gave another automatic name: the values after are those of the new resource.
        return property_change.of_diff(diff, old, new) if diff.changes else changes


def _wanted(urn: str, goal: Goal, directory: Path) -> ResourceState:
    dependencies = goal.dependencies
    return ResourceState(
        urn, goal.type, custom=goal.custom, inputs=goal.inputs, parent=goal.parent, protect=bool(goal.protect),
        dependencies=dependencies, property_dependencies=goal.property_dependencies,
        additional_secret_outputs=goal.additional_secret_outputs, custom_timeouts=goal.custom_timeouts,
        import_id=goal.import_id, retain_on_delete=bool(goal.retain_on_delete), deleted_with=goal.deleted_with,
        replace_with=goal.replace_with, source_position=recorded_position(goal.source_position, directory),
        ignore_changes=goal.ignore_changes, replace_on_changes=goal.replace_on_changes,
        replacement_trigger=goal.replacement_trigger)


def _kept_ignored(old: ResourceState, wanted: Properties, goal: Goal) -> Properties:
    return property_path.kept_from(old.inputs, wanted, goal.ignore_changes) if goal.ignore_changes else wanted


def _replacing(diff: DiffResult, patterns: list[str]) -> DiffResult:
    wanted = [property_path.parse(pattern) for pattern in patterns]
    hit = [path for path in diff.changes
           if path not in diff.replaces and any(property_path.matches(pattern, property_path.parse(path))
                                                for pattern in wanted)]
    return replace(diff, replaces=(*diff.replaces, *hit))


def _triggered(old: ResourceState, new: ResourceState) -> bool:
    before, after = reveal(old.replacement_trigger), reveal(new.replacement_trigger)
    if before is None or after is None:
        return False
    return contains_unknown(after) or before is UNKNOWN or before != after
