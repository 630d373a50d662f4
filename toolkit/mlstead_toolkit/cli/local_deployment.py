"""What `up local` and `preview local` do: plan both stacks, show it, and apply what changes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.local_place import LocalPlace
from mlstead_toolkit.cli.local_stack import EventRelay, LocalSession, local_session
from mlstead_toolkit.project import LOCAL, Project

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlstead_toolkit.engine.plan import StackPlan
    from mlstead_toolkit.engine.values import Properties


class PlanFailed(MlsteadError):
    """The plan cannot be made."""


def deploy(project: Project, place: LocalPlace, *, apply: bool, refresh: bool, diff: bool, json: bool) -> None:
    """Bring the local foundation and the project up, or show what that would change."""
    started = time.monotonic()
    relay = EventRelay()
    with local_session(project, place, relay, _progress(json=json)) as session:
        from mlstead_toolkit.cli import policy_view
        from mlstead_toolkit.cli.console import next_step, say_json
        from mlstead_toolkit.cli.plan_view import as_data, print_plans
        from mlstead_toolkit.cli.progress_view import ProgressView

        relay.attach(ProgressView(json=json))
        plans, reports = _preview(session, refresh=refresh, diff=diff, json=json), session.reports
        if not json:
            print_plans(plans, everything=diff)
            policy_view.show(reports, everything=diff)
        elif any(report.stops for report in reports):
            say_json(as_data(plans) | {"policies": policy_view.as_data(reports)})
        policy_view.refuse(reports, f"then mlstead {'up' if apply else 'preview'} {place.words}")
        total = sum(step.custom for plan in plans for step in plan.changes)
        if apply:
            session.register_image(_outputs(project, plans))  # an endpoint that comes up runs it
            if any(plan.changes for plan in plans):
                plans = _apply(session, place, relay, total, refresh=refresh, json=json)
    if json:
        say_json(as_data(plans) | {"policies": policy_view.as_data(session.reports)})
    elif apply:
        policy_view.show_later(reports, session.reports)
        _conclude(project, place, plans, total, time.monotonic() - started)
    elif total:
        next_step(f"mlstead up {place.words} applies this")


def check(project: Project, *, json: bool) -> None:
    """Show what the rules say of the local foundation and the project as they would be."""
    from mlstead_toolkit.cli.local_place import local_place

    relay = EventRelay()
    with local_session(project, local_place(), relay, _progress(json=json)) as session:
        from mlstead_toolkit.cli import policy_view
        from mlstead_toolkit.cli.console import say, say_json
        from mlstead_toolkit.cli.progress_view import ProgressView

        relay.attach(ProgressView(json=json))
        _preview(session, refresh=False, diff=False, json=True)
        if json:
            say_json(policy_view.as_data(session.reports))
        else:
            policy_view.show(session.reports, everything=True)
        policy_view.refuse(session.reports, f"then mlstead policies check {LOCAL}")
        if not json:
            say("Nothing stops a deployment.")


def _preview(session: LocalSession, *, refresh: bool, diff: bool, json: bool) -> Sequence[StackPlan]:
    """Plan; where the plan fails, what is known of it is shown before the reasons are."""
    from mlstead_toolkit.cli.plan_view import print_plans
    from mlstead_toolkit.engine.errors import DeploymentFailed

    try:
        return session.engine.preview(refresh=refresh)
    except DeploymentFailed as error:
        if not json and any(plan.changes for plan in error.plans):
            print_plans(error.plans, everything=diff)
        if "fix: " in error.what:
            raise
        raise PlanFailed(error.what, fix="mend it there and run the same again; nothing was changed") from error


def _apply(session: LocalSession, place: LocalPlace, relay: EventRelay, total: int, *, refresh: bool, json: bool
           ) -> Sequence[StackPlan]:
    from mlstead_toolkit.cli.console import note
    from mlstead_toolkit.cli.progress_view import ProgressView

    if not json:
        note(f"Applying {_changes(total)} …")
    try:
        with ProgressView(total, json=json) as view:
            relay.attach(view)
            return session.engine.up(refresh=refresh)
    except KeyboardInterrupt:
        note(f"What was done is recorded; mlstead up {place.words} goes on from there.")
        raise


def _conclude(project: Project, place: LocalPlace, plans: Sequence[StackPlan], changes: int, seconds: float) -> None:
    from mlstead_toolkit.cli.console import next_step, say

    declared = sorted({step.type for plan in plans for step in plan.steps if step.declared_only})
    if declared:
        say(f"Declared only (nothing here emulates them): {', '.join(declared)}")
    where = LOCAL if place.localstack is None else f"{LOCAL}, on LocalStack at {place.localstack}"
    if changes:
        say(f"{project.name} is up in {where}: {_changes(changes)} in {seconds:.1f} s.", "bold")
    if place.localstack is not None:
        say("It is deployed, and nothing runs in it: jobs, pipelines and endpoints run on the local cloud alone.")
        next_step(f"mlstead up {LOCAL} brings up what runs; mlstead destroy {place.words} takes this down")
        return
    # "no model is served yet; type: mlstead train local"
    step = str(_outputs(project, plans).get("next_step") or f"mlstead status {LOCAL}")
    reason, _, command = step.rpartition("type: ")
    if reason:
        say(f"{reason[:1].upper()}{reason[1:].rstrip('; ')}.")
    next_step(command)


def _changes(number: int) -> str:
    return f"{number} change{'' if number == 1 else 's'}"


def _outputs(project: Project, plans: Sequence[StackPlan]) -> Properties:
    return next((plan.outputs for plan in plans if plan.project == project.name), {})


def _progress(*, json: bool) -> Callable[[str], None]:
    def tell(text: str) -> None:
        from mlstead_toolkit.cli.console import note

        if not json:
            note(text)

    return tell
