"""Drift of `local`: the embedded engine reads the local cloud, and previews the project against what it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.console import note
from mlstead_toolkit.cli.local_place import local_place
from mlstead_toolkit.cli.local_stack import EventRelay, local_outputs, local_session
from mlstead_toolkit.project import Project

if TYPE_CHECKING:
    from mlstead_toolkit.review.report import CloudPlan


def local_drift(project: Project) -> CloudPlan | None:
    """Give what differs between the project's code and the local cloud; None where nothing is deployed."""
    if not local_outputs(project):
        return None
    with local_session(project, local_place(), EventRelay(), note) as session:
        from mlstead_toolkit.engine.errors import DeploymentFailed
        from mlstead_toolkit.review.cloud.drift import drift_of_plan

        try:
            plans = session.engine.preview(refresh=True)
        except DeploymentFailed as error:
            raise MlsteadError(error.what, where=error.where, fix=error.fix or "mend it there and run the same again; "
                               "nothing was changed") from error
        return drift_of_plan(next(plan for plan in plans if plan.project == project.name))
