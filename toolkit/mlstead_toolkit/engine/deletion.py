"""Deletion: what the program registers no more, and what was replaced; in reverse order, as much at once as goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.change import Changer
from mlstead_toolkit.engine.deployment import Deployment, StepFailed, Stopped
from mlstead_toolkit.engine.plan import Operation, Step
from mlstead_toolkit.engine.resource_state import ResourceState


class Deletions:
    """Deletes what is no longer wanted."""

    def __init__(self, deployment: Deployment, changer: Changer) -> None:
        self._deployment, self._changer = deployment, changer

    def unwanted(self) -> list[ResourceState]:
        """List what the state has and the program did not register, replaced resources included."""
        deployment = self._deployment
        wanted = deployment.states.keys() | deployment.goals.keys()
        return [item for item in deployment.recorder.resources
                if item.delete or (item.urn not in wanted and item.urn not in deployment.claimed)]

    def run(self, doomed: list[ResourceState], *, unprotect: bool = False) -> None:
        """Delete resources, dependents first; protected ones are refused before anything is touched.

        Failures are recorded in the deployment.
        """
        deployment = self._deployment
        replaced = {item.urn for item in doomed if item.delete}
        steps: dict[int, Step] = {}
        for item in reversed(doomed):
            step = deployment.step(Operation.DELETE, item)
            steps[item.serial] = step
            shown = not (urns.is_provider(item.type) and urns.is_default_provider(item.urn))
            if shown and not (item.delete and item.urn in deployment.replaced) and not item.pending_replacement:
                deployment.plan(deployment.turn(), step)
        for urn, item in deployment.deleted_early.items():
            if urn not in deployment.goals and deployment.claimed.get(urn) is None:
                deployment.plan(deployment.turn(), deployment.step(Operation.DELETE, item))
        protected = [item for item in doomed if item.protect and not unprotect and not item.delete]
        for item in protected:
            deployment.fail(item.urn, f"It is protected, and this would delete it ({item.type} {item.id}).\n"
                            "  fix:   keep it in the program under this name (or give its new name an alias), or "
                            "remove `protect` in a change of its own first", protected=True)
        if protected or (deployment.failures and not deployment.preview):
            return
        urns_going = {item.urn for item in doomed}
        self._in_order(doomed, lambda item: self._changer.delete(
            item, steps[item.serial], skip=self._needs_nothing(item, urns_going, replaced)))

    def _needs_nothing(self, item: ResourceState, going: set[str], replaced: set[str]) -> bool:
        if not item.custom or item.external or item.retain_on_delete or urns.is_provider(item.type):
            return True
        return bool(item.deleted_with) and (item.deleted_with in going or item.deleted_with in replaced)

    def _in_order(self, doomed: list[ResourceState], delete: Callable[[ResourceState], None]) -> None:
        deployment = self._deployment
        blockers, blocked = _graph(doomed)
        ready = [item for item in doomed if not blockers[item.serial]]
        running: dict[Future[None], ResourceState] = {}
        with ThreadPoolExecutor(max_workers=deployment.parallel, thread_name_prefix="delete") as pool:
            try:
                while ready or running:
                    while ready and not deployment.stopped:
                        item = ready.pop()
                        running[pool.submit(delete, item)] = item
                    if not running:
                        return  # stopped
                    finished, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        item = running.pop(future)
                        if self._went_well(future, item):
                            for other in blocked[item.serial]:
                                blockers[other.serial].discard(item.serial)
                                if not blockers[other.serial]:
                                    ready.append(other)
            except KeyboardInterrupt:
                deployment.stop()
                raise

    def _went_well(self, future: Future[None], item: ResourceState) -> bool:
        try:
            future.result()
        except (StepFailed, Stopped):
            return False
        except MlsteadError as error:
            self._deployment.refuse(item.urn, error)
            return False
        except Exception as error:
            self._deployment.fail(item.urn, f"{type(error).__name__}: {error} (a defect of the provider)")
            return False
        return True


def _graph(doomed: Iterable[ResourceState]) -> tuple[dict[int, set[int]], dict[int, list[ResourceState]]]:
    """Say for each serial which serials must go before it, and which resources wait for it."""
    live = {item.urn: item for item in doomed if not item.delete}
    old = {item.urn: item for item in doomed if item.delete}
    blockers: dict[int, set[int]] = {item.serial: set() for item in doomed}
    blocked: dict[int, list[ResourceState]] = {item.serial: [] for item in doomed}
    for item in doomed:
        first, second = (old, live) if item.delete else (live, old)
        names = item.references()
        if item.provider:
            names.append(urns.split_reference(item.provider)[0])
        for name in set(names):
            needed = first.get(name) or second.get(name)
            if needed is not None and needed is not item:
                blockers[needed.serial].add(item.serial)
                blocked[item.serial].append(needed)
    return blockers, blocked
