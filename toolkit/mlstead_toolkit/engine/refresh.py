"""Refresh: the state is made to say what the cloud has; what is gone is forgotten, so that it is made again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import property_change, secretness
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.deployment import Deployment, StepFailed, Stopped
from mlstead_toolkit.engine.deployment_format import now
from mlstead_toolkit.engine.plan import Operation, PropertyChange
from mlstead_toolkit.engine.provider_registry import ProviderRegistry
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import reveal

GONE = "gone"  # the path of the change that a refresh reports for what the cloud no longer has


class Refresher:
    """Reads what the state has, many at once."""

    def __init__(self, deployment: Deployment, providers: ProviderRegistry) -> None:
        self._deployment, self._providers = deployment, providers

    def run(self, *, providers: set[str] | None = None, report: bool = True) -> None:
        """Read every resource, or those of some providers only.

        Args:
            providers: URNs of providers; None for all.
            report: whether what differs becomes a step of the plan.
        """
        wanted = [item for item in self._deployment.recorder.resources
                  if item.custom and not item.external and not urns.is_provider(item.type) and item.provider
                  and (providers is None or urns.split_reference(item.provider)[0] in providers)]
        with ThreadPoolExecutor(max_workers=self._deployment.parallel, thread_name_prefix="refresh") as pool:
            try:
                for _ in pool.map(lambda item: self._one(item, report), wanted):
                    pass
            except KeyboardInterrupt:
                self._deployment.stop()
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _one(self, item: ResourceState, report: bool) -> None:
        deployment = self._deployment
        try:
            provider = self._providers.get(item.provider)
            if provider is None:
                return
            found = deployment.operate_quietly(item.urn, lambda: provider.read(
                item.type, item.id, reveal(item.inputs), reveal(item.outputs)))
        except (StepFailed, Stopped):
            return
        except MlsteadError as error:
            deployment.refuse(item.urn, error)
            return
        if found is None:
            change = PropertyChange(GONE, "delete", item.id, None)
            if report:
                deployment.plan(deployment.turn(), deployment.step(Operation.REFRESH, item, changes=(change,)))
            deployment.forget(item)
            return
        names = (*provider.secret_outputs(item.type), *item.additional_secret_outputs)
        outputs = secretness.restore(item.outputs, secretness.restore(item.inputs, found.outputs))
        outputs = secretness.mark(outputs, names)
        inputs = secretness.restore(item.inputs, found.inputs)
        if outputs == item.outputs and inputs == item.inputs and found.resource_id == item.id:
            return
        fresh = item.copy(id=found.resource_id, inputs=inputs, outputs=outputs, modified=now())
        if report:
            changes = property_change.between(item.outputs, outputs)
            deployment.plan(deployment.turn(), deployment.step(Operation.REFRESH, fresh, changes=changes))
        deployment.renew(fresh)
