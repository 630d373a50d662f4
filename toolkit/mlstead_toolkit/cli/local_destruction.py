"""What `destroy local` does: both stacks, the project's runs, its data; and what it says of what stays."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli import project_traces
from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.confirmation import confirm
from mlstead_toolkit.cli.console import next_step, note, say, say_json
from mlstead_toolkit.cli.local_place import LocalPlace, LocalTarget
from mlstead_toolkit.cli.local_stack import foundation_source
from mlstead_toolkit.cli.plan_view import as_data
from mlstead_toolkit.cli.progress_view import ProgressView
from mlstead_toolkit.project import FOUNDATION, LOCAL, Project, ProjectError, acting_as

if TYPE_CHECKING:
    from mlstead_toolkit.engine.plan import Event, StackPlan


class ProtectedError(MlsteadError):
    """Something that would go is protected."""


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


def destroy_local(project: Project, place: LocalPlace, *, yes: bool, json: bool) -> None:
    """Take the project's local stack down, and the foundation with it unless another project uses it."""
    from mlstead_toolkit.engine import Session, StackSource

    home, command, started = place.home, f"mlstead destroy {place.words}", time.monotonic()
    users, acting = _other_users(home, project), acting_as()
    stacks = _existing(home, [project.name] if users or acting else [FOUNDATION, project.name])
    if not stacks:
        raise ProjectError(f"Nothing of {project.name} is deployed in {LOCAL!r}.", where=str(home),
                           fix=f"mlstead up {place.words}")
    if not yes:
        _refuse_protected(home, stacks, command)
    confirm(f"Everything that {project.name} has in {LOCAL} goes.", yes=yes, expected=LOCAL, command=command)
    place.start()
    # What runs have left stays in a real account; here it goes, and that is no business of the role that destroys.
    deployed = Deployment(project, LOCAL, place.outputs(project.name), place, signer="")
    foundation = place.outputs(FOUNDATION)
    runs = place.localstack is None
    traces = project_traces.collect(deployed) if runs else project_traces.Traces()
    if acting and yes:
        project_traces.remove_models(deployed)
    sources = [foundation_source() if name == FOUNDATION else StackSource(project.infra, LOCAL, Path(sys.executable))
               for name in stacks]
    try:
        with ProgressView(json=json) as view:
            kept = Kept(view)
            with Session(sources, home=home, provider=place.provider(project.name, purge=yes and not acting),
                         on_event=kept, programs=False) as session:
                plans = session.destroy(unprotect=yes)
    except KeyboardInterrupt:
        note(f"What was deleted is recorded; {command} goes on from there, mlstead up {place.words} brings it back.")
        raise
    if runs:
        project_traces.remove(deployed, traces, groups=not users)
    emptied = project_traces.remove_data(deployed, foundation) if (users or acting) and yes else []
    if json:
        say_json(as_data(plans) | {"kept": kept.notes, "foundation_used_by": users})
        return
    _conclude(project, place, plans, kept.notes, users, emptied, time.monotonic() - started)


def _other_users(home: Path, project: Project) -> list[str]:
    """Name the other projects on this machine whose stacks read the foundation's outputs."""
    from mlstead_toolkit.engine import stacks_referring_to

    return sorted({name for name, _ in stacks_referring_to(home, FOUNDATION, LOCAL) if name != project.name})


def _existing(home: Path, names: list[str]) -> list[str]:
    from mlstead_toolkit.engine import stack_exists

    return [name for name in names if stack_exists(home, name, LOCAL)]


def _refuse_protected(home: Path, stacks: list[str], command: str) -> None:
    """Refuse before anybody is asked, since the answer would not help."""
    from mlstead_toolkit.engine.stack_store import StackStore

    protected = [f"{resource.urn.rsplit('::', 1)[-1]} ({resource.type})" for name in stacks
                 for resource in StackStore(home, name, LOCAL).load().resources if resource.protect]
    if protected:
        raise ProtectedError(f"{len(protected)} of its resources are protected, so nothing was touched: "
                             f"{', '.join(protected)}.", where=f"{', '.join(stacks)} in {LOCAL}",
                             fix=f"to lose them and what is in them: {command} --yes")


def _conclude(project: Project, place: LocalPlace, plans: list[StackPlan], kept: list[str], users: list[str],
              emptied: list[str], seconds: float) -> None:
    gone = [step for plan in plans for step in plan.changes if step.custom]
    if lifted := [step.name for step in gone if step.protect]:
        say(f"--yes lifted the protection of {len(lifted)} and emptied them: {', '.join(sorted(lifted))}")
    for line in sorted(kept):
        say(f"Stays: {line}")
    if users or acting_as():
        why = f"{', '.join(users)} use{'s' if len(users) == 1 else ''} it" if users else f"it is not {acting_as()}'s"
        say(f"The foundation stays: {why}." + (
            f" What {project.name} had in {', '.join(emptied)} is gone." if emptied else ""))
    say(f"{project.name} is gone from {LOCAL}: {len(gone)} resources in {seconds:.1f} s.", "bold")
    stop = "mlstead cloud stop" + ("" if place.localstack is None else f" --target {LocalTarget.LOCALSTACK}")
    next_step(f"mlstead up {place.words} brings it back, empty; {stop} ends the local cloud")
