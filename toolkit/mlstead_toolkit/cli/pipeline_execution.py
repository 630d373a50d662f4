"""One execution of a pipeline of the project: its parameters checked, started, followed step by step."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.project import did_you_mean

# SageMaker's words for a step that will not change any more.
ENDED = ("Succeeded", "Failed", "Stopped", "Skipped")
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
# The stack's outputs that name the project's pipelines.
TRAINING, DATA = "pipeline_name", "data_pipeline_name"


class ExecutionFailed(MlsteadError):
    """An execution ended before it had done what it is for."""


@dataclass(frozen=True)
class PipelineStep:
    """One step of an execution, as ListPipelineExecutionSteps tells it."""

    name: str
    status: str
    seconds: float | None
    failure: str | None
    metadata: Mapping[str, Any]

    @property
    def job(self) -> tuple[str, str] | None:
        """The kind of its job (TrainingJob, ProcessingJob, …) and the job's name, where it ran one."""
        for kind, details in self.metadata.items():
            arn = details.get("Arn") if isinstance(details, dict) else None
            if isinstance(arn, str) and kind.endswith("Job"):
                return kind, arn.rsplit("/", 1)[-1]
        return None

    @property
    def model_package(self) -> str | None:
        """The ARN of the model package that it registered."""
        arn = self.metadata.get("RegisterModel", {}).get("Arn")
        return str(arn) if arn else None


@dataclass(frozen=True)
class ExecutionState:
    """An execution at one moment."""

    arn: str
    status: str
    failure: str | None
    steps: tuple[PipelineStep, ...]

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in ENDED


def checked_parameters(definition: str, given: list[str]) -> list[dict[str, str]]:
    """Check `Name=value` overrides against the pipeline's own parameters.

    Args:
        definition: the pipeline's definition, JSON.
        given: what the user typed, `Name=value` each.

    Raises:
        MlsteadError: not `Name=value`, an unknown name, or a value of another type.
    """
    declared = {parameter["Name"]: parameter for parameter in json.loads(definition).get("Parameters", [])}
    parameters = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise MlsteadError(f"{text!r} is not a parameter.", where="--parameter", fix="write it as Name=value")
        if name not in declared:
            raise MlsteadError(f"The pipeline has no parameter {name!r}{did_you_mean(name, declared)}.",
                               where="--parameter", fix=f"one of {', '.join(sorted(declared))}")
        _check_value(declared[name], value)
        parameters.append({"Name": name, "Value": value})
    return parameters


def _check_value(parameter: dict[str, Any], value: str) -> None:
    kind, allowed = parameter["Type"], parameter.get("EnumValues")
    try:
        if kind == "Integer":
            int(value)
        elif kind == "Float":
            float(value)
    except ValueError:
        article = "an" if kind == "Integer" else "a"
        raise MlsteadError(f"{parameter['Name']} takes {article} {kind}, not {value!r}.", where="--parameter",
                           fix=f"its default is {parameter.get('DefaultValue')!r}") from None
    if kind == "Boolean" and value.lower() not in ("true", "false"):
        raise MlsteadError(f"{parameter['Name']} takes true or false, not {value!r}.", where="--parameter",
                           fix=f"its default is {parameter.get('DefaultValue')!r}")
    if allowed and value not in allowed:
        raise MlsteadError(f"{parameter['Name']} takes one of {', '.join(allowed)}, not {value!r}.",
                           where="--parameter", fix=f"its default is {parameter.get('DefaultValue')!r}")


def check(deployment: Deployment, given: list[str], pipeline: str) -> list[dict[str, str]]:
    """Check `Name=value` overrides against a pipeline that is deployed."""
    described = deployment.client("sagemaker").describe_pipeline(PipelineName=deployment.output(pipeline))
    return checked_parameters(described["PipelineDefinition"], given)


def start(deployment: Deployment, parameters: list[dict[str, str]], pipeline: str) -> str:
    """Start a pipeline of the project and give the execution's ARN.

    Args:
        deployment: whose.
        parameters: what is overridden, checked.
        pipeline: the output that names it.
    """
    started = deployment.client("sagemaker").start_pipeline_execution(
        PipelineName=deployment.output(pipeline), PipelineParameters=parameters)
    return str(started["PipelineExecutionArn"])


def follow(deployment: Deployment, arn: str) -> Iterator[ExecutionState]:
    """Yield the execution each time that it is looked at, sooner while things change, until it has ended."""
    sagemaker = deployment.client("sagemaker")
    wait, before = FIRST_WAIT, None
    while True:
        state = read(sagemaker, arn)
        yield state
        if state.ended:
            return
        seen = [(step.name, step.status) for step in state.steps]
        wait = FIRST_WAIT if seen != before else min(wait * 1.3, LONGEST_WAIT)
        before = seen
        time.sleep(wait)


def read(sagemaker: Any, arn: str) -> ExecutionState:
    """Look at an execution and its steps once, oldest step first."""
    described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(
        PipelineExecutionArn=arn, SortOrder="Ascending")
    steps = [_step(item) for page in pages for item in page["PipelineExecutionSteps"]]
    return ExecutionState(arn, described["PipelineExecutionStatus"], described.get("FailureReason"),
                          tuple(step for _, step in sorted(steps, key=lambda pair: pair[0])))


def latest(deployment: Deployment, pipeline: str = TRAINING) -> ExecutionState | None:
    """Look at the newest execution of a pipeline of the project, if there was one."""
    found = newest(deployment, pipeline, 1)
    return read(deployment.client("sagemaker"), found[0]["PipelineExecutionArn"]) if found else None


def newest(deployment: Deployment, pipeline: str, count: int) -> list[dict[str, Any]]:
    """List the newest executions of a pipeline, the newest first, as ListPipelineExecutions tells them."""
    found = deployment.client("sagemaker").list_pipeline_executions(
        PipelineName=deployment.output(pipeline), MaxResults=count, SortBy="CreationTime", SortOrder="Descending")
    return list(found["PipelineExecutionSummaries"])


def _step(item: dict[str, Any]) -> tuple[datetime, PipelineStep]:
    begun, ended = item.get("StartTime"), item.get("EndTime")
    seconds = (ended - begun).total_seconds() if begun and ended else None
    order = begun or datetime.max.replace(tzinfo=None)
    return order.replace(tzinfo=None), PipelineStep(item["StepName"], item["StepStatus"], seconds,
                                                   item.get("FailureReason"), item.get("Metadata") or {})
