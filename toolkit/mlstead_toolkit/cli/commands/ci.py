"""`mlstead ci …`: what the jobs of GitHub Actions and GitLab CI do besides, each the same when it is typed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", help=(
    "What CI does beside lint, tests and `up`: comments, issues, promotions, smoke tests, lead time. "
    "On GitHub and GitLab alike, by the variables of their jobs; elsewhere it prints what it would write there."))

Text = Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="The text, Markdown.")]
Marker = Annotated[str, typer.Option("--marker", help="What tells this text from the others there: small letters.")]
Number = Annotated[int | None, typer.Option(
    "--number", min=1, show_default=False,
    help="Of the pull or merge request. Default: the one that the job runs for; a workflow_run has none.")]
Title = Annotated[str, typer.Argument(metavar="TITLE", show_default=False, help="The issue's title.")]
IssueText = Annotated[Path | None, typer.Argument(
    metavar="[FILE]", show_default=False, help="The issue's text, Markdown; with --resolved, what is said at the end.")]
Resolved = Annotated[bool, typer.Option("--resolved", help="Close the issue instead, where there is an open one.")]
Tag = Annotated[str | None, typer.Option("--tag", show_default=False, help="The image's tag: the commit.")]
Digest = Annotated[str | None, typer.Option(
    "--digest", show_default=False, help="The image's digest, sha256:…, as the push printed it.")]
AsDeployed = Annotated[bool, typer.Option(
    "--as-deployed", help="The image that is deployed now, so that a preview tells everything but another image.")]
Timeout = Annotated[int, typer.Option("--timeout", min=1, help="How long to wait for the endpoint, in seconds.")]
Since = Annotated[str | None, typer.Option(
    "--since", show_default=False,
    help="The commit that was deployed before. Default: what `mlstead ci image ENV --tag …` found deployed.")]

DriftText = Annotated[Path | None, typer.Option(
    "--output", "-o", metavar="FILE", show_default=False, help="Write the text there. Default: to the terminal.")]


@app.command()
def comment(text: Text, marker: Marker = "review", number: Number = None) -> None:
    """Write one comment of the pull or merge request: made at first, then updated, found by its marker.

    Needs `pull-requests: write` on GitHub; on GitLab a token of scope api in MLSTEAD_FORGE_TOKEN, since a job's own
    token may not comment.
    """
    from mlstead_toolkit.cli.ci_texts import write_comment

    write_comment(text, marker, number)


@app.command()
def issue(title: Title, text: IssueText = None, marker: Marker = "drift", resolved: Resolved = False) -> None:
    """Open one issue, or update or reopen the one of this marker; --resolved closes it.

    Needs `issues: write` on GitHub; on GitLab a token of scope api in MLSTEAD_FORGE_TOKEN.
    """
    from mlstead_toolkit.cli.ci_texts import close_issue, write_issue

    if resolved:
        close_issue(text, marker)
    elif text is None:
        raise typer.BadParameter("give the file with the issue's text, or --resolved", param_hint="FILE")
    else:
        write_issue(title, text, marker)


@app.command()
def image(environment: Environment, tag: Tag = None, digest: Digest = None, as_deployed: AsDeployed = False) -> None:
    """Write into this checkout which image `up` or `preview` of an environment runs, without a commit.

    It is one line of Pulumi.ENV.yaml. With --tag it also notes the commit that is deployed so far, as the git reference
    refs/mlstead/deployed/ENV of this checkout: `mlstead ci lead-time ENV` counts from there.
    """
    from mlstead_toolkit.cli.ci_image import choose_image, keep_image

    if as_deployed == (tag is not None) or (digest is not None and tag is None):
        raise typer.BadParameter("give --tag, and --digest where there is a registry; or --as-deployed",
                                 param_hint="--tag")
    if tag is None:
        keep_image(environment)
    else:
        choose_image(environment, tag, digest)


@app.command()
def promote(environment: Environment) -> None:
    """Open the pull request that promotes the newest approved version, where it is newer than the settings' line.

    The branch promote/ENV-VERSION changes that one line; the text has the model's metrics beside those of the version
    served, and where it comes from. Pull requests for older versions are closed. Nothing to do ends with 0.

    Needs `contents: write` and `pull-requests: write`, and a sign-in that reads the registry and its evaluations: CI's
    deploy role becomes the project's role delivery for that, and in local that role signs, too. The workflows of what
    GitHub's own token opens wait for somebody's approval, or do not run: the token of an app in MLSTEAD_FORGE_TOKEN
    lets the review run by itself.
    """
    from mlstead_toolkit.cli.ci_promotion import promote as open_promotion

    open_promotion(environment)


@app.command()
def drift(environment: Environment, output: DriftText = None, json: AsJson = False) -> None:
    """Tell what an environment's cloud has otherwise than its code, as Markdown; nothing is changed.

    Apart stand what was changed by no deployment, and what is in the code and not deployed. Ends with 0 where nothing
    differs or nothing is deployed yet, and with 3 where something does. In a real account it takes the Pulumi CLI and
    a sign-in that reads the account and the state: the plan role.
    """
    from mlstead_toolkit.cli.ci_drift import drift as tell

    raise typer.Exit(tell(environment, output, json=json))


@app.command()
def smoke(environment: Environment, timeout: Timeout = 300, json: AsJson = False) -> None:
    """Ask the endpoint once after a deployment: it serves the settings' version, and answers as predictions look.

    Where no model is promoted yet there is nothing to ask: it says so, and ends with 0. CI's deploy role becomes the
    project's role delivery to ask; in local that role signs, too.
    """
    from mlstead_toolkit.cli.ci_smoke import smoke as ask

    ask(environment, timeout, json=json)


@app.command("lead-time")
def lead_time(environment: Environment, since: Since = None, json: AsJson = False) -> None:
    """Say how long the commits that this deployment brings took from being written to being in service.

    For the commits after --since up to HEAD; a first deployment counts HEAD alone. It is told to the job's summary,
    too. The checkout needs its history (fetch-depth: 0, GIT_DEPTH: 0).
    """
    from mlstead_toolkit.cli.ci_lead_time import lead_time as tell

    tell(environment, since, json=json)
