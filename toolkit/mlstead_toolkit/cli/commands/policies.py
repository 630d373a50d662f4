"""`mlstead policies`: the rules, one rule, where Pulumi finds them, what they say of an environment, and exceptions."""

from __future__ import annotations

from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.project import LOCAL, find_project

app = typer.Typer(help="Look at the rules that nothing is deployed against, and at what they say of an environment.",
                  no_args_is_help=True, rich_markup_mode="markdown")

RuleName = Annotated[str, typer.Argument(metavar="RULE", show_default=False,
                                         help="Its name, as `mlstead policies list` prints it.")]
Within = Annotated[int, typer.Option("--within", min=0, metavar="DAYS",
                                     help="Mark what expires within so many days.")]


EXPIRED = 3
"""The exit code that tells an expired exception from a command that failed."""


@app.command("list")
def list_rules(json: AsJson = False) -> None:
    """List every rule: its level, what must hold, and the control that asks for it."""
    from mlstead_toolkit.cli.console import next_step, say_json
    from mlstead_toolkit.cli.rule_view import print_rules, rule_data
    from mlstead_toolkit.policies.catalogue import RULES

    if json:
        say_json([rule_data(rule) for rule in RULES])
        return
    print_rules(RULES)
    next_step("mlstead policies show RULE")


@app.command()
def show(rule: RuleName, json: AsJson = False) -> None:
    """Print one rule: what must hold, of what, where that is asked for, and what to do."""
    from mlstead_toolkit.cli.console import say_json
    from mlstead_toolkit.cli.rule_view import find_rule, print_rule, rule_data

    found = find_rule(rule)
    if json:
        say_json(rule_data(found))
    else:
        print_rule(found)


@app.command()
def path() -> None:
    """Print the folder of the policy pack: `pulumi preview --policy-pack "$(mlstead policies path)"`."""
    from mlstead_toolkit.home import home_directory
    from mlstead_toolkit.policies.pack.folder import pack_folder

    typer.echo(pack_folder(home_directory()))


@app.command()
def check(environment: Environment, json: AsJson = False) -> None:
    """Hold the rules against an environment as it would be after `mlstead up`: 0 where nothing stops it, else 1."""
    project = find_project()
    project.require(environment)
    if environment == LOCAL:
        from mlstead_toolkit.cli.local_deployment import check as check_local

        check_local(project, json=json)
    else:
        from mlstead_toolkit.cli.pulumi_deployment import check as check_with_pulumi

        check_with_pulumi(project, environment, json=json)


@app.command()
def exceptions(within: Within = 30, json: AsJson = False) -> None:
    """List what policy-exceptions.toml excepts, and until when; exit code 3 where some has expired."""
    import datetime

    from mlstead_toolkit.cli.console import say_json
    from mlstead_toolkit.cli.exception_view import Term, exception_data, listed, print_exceptions
    from mlstead_toolkit.policies.exceptions import find, read

    today = datetime.datetime.now(datetime.UTC).date()
    found = listed(read(find(find_project().infra), today=today), today, within)
    if json:
        say_json([exception_data(each) for each in found])
    else:
        print_exceptions(found)
    if any(each.term is Term.EXPIRED for each in found):
        raise typer.Exit(EXPIRED)
