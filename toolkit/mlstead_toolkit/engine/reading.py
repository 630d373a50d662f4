"""Getters: resources that exist outside this stack, read by id and never changed; stack references among them."""

from __future__ import annotations

from mlstead_toolkit.engine import secretness
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.deployment import Deployment
from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.goal import Goal, place, recorded_position
from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.engine.provider_registry import ProviderRegistry
from mlstead_toolkit.engine.registrar import Registrar
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.stack_references import StackReferences
from mlstead_toolkit.engine.values import UNKNOWN, Properties, contains_secret, contains_unknown, reveal


class Reader:
    """Serves reads, from several threads at once."""

    def __init__(self, deployment: Deployment, providers: ProviderRegistry, registrar: Registrar,
                 references: StackReferences) -> None:
        self._deployment, self._providers = deployment, providers
        self._registrar, self._references = registrar, references

    def read(self, goal: Goal, resource_id: str) -> ResourceState:
        """Read a resource.

        Args:
            goal: its type, name, parent, provider; the inputs are what helps to find it.
            resource_id: its id, or the mark of an unknown one in a preview.

        Raises:
            EngineError: there is none.
        """
        deployment = self._deployment
        deployment.go_on()
        turn = deployment.turn()
        urn = self._registrar.claim(goal)
        new = ResourceState(urn, goal.type, custom=True, id=resource_id, inputs=goal.inputs, parent=goal.parent,
                            external=True, dependencies=goal.dependencies,
                            source_position=recorded_position(goal.source_position, deployment.directory),
                            additional_secret_outputs=goal.additional_secret_outputs)
        new.provider = goal.provider or self._providers.default(goal.type, goal.version)
        if goal.type == urns.STACK_REFERENCE_TYPE:
            new.inputs = {key: value for key, value in goal.inputs.items() if key == "name"}
            new.outputs = self._stack_reference(resource_id)
        else:
            self._from_provider(new, goal, resource_id)
        new.outputs = secretness.mark(new.outputs, goal.additional_secret_outputs)
        deployment.redactor.learn(new.outputs)
        self._record(new, turn)
        return new

    def _stack_reference(self, name: str) -> Properties:
        if name == urns.UNKNOWN_ID:
            return {"name": UNKNOWN, "outputs": UNKNOWN, "secretOutputNames": UNKNOWN}
        outputs = self._references.outputs(name)
        names = sorted(key for key, value in outputs.items() if contains_secret(value))
        return {"name": name, "outputs": outputs, "secretOutputNames": names}

    def _from_provider(self, new: ResourceState, goal: Goal, resource_id: str) -> None:
        provider = self._providers.get(new.provider)
        if resource_id == urns.UNKNOWN_ID or provider is None or contains_unknown(goal.inputs):
            new.id = ""
            return
        step = self._deployment.step(Operation.READ, new)
        inputs = reveal(goal.inputs)
        found = self._deployment.operate(step, lambda: provider.read(new.type, resource_id, {}, inputs))
        if found is None:
            raise EngineError(f"There is no {new.type} {resource_id}.", where=place(goal.source_position),
                              fix="correct the id given to .get(), or create the resource first")
        new.id = found.resource_id
        new.outputs = secretness.mark(secretness.restore(goal.inputs, found.outputs),
                                      provider.secret_outputs(new.type))

    def _record(self, new: ResourceState, turn: int) -> None:
        deployment, recorder = self._deployment, self._deployment.recorder
        old = deployment.olds.get(new.urn)
        put = [new]
        with deployment.lock:
            deployment.states[new.urn] = new
        if old is not None and not old.external and old.id != new.id:
            put.append(old.copy(delete=True))
            old = None
        new.serial = old.serial if old is not None else recorder.number()
        deployment.plan(turn, deployment.step(Operation.READ, new))
        if old is None or not new.same_as(old):
            recorder.change(put=put)
