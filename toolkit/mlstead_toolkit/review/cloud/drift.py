"""What a cloud has otherwise than the code and the last deployment say; the plan of either engine tells it."""

from __future__ import annotations

from collections.abc import Mapping

from mlstead_toolkit.engine.plan import Operation, StackPlan, Step
from mlstead_toolkit.engine.refresh import GONE
from mlstead_toolkit.review.changes.changes import in_order
from mlstead_toolkit.review.changes.property import differences_of
from mlstead_toolkit.review.cloud.beyond import beyond
from mlstead_toolkit.review.cloud.pulumi_plan import PulumiPlan
from mlstead_toolkit.review.cloud.step_change import changes_in
from mlstead_toolkit.review.components import components_around
from mlstead_toolkit.review.report import CloudPlan, ResourceChange

_DOES_NOTHING = (Operation.SAME, Operation.READ, Operation.REFRESH)


def drift_of_pulumi(refreshed: PulumiPlan, planned: PulumiPlan) -> CloudPlan:
    """Tell drift from what Pulumi printed.

    Args:
        refreshed: of `pulumi refresh --preview-only --json`.
        planned: of `pulumi preview --refresh --json`.
    """
    drift = changes_in(refreshed)
    return _told(drift, beyond(changes_in(planned), drift))


def drift_of_plan(plan: StackPlan) -> CloudPlan:
    """Tell drift from the embedded engine's plan, which has read the cloud first.

    What differs in a refresh and needs no change is AWS's own: a date, a version, a state.
    """
    steps = {step.urn: step for step in plan.steps if step.operation is not Operation.REFRESH}
    drift = in_order([change for step in plan.steps if step.operation is Operation.REFRESH
                      for change in [_drifted(step, steps.get(step.urn), steps)] if change is not None])
    planned = in_order([_change(step, step.operation, step, steps) for step in steps.values()
                        if step.operation not in _DOES_NOTHING and step.custom and not step.type.startswith("pulumi:")])
    return _told(drift, beyond(planned, drift))


def _told(drift: tuple[ResourceChange, ...], changes: tuple[ResourceChange, ...]) -> CloudPlan:
    counted = [f"{len(found)} {words}" for found, words in ((drift, "drifted"), (changes, "not deployed")) if found]
    return CloudPlan(", ".join(counted) or "no drift", changes, drift)


def _drifted(refreshed: Step, planned: Step | None, steps: Mapping[str, Step]) -> ResourceChange | None:
    if any(change.path == GONE for change in refreshed.changes):
        return _change(refreshed, Operation.DELETE, None, steps)
    if planned is None or planned.operation in _DOES_NOTHING:
        return None
    mended = {_property(change.path) for change in planned.changes}
    told = tuple(change for change in refreshed.changes if _property(change.path) in mended)
    return _change(refreshed, Operation.UPDATE, refreshed, steps, {change.path for change in told}) if told else None


def _change(step: Step, operation: Operation, differing: Step | None, steps: Mapping[str, Step],
            only: set[str] | None = None) -> ResourceChange:
    changes = differing.changes if differing is not None and operation in (Operation.UPDATE, Operation.REPLACE) else ()
    return ResourceChange(
        operation, step.type, step.name, _component(step, steps),
        tuple(found for each in changes if only is None or each.path in only for found in differences_of(each)),
        delete_before_replace=step.delete_before_replace)


def _component(step: Step, steps: Mapping[str, Step]) -> tuple[str, ...]:
    return components_around(step.parent or "", lambda urn: (
        (steps[urn].custom, steps[urn].parent or "") if urn in steps else (True, "")))


def _property(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
