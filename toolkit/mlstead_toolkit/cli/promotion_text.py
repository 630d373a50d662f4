"""What a promotion says of a model: its metrics beside the served version's, where it comes from, what to check."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.model_registry import METRIC, ModelVersion, metrics, report, report_location
from mlstead_toolkit.cli.pipeline_execution import TRAINING, newest, read
from mlstead_toolkit.cli.settings_line import LineChange

_EXECUTIONS = 20
"""How many of the newest executions are looked through for the one that registered a version."""


@dataclass(frozen=True)
class Promotion:
    """One version in another's place.

    Args:
        model: the version to be served.
        before: the version that the settings name; None: none, or one that the registry has no more.
        named: that version's number; None: none is served yet.
        line: the line that changes.
        file: the file's path in the repository.
    """

    model: ModelVersion
    before: ModelVersion | None
    named: int | None
    line: LineChange
    file: str


def promotion_text(deployed: Deployment, promotion: Promotion) -> str:
    """Write the text of a promotion, Markdown."""
    environment, number = deployed.environment, promotion.model.version
    candidate = report(deployed, promotion.model.arn)
    served = report(deployed, promotion.before.arn) if promotion.before else {}
    instead = "the first" if promotion.named is None else f"in place of version {promotion.named}"
    parts = [
        f"**{environment}** would serve version **{number}** of `{deployed.output('model_package_group')}`, {instead}. "
        "Once this is merged, the next deployment makes it so; nothing else changes.",
        f"`{promotion.file}`, line {promotion.line.number}\n```diff\n- {promotion.line.before.strip()}\n"
        f"+ {promotion.line.after.strip()}\n```",
        "### What it is worth\n" + _metrics(promotion, metrics(candidate), metrics(served)),
    ]
    if (differing := _measured_otherwise(candidate, served)):
        parts.append(f"The two were not measured on the same: {differing}. Their figures do not compare as they stand.")
    parts.append("### Where it comes from\n" + _lineage(deployed, promotion.model, candidate))
    parts.append("### What to check\n" + "\n".join(f"- [ ] {each}" for each in _checks(promotion, environment)))
    return "\n\n".join(parts) + "\n"


def _metrics(promotion: Promotion, candidate: dict[str, float], served: dict[str, float]) -> str:
    names = sorted({name for name in (*candidate, *served) if not name.startswith("baseline_")},
                   key=lambda name: (name != METRIC, name))
    if not names:
        return "It was registered without an evaluation."
    before = "served: none" if promotion.named is None else f"version {promotion.named}, served"
    rows = [f"| metric | version {promotion.model.version} | its baseline | {before} | difference |",
            "| --- | ---: | ---: | ---: | ---: |"]
    for name in names:
        new, old = candidate.get(name), served.get(name)
        difference = "" if new is None or old is None else f"{new - old:+.3f}"
        rows.append(f"| {name} | {_figure(new)} | {_figure(candidate.get(f'baseline_{name}'))} | {_figure(old)} | "
                    f"{difference} |")
    return "\n".join(rows)


def _measured_otherwise(candidate: dict[str, Any], served: dict[str, Any]) -> str:
    """Say in what of their evaluations two versions differ besides the figures."""
    one, other = _facts(candidate), _facts(served)
    return "; ".join(f"{name} {one[name]} against {other[name]}" for name in sorted(one.keys() & other.keys())
                     if one[name] != other[name] and "train" not in name)


def _lineage(deployed: Deployment, model: ModelVersion, evaluation: dict[str, Any]) -> str:
    described = deployed.client("sagemaker").describe_model_package(ModelPackageName=model.arn)
    container: dict[str, Any] = next(iter(described.get("InferenceSpecification", {}).get("Containers", [])), {})
    location = report_location(deployed, model.arn)
    rows = [
        ("model package", model.arn),
        ("registered", f"{described['CreationTime']:%Y-%m-%d %H:%M} UTC"),
        ("approval", described.get("ApprovalDescription")),
        ("pipeline execution", _execution(deployed, described)),
        ("code", _code(deployed, str(container.get("Image", "")))),
        ("model archive", container.get("ModelDataUrl")),
        ("evaluation", f"s3://{location[0]}/{location[1]}" if location else None),
        *((f"evaluation: {name}", value) for name, value in sorted(_facts(evaluation).items())),
    ]
    told = [f"| {name} | {_cell(value)} |" for name, value in rows if value]
    return "\n".join(["| what | |", "| --- | --- |", *told])


def _execution(deployed: Deployment, described: dict[str, Any]) -> str | None:
    """Give the ARN of the execution that registered it: the registry says it, or one of the newest executions does."""
    if made_by := described.get("MetadataProperties", {}).get("GeneratedBy"):
        return str(made_by)
    with suppress(ClientError):
        sagemaker = deployed.client("sagemaker")
        for each in newest(deployed, TRAINING, _EXECUTIONS):
            steps = read(sagemaker, each["PipelineExecutionArn"]).steps
            if any(step.model_package == described["ModelPackageArn"] for step in steps):
                return str(each["PipelineExecutionArn"])
    return None


def _code(deployed: Deployment, image: str) -> str:
    """Give the image that trained it and, by its digest, the tags that it has: CI's is the commit."""
    repository, _, digest = image.partition("@")
    if not digest:
        return image
    with suppress(ClientError):
        found = deployed.client("ecr").describe_images(
            repositoryName=repository.partition("/")[2], imageIds=[{"imageDigest": digest}])["imageDetails"]
        if tags := [tag for each in found for tag in each.get("imageTags", [])]:
            return f"{', '.join(sorted(tags))} ({image})"
    return image


def _facts(evaluation: dict[str, Any]) -> dict[str, str]:
    """Give what a report says besides its figures: the month held out, the rows, what the baseline is."""
    return {name.replace("_", " "): ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in evaluation.items() if isinstance(value, (str, int, float, list))}


def _checks(promotion: Promotion, environment: str) -> list[str]:
    compared = [] if promotion.named is None else [
        f"The figures are better than version {promotion.named}'s, or there is a reason to serve it all the same",
        "Both were measured on the same data",
    ]
    return [*compared, "It is clearly better than its baseline",
            "The data that it learned from have passed the gates: `mlstead data status` adds up",
            f"After the deployment `mlstead ci smoke {environment}` passes; back again is the same line with the "
            "version before"]


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _cell(value: object) -> str:
    return f"`{str(value).replace('|', '/').replace('`', '')}`"
