"""`mlstead ci drift`: what an environment's cloud has otherwise than its code, as the text of an issue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlstead_toolkit.cli.console import next_step, out, say, say_json
from mlstead_toolkit.cli.output_file import refuse_place, write
from mlstead_toolkit.forge.summary import add_to_summary
from mlstead_toolkit.project import LOCAL, Project, find_project

if TYPE_CHECKING:
    from mlstead_toolkit.review.report import CloudPlan

DRIFT = 3
"""The exit code where there is any."""


def drift(environment: str, file: Path | None, *, json: bool) -> int:
    """Compare an environment with its code, tell what differs, and give the exit code."""
    project = find_project()
    project.require(environment)
    if file is not None:
        refuse_place(file)
    found = _find(project, environment)
    differs = bool(found is not None and (found.drift or found.changes))
    text = _text(project, environment, found)
    if file is not None:
        write(file, text)
    if json:
        say_json(_data(environment, found))
    elif file is None:
        out().print(text.rstrip(), markup=False)
    else:
        say(f"{project.name} in {environment}: {found.summary if found else 'nothing is deployed yet'}; see {file}")
    add_to_summary(text)
    if differs and not json:
        next_step(f"mlstead up {environment} --refresh makes the cloud what the code says; "
                  "or write into infra/ what is to stay")
    return DRIFT if differs else 0


def _find(project: Project, environment: str) -> CloudPlan | None:
    """Give what differs; None where nothing is deployed yet."""
    if environment == LOCAL:
        from mlstead_toolkit.cli.ci_drift_local import local_drift

        return local_drift(project)
    from mlstead_toolkit.cli.ci_drift_pulumi import pulumi_drift

    return pulumi_drift(project, environment)


def _text(project: Project, environment: str, found: CloudPlan | None) -> str:
    from mlstead_toolkit.review.rendering.blocks import Block, Code, Heading, Paragraph
    from mlstead_toolkit.review.rendering.markdown_writer import written
    from mlstead_toolkit.review.rendering.room import EVERYTHING
    from mlstead_toolkit.review.rendering.sections.changes import by_component

    where = (Code(project.name), f" in {environment}: ")
    if found is None:
        return written([Heading(2, (*where, "nothing is deployed yet"))]) + "\n"
    told: list[Block] = [Heading(2, (*where, found.summary))]
    if found.drift:
        told += [Paragraph(("Changed in the cloud, by no deployment:",)), *by_component(found.drift, EVERYTHING)]
    if found.changes:
        told += [Paragraph(("In the code, and not deployed:",)), *by_component(found.changes, EVERYTHING)]
    if len(told) > 1:
        told.append(Paragraph((Code(f"mlstead up {environment} --refresh"), " makes the cloud what the code says. "
                               "What is to stay belongs into infra/, by a pull request.")))
    return written(told) + "\n"


def _data(environment: str, found: CloudPlan | None) -> dict[str, object]:
    """Give it as `mlstead review --format json` tells an environment's `cloud`."""
    from mlstead_toolkit.review.rendering import as_json
    from mlstead_toolkit.review.report import EnvironmentReview, Review

    review = Review("", "", "", (EnvironmentReview(environment, (), (), 0, cloud=found),))
    return {"environment": environment, "cloud": as_json(review)["environments"][0]["cloud"]}
