"""`mlstead approve` and `mlstead promote`: from a registered version to the one that an environment serves."""

from __future__ import annotations

from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import Environment
from mlstead_toolkit.project import find_project

Version = Annotated[int, typer.Argument(min=1, metavar="VERSION", show_default=False,
                                        help="The version of the model package, as `mlstead train` printed it.")]


def approve(environment: Environment, version: Version) -> None:
    """Approve a version of the model: it may now be served."""
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import next_step, say
    from mlstead_toolkit.cli.metrics_view import headline
    from mlstead_toolkit.cli.model_registry import evaluation, require_version

    deployed = deployment(find_project(), environment)
    model = require_version(deployed, version)
    if model.approved:
        say(f"Version {version} was approved before; nothing changed.")
    else:
        deployed.client("sagemaker").update_model_package(ModelPackageArn=model.arn, ModelApprovalStatus="Approved")
        measured = headline(evaluation(deployed, model.arn)) or "not evaluated"
        say(f"Approved version {version} of {deployed.output('model_package_group')}: {measured}.")
    next_step(f"mlstead promote {environment} {version}")


def promote(environment: Environment, version: Version) -> None:
    """Write the version that an environment serves into its settings: one line, for a pull request."""
    from rich.text import Text

    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import next_step, out, say
    from mlstead_toolkit.cli.model_registry import RegistryError, require_version
    from mlstead_toolkit.cli.settings_line import write_model_version

    project = find_project()
    deployed = deployment(project, environment)
    model = require_version(deployed, version)
    if not model.approved:
        raise RegistryError(f"Version {version} is not approved ({model.approval}).", where=model.arn,
                            fix=f"mlstead approve {environment} {version}")
    file = project.settings_file(environment)
    change = write_model_version(file, project.name, version)
    if change is None:
        say(f"{file.relative_to(project.root)} names version {version} already; nothing changed.")
    else:
        console = out()
        console.print(Text(f"{file.relative_to(project.root)}:{change.number}", style="bold"))
        console.print(Text(f"- {change.before.strip()}", style="red"))
        console.print(Text(f"+ {change.after.strip()}", style="green"))
    if deployed.local:
        next_step(f"mlstead up {environment}")
    else:
        next_step("commit that line and open a pull request; once merged: mlstead up " + environment)
