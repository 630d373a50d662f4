"""Pulumi's previews, joined to the review of the code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.review.cloud.beyond import beyond
from mlstead_toolkit.review.cloud.pulumi_plan import NoPlan, PulumiPlan, read_plan
from mlstead_toolkit.review.cloud.step_change import changes_in
from mlstead_toolkit.review.report import CloudPlan, EnvironmentReview, ResourceChange, Review

_WORDS = {"create": "to create", "update": "to update", "replace": "to replace", "delete": "to delete",
          "import": "to import", "same": "unchanged"}


def with_previews(review: Review, folder: Path) -> Review:
    """Give the review with the `cloud` of each environment that has a preview: what the code does not say.

    Args:
        review: of the code alone.
        folder: has <environment>.json, which `pulumi preview --json` has written, and <environment>.drift.json, which
            `pulumi refresh --preview-only --json` has; what it lacks has none. Empty, it changes nothing.

    Raises:
        MlsteadError: there is no such folder, or a preview is of another project or environment.
    """
    if not folder.is_dir():
        raise MlsteadError("There is no such folder of previews.", where=str(folder),
                           fix=f"mkdir -p {folder}; it may be empty")
    return replace(review, environments=tuple(
        replace(each, cloud=_cloud(each, review.project, folder)) for each in review.environments))


def _cloud(environment: EnvironmentReview, project: str, folder: Path) -> CloudPlan | None:
    name = environment.environment
    preview, refreshed = folder / f"{name}.json", folder / f"{name}.drift.json"
    if not preview.exists() and not refreshed.exists():
        return None
    summary: list[str] = []
    drift: tuple[ResourceChange, ...] = ()
    if refreshed.exists():
        try:
            found = _read(refreshed, project, name)
            if not found.refresh:
                raise NoPlan("It is a preview, and no refresh.", where=str(refreshed),
                             fix=f"pulumi -C infra refresh --preview-only --json --stack {name} > {refreshed}")
            drift = changes_in(found)
            summary.append(f"{len(drift)} drifted" if drift else "no drift")
        except NoPlan as failed:
            summary.append(f"drift is not known: {failed.what}")
    try:
        plan = _read(preview, project, name)
    except NoPlan as failed:
        return CloudPlan("; ".join(summary), drift=drift, error=failed.what)
    changes = () if plan.first else beyond(changes_in(plan), environment.changes)
    return CloudPlan("; ".join([_counted(plan), *summary]), changes, drift)


def _read(file: Path, project: str, environment: str) -> PulumiPlan:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NoPlan(f"It cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.",
                     where=str(file), fix="see the job that writes it") from error
    return read_plan(text, project=project, environment=environment, where=str(file))


def _counted(plan: PulumiPlan) -> str:
    found = [f"{plan.counts[name]} {words}" for name, words in _WORDS.items() if plan.counts.get(name)]
    told = ", ".join(found) or "nothing to do"
    return f"nothing is deployed yet, {told}" if plan.first else told
