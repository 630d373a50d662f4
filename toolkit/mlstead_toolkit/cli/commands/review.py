"""`mlstead review`: what a change of infra/ changes, widens, breaks and costs, before anything is deployed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson
from mlstead_toolkit.cli.review_format import ReviewFormat

Base = Annotated[str | None, typer.Option(
    metavar="REF", show_default=False,
    help="What to compare with: a branch, a tag or a commit; where the change has left it is found by git. "
         "Default: main, or the default branch of origin.")]
Environments = Annotated[list[str] | None, typer.Option(
    "--environment", "-e", metavar="ENV", show_default=False,
    help="Review this environment alone; may be repeated. Default: all that either side has settings for.")]
Format = Annotated[ReviewFormat, typer.Option(
    "--format",
    help="markdown: a comment of a pull request; html: a page; json: for a script; sarif: for code scanning.")]
Output = Annotated[Path | None, typer.Option(
    metavar="FILE", show_default=False, help="Write it there, and print the verdict alone.")]
FailOn = Annotated[str | None, typer.Option(
    metavar="VERDICT", show_default=False,
    help="The mildest verdict by which the command fails. Default: fail_on in [tool.mlstead.review] of pyproject.toml, "
         "else `cannot be deployed`.")]
Previews = Annotated[Path | None, typer.Option(
    metavar="DIR", show_default=False,
    help="A folder with ENV.json, from `pulumi preview --json`, and ENV.drift.json: what the cloud has joins in.")]


def review(base: Base = None, environment: Environments = None, form: Format = ReviewFormat.MARKDOWN,
           output: Output = None, fail_on: FailOn = None, previews: Previews = None, json: AsJson = False) -> None:
    """Review what the working tree changes in infra/, against where it has left a branch.

    It takes no account, no credentials and no Pulumi. Both sides are evaluated, each in its own locked environment, for
    every environment, and one document says what changes, who gains access, which rules are broken, and what it costs.

    The verdict is one or several of: safe · costs more · replaces · downtime · may lose data · widens access ·
    weakens a control · cannot be deployed. The exit code is 0 below the threshold (--fail-on), else 10 and the number
    of the worst: 11 costs more … 17 cannot be deployed. 1: no review, or the base could not be evaluated.
    """
    from mlstead_toolkit.cli import review_run as run
    from mlstead_toolkit.cli.console import note, say
    from mlstead_toolkit.cli.output_file import refuse_place, write
    from mlstead_toolkit.review.settings import threshold

    form = ReviewFormat.JSON if json else form
    asked = threshold(fail_on, "--fail-on") if fail_on is not None else None
    if output is not None:
        refuse_place(output)
    with run.ReviewProgress(quiet=form is ReviewFormat.JSON) as progress:
        found, settings = run.review_here(base, environment or (), previews, progress)
        text = run.document(found, form)
    if output is None:
        sys.stdout.write(text)
    else:
        write(output, text)
        say(found.words, "bold")
    code = run.exit_code(found, asked or settings.fail_on)
    if code == run.NOT_COMPARED:
        note("Not everything was compared: see the problems. Exit code 1.")
    elif code:
        note(f"It fails on {(asked or settings.fail_on).words} or worse. Exit code {code}.")
    raise typer.Exit(code)
