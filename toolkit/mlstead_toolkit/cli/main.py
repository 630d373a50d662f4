"""The entry point: the table of commands, and the one place where an error becomes a message and an exit code."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from mlstead_toolkit.cli.commands import (
    access,
    ci,
    cloud,
    compilation,
    data,
    destroy,
    doctor,
    environment,
    logs,
    model,
    new,
    notebook,
    outputs,
    policies,
    predict,
    review,
    settings,
    status,
    train,
    up,
)

app = typer.Typer(
    name="mlstead",
    help="Stand up a machine-learning project on AWS: secure, reviewed, and the same on this machine, with no account.",
    epilog="Start with: mlstead new flight-delays --defaults. Everything else is typed inside the project's folder.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

INTERRUPTED = 130
PROJECT, LIFECYCLE, LOOK, DELIVERY = "Start", "The life of a model", "Look around", "Review and delivery"

app.command("new", rich_help_panel=PROJECT)(new.new)
app.command("up", rich_help_panel=PROJECT)(up.up)
app.command("preview", rich_help_panel=PROJECT)(up.preview)
app.command("review", rich_help_panel=PROJECT)(review.review)
app.command("destroy", rich_help_panel=PROJECT)(destroy.destroy)
app.add_typer(data.app, name="data", rich_help_panel=LIFECYCLE)
app.command("compile", rich_help_panel=LIFECYCLE)(compilation.compile_pipelines)
app.command("train", rich_help_panel=LIFECYCLE)(train.train)
app.command("approve", rich_help_panel=LIFECYCLE)(model.approve)
app.command("promote", rich_help_panel=LIFECYCLE)(model.promote)
app.command("notebook", rich_help_panel=LIFECYCLE)(notebook.notebook)
app.command("predict", rich_help_panel=LIFECYCLE)(predict.predict)
app.command("status", rich_help_panel=LOOK)(status.status)
app.command("outputs", rich_help_panel=LOOK)(outputs.outputs)
app.command("settings", rich_help_panel=LOOK)(settings.settings)
app.add_typer(policies.app, name="policies", rich_help_panel=LOOK)
app.command("logs", rich_help_panel=LOOK)(logs.logs)
app.command("env", rich_help_panel=LOOK)(environment.env)
app.command("doctor", rich_help_panel=LOOK)(doctor.doctor)
app.add_typer(access.app, name="access", rich_help_panel=LOOK)
app.add_typer(cloud.app, name="cloud", rich_help_panel=LOOK)
app.add_typer(ci.app, name="ci", rich_help_panel=DELIVERY)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"mlstead {version('mlstead')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True,
                                          callback=_print_version)] = False,
) -> None:
    """Hold the options that every command shares."""


def main() -> None:
    """Run one command; end with 0, 1 (it failed), 2 (mistyped), 70 (a defect of ours) or 130 (interrupted)."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell: >&-
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that knows no arrows still gets the text
    try:
        app(prog_name="mlstead")
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, KeyboardInterrupt) or end.code == INTERRUPTED:  # typer makes the one the other
            sys.stderr.write("Interrupted.\n")
            sys.exit(INTERRUPTED)
        raise
    except Exception as error:
        from mlstead_toolkit.cli.failure import report

        sys.exit(report(error))
