"""What `destroy local` does: both stacks, the project's runs, its data; and what it says of what stays."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mlstead_toolkit.cli import project_traces
from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.confirmation import confirm
from mlstead_toolkit.cli.console import next_step, note, say, say_json
from mlstead_toolkit.cli.local_stack import EventRelay, foundation_outputs, local_outputs, local_session
from mlstead_toolkit.cli.plan_view import as_data
from mlstead_toolkit.cli.progress_view import ProgressView
from mlstead_toolkit.cli.project import FOUNDATION, LOCAL, Project, ProjectError
from mlstead_toolkit.home import home_directory

if TYPE_CHECKING:
    from mlstead_toolkit.engine.plan import Event, StackPlan


class Kept:
    """Passes events on, and keeps the notes: what a deletion left, such as a key pending deletion."""

    def __init__(self, view: ProgressView) -> None:
        self._view, self.notes = view, list[str]()

    def __call__(self, event: Event) -> None:
        """Take one event of the engine."""
        from mlstead_toolkit.engine.plan import StepFinished

        if isinstance(event, StepFinished) and event.note:
            self.notes.append(f"{event.step.name}: {event.note}")
        else:
            self._view(event)


def destroy_local(project: Project, *, yes: bool, json: bool) -> None:
    """Take the project's local stack down, and the foundation with it unless another project uses it."""
    from mlstead_toolkit.engine import dependent_stacks, stack_exists

    home, started = home_directory(), time.monotonic()
    exists = {name: stack_exists(home, name, LOCAL) for name in (project.name, FOUNDATION)}
    users = [name for name in dependent_stacks(home, FOUNDATION, LOCAL) if name != f"{project.name}/{LOCAL}"]
    if not exists[project.name] and (users or not exists[FOUNDATION]):
        raise ProjectError(f"Nothing of {project.name} is deployed in {LOCAL!r}.", where=str(home),
                           fix=f"mlstead up {LOCAL}")
    confirm(f"Everything that {project.name} has in {LOCAL} goes.", yes=yes, expected=LOCAL,
            command=f"mlstead destroy {LOCAL}")
    deployed, foundation = Deployment(project, LOCAL, local_outputs(project)), foundation_outputs()
    relay = EventRelay()
    with local_session(project, relay, note, with_foundation=not users, purge=yes) as session:
        traces = project_traces.collect(deployed)
        with ProgressView(json=json) as view:
            kept = Kept(view)
            relay.attach(kept)
            plans = session.destroy(unprotect=yes)
        project_traces.remove(deployed, traces, groups=not users)
        emptied = project_traces.remove_data(deployed, foundation) if users and yes else []
    if json:
        say_json(as_data(plans) | {"kept": kept.notes, "foundation_used_by": users})
        return
    _conclude(project, plans, kept.notes, users, emptied, time.monotonic() - started)


def _conclude(project: Project, plans: list[StackPlan], kept: list[str], users: list[str], emptied: list[str],
              seconds: float) -> None:
    gone = [step for plan in plans for step in plan.changes if step.custom]
    if lifted := [step.name for step in gone if step.protect]:
        say(f"--yes lifted the protection of {len(lifted)} and emptied them: {', '.join(sorted(lifted))}")
    for line in kept:
        say(f"Stays: {line}")
    if users:
        say(f"The foundation stays: {', '.join(users)} uses it." + (
            f" What {project.name} had in {', '.join(emptied)} is gone." if emptied else ""))
    say(f"{project.name} is gone from {LOCAL}: {len(gone)} resources in {seconds:.1f} s.", "bold")
    next_step(f"mlstead up {LOCAL} brings it back, empty; mlstead cloud stop ends the local cloud")
