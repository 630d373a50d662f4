"""The changes of one resource: what is asked of the provider, and what the state says before, during and after."""

from __future__ import annotations

from mlstead_toolkit.engine import fault_points, secretness
from mlstead_toolkit.engine.deployment import Deployment
from mlstead_toolkit.engine.deployment_format import now
from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.goal import Goal
from mlstead_toolkit.engine.plan import Operation, PropertyChange, Step
from mlstead_toolkit.engine.provider import PartialFailure, Provider, ProviderError
from mlstead_toolkit.engine.provider_registry import ProviderRegistry
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import Properties, contains_secret, mask, reveal


class Changer:
    """Does, or predicts in a preview, one change at a time; several threads use it."""

    def __init__(self, deployment: Deployment, providers: ProviderRegistry) -> None:
        self._deployment, self._providers = deployment, providers

    @staticmethod
    def stamp(new: ResourceState, old: ResourceState | None = None, *, changed: bool = True) -> None:
        """Write the times of creation and of change."""
        new.created = (old.created if old is not None else "") or now()
        new.modified = now() if changed or old is None else old.modified

    def same(self, new: ResourceState, old: ResourceState, provider: Provider, turn: int) -> None:
        """Leave the resource as it is; options that only the engine knows may still differ."""
        new.id, new.outputs, new.serial = old.id, old.outputs, old.serial
        self.stamp(new, old, changed=False)
        new.outputs = self._marked(new, provider, new.outputs)
        self._plan(turn, Operation.SAME, new, provider)
        if not new.same_as(old):
            self.stamp(new, old)
            self._deployment.recorder.change(put=[new])

    def create(self, new: ResourceState, provider: Provider, turn: int) -> None:
        """Make a new resource."""
        step = self._plan(turn, Operation.CREATE, new, provider)
        self.make(new, provider, step)

    def recreate(self, new: ResourceState, old: ResourceState, provider: Provider, turn: int) -> None:
        """Make a resource again that was deleted because what it depends on had to be deleted first."""
        with self._deployment.lock:
            self._deployment.deleted_early.pop(old.urn, None)
            self._deployment.replaced.add(new.urn)
        changes = (PropertyChange("dependencies", "update", None, None, replaces=True),)
        step = self._plan(turn, Operation.REPLACE, new, provider, changes, delete_before_replace=True)
        self.make(new, provider, step)

    def make(self, new: ResourceState, provider: Provider, step: Step, *, doomed: ResourceState | None = None) -> None:
        """Have the provider create it; `doomed` is the old one that it replaces, deleted at the end of the run."""
        deployment, recorder = self._deployment, self._deployment.recorder
        new.serial = recorder.number()
        self.stamp(new)
        also = [doomed] if doomed is not None else []
        if deployment.preview:
            new.id, outputs = deployment.operate(step, lambda: provider.create(
                new.type, new.urn, reveal(new.inputs), preview=True, timeout=None))
            self._created(new)
            new.outputs = self._marked(new, provider, outputs)
            recorder.change(put=[new, *also])
            return
        self._created(new)

        def call() -> None:
            operation = recorder.begin("creating", new)
            fault_points.reach("before create")
            try:
                new.id, outputs = provider.create(new.type, new.urn, reveal(new.inputs), preview=False,
                                                  timeout=new.custom_timeouts.get("create"))
            except PartialFailure as failure:
                new.id, new.init_errors = failure.resource_id, [deployment.redactor.clean(failure.what)]
                new.outputs = self._marked(new, provider, failure.outputs)
                recorder.change(put=[new, *also], done=operation)
                raise
            except ProviderError:
                recorder.change(done=operation)
                raise
            fault_points.reach("after create")
            new.outputs = self._marked(new, provider, outputs)
            recorder.change(put=[new, *also], done=operation)

        deployment.operate(step, call)

    def _created(self, new: ResourceState) -> None:
        """Note what functions cannot tell of yet: a preview that knows the id has predicted all of it."""
        if not new.id:
            with self._deployment.lock:
                self._deployment.created.add(new.urn)

    def update(self, new: ResourceState, goal: Goal, old: ResourceState, provider: Provider,
               changes: tuple[PropertyChange, ...], turn: int) -> None:
        """Change a resource in place."""
        deployment, recorder = self._deployment, self._deployment.recorder
        new.id, new.serial = old.id, old.serial
        self.stamp(new, old)
        step = self._plan(turn, Operation.UPDATE, new, provider, changes)

        def ask() -> Properties:
            return provider.update(
                new.type, new.urn, old.id, reveal(old.inputs), reveal(old.outputs), reveal(new.inputs),
                preview=deployment.preview, timeout=new.custom_timeouts.get("update"),
                ignore_changes=tuple(goal.ignore_changes))

        if deployment.preview:
            new.outputs = self._marked(new, provider, deployment.operate(step, ask), old)
            recorder.change(put=[new])
            return

        def call() -> None:
            operation = recorder.begin("updating", old)
            fault_points.reach("before update")
            try:
                outputs = ask()
            except PartialFailure as failure:
                new.init_errors = [deployment.redactor.clean(failure.what)]
                new.outputs = self._marked(new, provider, failure.outputs, old)
                recorder.change(put=[new], done=operation)
                raise
            except ProviderError:
                recorder.change(done=operation)
                raise
            fault_points.reach("after update")
            new.outputs = self._marked(new, provider, outputs, old)
            recorder.change(put=[new], done=operation)

        deployment.operate(step, call)

    def import_resource(self, new: ResourceState, goal: Goal, provider: Provider, old: ResourceState | None, turn: int
                        ) -> ResourceState:
        """Take over a resource that exists; returns it as the cloud has it, for the comparison that follows."""
        deployment = self._deployment
        if old is not None and old.protect and not old.external:
            raise EngineError(f"{goal.name} is protected, and importing {goal.import_id} would replace it.",
                              where=new.urn, fix="remove import_, or the protection first")
        step = self._plan(turn, Operation.IMPORT, new, provider)
        found = deployment.operate(step, lambda: provider.read(new.type, goal.import_id, {}, {}))
        if found is None:
            raise EngineError(f"There is no {new.type} {goal.import_id} to import.", where=new.urn,
                              fix="correct the id given to import_, or remove import_ to create a new one")
        imported = new.copy(id=found.resource_id, inputs=found.inputs, outputs=found.outputs,
                            serial=deployment.recorder.number())
        self.stamp(imported)
        put = [imported]
        if old is not None and not old.external:
            put.append(old.copy(delete=True))
        drop = [old] if old is not None and old.external else []
        deployment.recorder.change(put=put, drop=drop)
        return imported

    def delete(self, state: ResourceState, step: Step, *, skip: bool = False) -> None:
        """Delete a resource, or only forget it where nothing is to be done in the cloud (`skip`)."""
        deployment, recorder = self._deployment, self._deployment.recorder
        if deployment.preview or skip:
            recorder.change(drop=[state])
            return
        provider = self._providers.get(state.provider)

        def call() -> str | None:
            if provider is None:
                recorder.change(drop=[state])
                return None
            operation = recorder.begin("deleting", state)
            fault_points.reach("before delete")
            try:
                note = provider.delete(state.type, state.urn, state.id, reveal(state.inputs), reveal(state.outputs),
                                       timeout=state.custom_timeouts.get("delete"))
            except ProviderError:
                recorder.change(done=operation)
                raise
            fault_points.reach("after delete")
            recorder.change(drop=[state], done=operation)
            return note

        deployment.operate(step, call, note=lambda text: text)

    def _plan(self, turn: int, operation: Operation, new: ResourceState, provider: Provider,
              changes: tuple[PropertyChange, ...] = (), *, delete_before_replace: bool = False) -> Step:
        deployment = self._deployment
        return deployment.plan(turn, deployment.step(
            operation, new, changes=_masked(changes, new), declared_only=provider.declared_only(new.type),
            delete_before_replace=delete_before_replace))

    plan = _plan

    def _marked(self, new: ResourceState, provider: Provider, outputs: Properties,
                old: ResourceState | None = None) -> Properties:
        names = (*provider.secret_outputs(new.type), *new.additional_secret_outputs)
        marked = secretness.mark(secretness.restore(new.inputs, outputs), names)
        if old is not None:
            marked = secretness.restore(old.outputs, marked)
        self._deployment.redactor.learn(marked)
        return marked


def _masked(changes: tuple[PropertyChange, ...], new: ResourceState) -> tuple[PropertyChange, ...]:
    """Mask both sides of a change where either is secret: a value that becomes secret was no secret in name only."""
    if not any(contains_secret(value) for value in new.inputs.values()):
        return changes
    secret = {key for key, value in new.inputs.items() if contains_secret(value)}
    result = []
    for change in changes:
        head = change.path.split(".", 1)[0].split("[", 1)[0]
        hidden = head in secret and "[secret]" in (change.before, change.after)
        before = "[secret]" if hidden and change.before is not None else mask(change.before)
        after = "[secret]" if hidden and change.after is not None else change.after
        result.append(PropertyChange(change.path, change.kind, before, after, change.replaces))
    return tuple(result)


