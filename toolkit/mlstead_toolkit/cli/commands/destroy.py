"""`mlstead destroy`: take an environment down, and say what stays."""

from __future__ import annotations

from mlstead_toolkit.cli.arguments import AsJson, Environment, On, Yes
from mlstead_toolkit.cli.local_place import LocalTarget, local_place, refuse_target
from mlstead_toolkit.project import LOCAL, find_project


def destroy(environment: Environment, yes: Yes = False, target: On = LocalTarget.LOCAL, json: AsJson = False) -> None:
    """Take down everything that the environment has, and say what stays.

    What is protected stops it before anything is touched. For `local` alone, --yes lifts the protection and empties
    what is not empty, and says so. A foundation that another project uses stays.
    """
    project = find_project()
    project.require(environment)
    refuse_target(environment, target)
    if environment == LOCAL:
        from mlstead_toolkit.cli.local_destruction import destroy_local

        destroy_local(project, local_place(target), yes=yes, json=json)
    else:
        from mlstead_toolkit.cli.pulumi_deployment import destroy as destroy_with_pulumi

        destroy_with_pulumi(project, environment, yes=yes, json=json)
