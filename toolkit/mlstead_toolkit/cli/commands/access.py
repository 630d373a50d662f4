"""`mlstead access`: which roles a project has, what one may do, and what of that was used."""

from __future__ import annotations

from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.project import find_project

app = typer.Typer(help="Ask who may do what, by the policies as they are deployed.", no_args_is_help=True,
                  rich_markup_mode="markdown")

Role = Annotated[str, typer.Argument(
    metavar="ROLE", show_default=False, help="Its use, as `mlstead access roles` lists it, its name or its ARN.")]
Action = Annotated[str, typer.Argument(
    metavar="ACTION", show_default=False, help="As policies name it: s3:GetObject.")]
Resource = Annotated[str | None, typer.Argument(
    metavar="[RESOURCE]", show_default=False,
    help="An ARN; curated/flights/x.parquet, which is below the project's prefix in the zone; curated, the zone's "
         "bucket; or the use of a role. Default: *, for actions that know no resource.")]
Circumstances = Annotated[list[str] | None, typer.Option(
    "--context", metavar="KEY=VALUE", show_default=False,
    help="A context key of the call, such as iam:PassedToService=sagemaker.amazonaws.com; may be repeated. Jobs call "
         "from the foundation's network, people from outside of it: aws:SourceVpce= changes that.")]
Never = Annotated[bool, typer.Option("--never", help="Show only what nothing has used.")]


@app.command()
def roles(environment: Environment, json: AsJson = False) -> None:
    """List the project's roles: what each is for, who may assume it, what is granted to it."""
    from mlstead_toolkit.access.deployed import read_role
    from mlstead_toolkit.cli.access_question import named_roles
    from mlstead_toolkit.cli.access_view import print_roles, role_data
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import next_step, say_json

    deployed = deployment(find_project(), environment)
    found = sorted((read_role(deployed.client, one.arn) for one in named_roles(deployed)), key=lambda role: role.use)
    if json:
        say_json([role_data(role) for role in found])
        return
    print_roles(found)
    next_step(f"mlstead access can {environment} ROLE ACTION RESOURCE")


@app.command()
def can(environment: Environment, role: Role, action: Action, resource: Resource = None,
        context: Circumstances = None, json: AsJson = False) -> None:
    """Say whether a role may do something, and which statement decides: 0 where it may, 1 where not.

    Decided by its policies and its permissions boundary, the policy of the resource, that of the VPC endpoint, and for
    objects by that of their key, as they are deployed. Policies of an organisation are not seen.
    """
    from mlstead_toolkit.access.deployed import Identity
    from mlstead_toolkit.cli import access_question as question
    from mlstead_toolkit.cli.access_view import answer_data, print_answer
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import say, say_json

    deployed = deployment(find_project(), environment)
    who, asked = question.role(deployed, role), question.action(action)
    on = question.resource(deployed, resource, who.arn.split(":")[1])
    answer = question.policies(deployed).decide(Identity.of_role(who), asked, on, question.context(context or []))
    if json:
        say_json(answer_data(who, answer))
    else:
        print_answer(who, answer)
        if resource is None and not answer.allowed:
            say("  Asked of no resource; where the action has one, name it.")
    if not answer.allowed:
        raise typer.Exit(1)


@app.command()
def used(environment: Environment, never: Never = False, json: AsJson = False) -> None:
    """Say how often each action that is granted to a role was used since the local cloud has started."""
    from mlstead_toolkit.access.deployed import read_role
    from mlstead_toolkit.access.deployed.usage import usage
    from mlstead_toolkit.cli.access_question import named_roles, trail
    from mlstead_toolkit.cli.access_view import print_usage, usage_data
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import say_json

    deployed = deployment(find_project(), environment)
    calls = trail(deployed)
    found = usage([read_role(deployed.client, one.arn) for one in named_roles(deployed)], calls)
    if json:
        say_json(usage_data(found))
    else:
        print_usage(found, never=never)
