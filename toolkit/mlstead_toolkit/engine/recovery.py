"""Recovery: what became of the operations that were under way when a run was killed."""

from __future__ import annotations

from mlstead_toolkit.engine import secretness
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.change import Changer
from mlstead_toolkit.engine.deployment import Deployment
from mlstead_toolkit.engine.deployment_format import PendingOperation, Snapshot
from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.provider_registry import ProviderRegistry
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import reveal


class Recovery:
    """Finds what a killed run had made, so that nothing is made twice and nothing is lost."""

    def __init__(self, deployment: Deployment, providers: ProviderRegistry) -> None:
        self._deployment, self._providers = deployment, providers

    def run(self, snapshot: Snapshot) -> None:
        """Settle every pending operation of a state; those of providers that are not reachable stay pending.

        Raises:
            MlsteadError: a provider could not be asked.
        """
        for operation in list(snapshot.pending):
            self._settle(operation)
            snapshot.pending.remove(operation)

    def _settle(self, operation: PendingOperation) -> None:
        resource = operation.resource
        if not resource.custom or not resource.provider or operation.kind == "reading":
            return
        package = urns.package_of(resource.type)
        try:
            provider = self._providers.get(resource.provider)
        except EngineError:  # the run was cut off before its provider was recorded
            settings = self._deployment.configuration.of_package(package)
            provider = self._providers.configure(package, dict(settings))
        if provider is None:
            return
        if operation.kind == "creating":
            taken = frozenset(item.id for item in self._deployment.recorder.resources if item.type == resource.type)
            resource_id = provider.recover(resource.type, resource.urn, reveal(resource.inputs), operation.since, taken)
            if resource_id is None:
                return
            found = provider.read(resource.type, resource_id, reveal(resource.inputs), {})
            if found is not None:
                names = (*provider.secret_outputs(resource.type), *resource.additional_secret_outputs)
                outputs = secretness.mark(secretness.restore(resource.inputs, found.outputs), names)
                self._adopt(resource.copy(id=found.resource_id, outputs=outputs))
            return
        held = self._held(resource)
        if held is None:
            return
        found = provider.read(held.type, held.id, reveal(held.inputs), reveal(held.outputs))
        if found is None:
            self._deployment.forget(held)
            return
        outputs = secretness.restore(held.outputs, secretness.restore(held.inputs, found.outputs))
        self._deployment.renew(held.copy(id=found.resource_id, outputs=outputs,
                                         inputs=secretness.restore(held.inputs, found.inputs)))

    def _held(self, resource: ResourceState) -> ResourceState | None:
        return next((item for item in self._deployment.recorder.resources
                     if item.urn == resource.urn and item.id == resource.id), None)

    def _adopt(self, made: ResourceState) -> None:
        deployment = self._deployment
        put = [made]
        held = next((item for item in deployment.recorder.resources if item.urn == made.urn and not item.delete), None)
        if held is not None and held.id == made.id:
            made.serial = held.serial
        else:
            made.serial = deployment.recorder.number()
            if held is not None:
                put.append(held.copy(delete=True))  # it was being replaced
        Changer.stamp(made)
        deployment.recorder.change(put=put)
        deployment.olds[made.urn] = made
        deployment.say("info", f"found what a run that was cut off had made: {made.type} {made.id}", made.urn)
