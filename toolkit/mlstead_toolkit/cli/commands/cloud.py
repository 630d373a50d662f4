"""`mlstead cloud …`: the local cloud itself, which starts by itself when something needs it."""

from __future__ import annotations

from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, On, Yes
from mlstead_toolkit.cli.local_place import LocalTarget, local_place

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown",
                  help="The local cloud: AWS's API on this machine, for `local`. It starts by itself when needed.")

Lines = Annotated[int, typer.Option("--lines", "-n", min=1, help="How many of the last lines.")]


@app.command()
def start() -> None:
    """Start the local cloud, unless it runs."""
    from mlstead_toolkit.cli.console import next_step, say
    from mlstead_toolkit.cloud import control
    from mlstead_toolkit.home import cloud_port, home_directory

    found = control.ensure_running(home_directory(), cloud_port())
    say(f"The local cloud answers on {found.endpoint} (process {found.pid}).")
    next_step("mlstead up local")


@app.command()
def stop(target: On = LocalTarget.LOCAL) -> None:
    """Stop the local cloud; `mlstead up local` brings back what was in it, except data and models."""
    from mlstead_toolkit.cli.console import say
    from mlstead_toolkit.cli.provider_server import stop_serving
    from mlstead_toolkit.cloud import control

    place = local_place(target)
    ran = control.status(place.home, place.port).running
    control.stop(place.home, place.port)
    stop_serving(place.home)
    say("The local cloud has stopped." if ran else "The local cloud did not run.")


@app.command()
def status(target: On = LocalTarget.LOCAL, json: AsJson = False) -> None:
    """Say whether the local cloud runs, and what runs in it."""
    from dataclasses import asdict

    from mlstead_toolkit.cli.console import say, say_json
    from mlstead_toolkit.cloud import control

    place = local_place(target)
    found = control.status(place.home, place.port)
    if json:
        say_json(asdict(found))
    elif found.running:
        say(f"The local cloud answers on {found.endpoint} (process {found.pid}): "
            f"{found.jobs_running} jobs running, {found.endpoints} endpoints.")
    else:
        say(f"The local cloud does not run ({found.endpoint}); mlstead up {place.words} starts it.")


@app.command()
def logs(lines: Lines = 50, target: On = LocalTarget.LOCAL) -> None:
    """Print the last lines that the local cloud itself wrote."""
    from mlstead_toolkit.cli.console import note, out
    from mlstead_toolkit.cloud import control

    file = control.log_path(local_place(target).home)
    if not file.is_file():
        note("The local cloud has written nothing yet.")
        return
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]:
        out().print(line, markup=False)


@app.command()
def reset(yes: Yes = False) -> None:
    """Forget everything in the local cloud: data, models, endpoints, of every project on this machine."""
    from mlstead_toolkit.cli.confirmation import confirm
    from mlstead_toolkit.cli.console import next_step, say
    from mlstead_toolkit.cloud import control
    from mlstead_toolkit.home import cloud_port, home_directory

    confirm("Forget everything in the local cloud, of every project on this machine?", yes=yes,
            command="mlstead cloud reset")
    control.reset(home_directory(), cloud_port())
    say("The local cloud is empty.")
    next_step("mlstead up local brings back what infra/ says")
