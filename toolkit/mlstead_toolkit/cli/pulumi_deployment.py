"""What `up` and `preview` do in a real account: Pulumi shows, asks and applies."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli import weakening_view
from mlstead_toolkit.cli.confirmation import confirm
from mlstead_toolkit.cli.console import interactive, next_step, note, say, say_json
from mlstead_toolkit.cli.pulumi_policies import found, policy_packs
from mlstead_toolkit.cli.pulumi_stack import guarded, open_stack
from mlstead_toolkit.project import Project, ProjectError

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent, PreviewResult, Stack


def deploy(project: Project, environment: str, *, apply: bool, refresh: bool, diff: bool, yes: bool,
           json: bool) -> None:
    """Preview the project's stack with Pulumi and, when asked to apply and told yes, bring it up."""
    if apply and not yes and not interactive():
        raise ProjectError(f"Nobody is here to confirm a change of {environment!r}.", where="standard input",
                           fix=f"look at mlstead preview {environment} first, then mlstead up {environment} --yes")
    stack = open_stack(project, environment, note)
    show = _to_stderr if json else _to_stdout
    events: list[EngineEvent] = []
    planned = _preview(stack, project, environment, events, show, refresh=refresh, diff=diff, json=json)
    weakenings = weakening_view.previewed(project.name, events)
    if not json:
        weakening_view.show(weakenings)
    if not apply:
        if json:
            say_json({"stack": environment, "summary": planned.change_summary,
                      "weakenings": weakening_view.as_data(weakenings), "policies": {"findings": found(events)}})
        return
    if not yes and not _confirmed(environment):
        say("Nothing was changed.")
        return
    events.clear()
    result = guarded(lambda: stack.up(on_output=show, on_event=events.append, refresh=refresh, diff=diff,
                                      policy_packs=policy_packs(project)), environment)
    outputs: dict[str, Any] = {name: "[secret]" if output.secret else output.value
                               for name, output in result.outputs.items()}
    if json:
        changes = json_format.loads(json_format.dumps(result.summary.resource_changes))
        say_json({"stack": environment, "summary": changes, "outputs": outputs,
                  "weakenings": weakening_view.as_data(weakenings), "policies": {"findings": found(events)}})
    else:
        next_step(str(outputs.get("next_step") or f"mlstead status {environment}"))


def check(project: Project, environment: str, *, json: bool) -> None:
    """Show what the rules say of the project's stack as it would be: Pulumi lists it below its preview."""
    events: list[EngineEvent] = []
    stack = open_stack(project, environment, note)
    try:
        _preview(stack, project, environment, events, _to_stderr, json=False)
    finally:
        if json:
            say_json({"findings": found(events)})
    if not json:
        say("Nothing stops a deployment.")


def _preview(stack: Stack, project: Project, environment: str, events: list[EngineEvent],
             show: Callable[[str], None], *, json: bool, refresh: bool = False, diff: bool = False) -> PreviewResult:
    """Have Pulumi preview, under the rules; for a script, what they said stands on stdout where that fails, too."""
    try:
        return guarded(lambda: stack.preview(on_output=show, on_event=events.append, refresh=refresh, diff=diff,
                                             policy_packs=policy_packs(project)), environment)
    except MlsteadError:
        if json and (said := found(events)):
            say_json({"stack": environment, "policies": {"findings": said}})
        raise


def _confirmed(environment: str) -> bool:
    import typer

    return typer.confirm(f"Apply this to {environment}?")


def _to_stdout(line: str) -> None:
    sys.stdout.write(line if line.endswith("\n") else f"{line}\n")


def _to_stderr(line: str) -> None:
    sys.stderr.write(line if line.endswith("\n") else f"{line}\n")


def destroy(project: Project, environment: str, *, yes: bool, json: bool) -> None:
    """Take the project's stack down with Pulumi, which refuses what is protected."""
    confirm(f"Everything that {project.name} has in {environment} goes.", yes=yes, expected=environment,
            command=f"mlstead destroy {environment}")
    stack = open_stack(project, environment, note)
    result = guarded(lambda: stack.destroy(on_output=_to_stderr if json else _to_stdout), environment)
    changes = json_format.loads(json_format.dumps(result.summary.resource_changes))
    if json:
        say_json({"stack": environment, "summary": changes})
    else:
        next_step(f"mlstead up {environment} brings it back")
