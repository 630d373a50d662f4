"""Settings of a stack, read from Pulumi.<stack>.yaml: typed, and unknown or mistyped ones refused."""

from __future__ import annotations

import difflib
import json
from typing import Annotated, Any, Literal, Self

import pulumi
from pulumi.runtime import config as runtime_config
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mlstead.refusal import Refusal

InstanceType = Annotated[str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(_Block):
    """Base of a stack's settings: `load` reads the stack's own namespace of the configuration."""

    owner: str = ""
    """Who answers for the stack, as the tag mlstead:owner."""

    @classmethod
    def load(cls) -> Self:
        """Read and check the running stack's settings.

        Raises:
            Refusal: a setting is unknown, missing or wrong; names the file, the setting and what is allowed.
        """
        namespace, file = pulumi.get_project(), f"Pulumi.{pulumi.get_stack()}.yaml"
        given = runtime_config.get_config_env() | runtime_config.CONFIG.get()
        texts = {field for field, about in cls.model_fields.items() if about.annotation is str}
        values = {
            key: value if key in texts else _parsed(value)
            for key, value in ((key.removeprefix(f"{namespace}:"), value) for key, value in given.items()
                               if key.startswith(f"{namespace}:"))
        }
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            problems = [_explain(cls, namespace, problem) for problem in error.errors()]
            # A value that fits no form of a setting is reported once for each form.
            by_fix = {fix: what for what, fix in problems}
            what, fix = "\n".join(by_fix.values()), "; ".join(by_fix)
            raise Refusal(what, where=file, fix=fix) from None


class FoundationSettings(Settings):
    """Settings of stacks/foundation."""

    job_logs: bool = True
    """Whether this environment makes the log groups of SageMaker jobs, of which an account and region has one set."""

    log_retention_days: int = 365
    """How long logs are kept, in days that CloudWatch Logs knows."""

    noncurrent_days: Annotated[int, Field(ge=1)] = 90
    """How long overwritten and deleted versions of data can be brought back, in days."""

    access_log_days: Annotated[int, Field(ge=1)] = 400
    """How long access logs of the lake are kept, in days."""


class ImageSettings(_Block):
    """Which container image jobs and endpoint run."""

    tag: Annotated[str, Field(min_length=1, max_length=128)]
    """The image's tag in the project's repository."""


class ModelVersion(_Block):
    """The model version that the endpoint serves: the one reviewed line that `mlstead promote` writes."""

    version: Annotated[int, Field(ge=1)]
    """Version of the model package in the project's registry."""


class JobSettings(_Block):
    """What a kind of job runs on."""

    instance_type: InstanceType = "ml.m5.large"
    """SageMaker instance type."""


class EndpointSettings(JobSettings):
    """What the endpoint runs on."""

    instance_count: Annotated[int, Field(ge=1)] = 1
    """How many instances share the traffic; at least 2 in production (FSBP SageMaker.4)."""

    log_retention_days: int = 365
    """How long the endpoint's logs are kept, in days that CloudWatch Logs knows."""


class ProjectSettings(Settings):
    """Settings of a project's infra/."""

    foundation: str
    """The foundation's stack: organization/mlstead-foundation/<environment>."""

    image: ImageSettings
    """Which container image jobs and endpoint run."""

    model: Literal["none"] | ModelVersion = "none"
    """What the endpoint serves: none yet, or {version: N}."""

    processing: JobSettings = JobSettings()
    """What processing jobs run on."""

    training: JobSettings = JobSettings()
    """What training jobs run on."""

    endpoint: EndpointSettings = EndpointSettings()
    """What the endpoint runs on."""

    @model_validator(mode="before")
    @classmethod
    def _refuse_latest(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("model") == "latest-approved":
            raise Refusal(
                "`model: latest-approved` needs the roll-out pipeline, which this version of mlstead does not have.",
                where=f"Pulumi.{pulumi.get_stack()}.yaml, {pulumi.get_project()}:model",
                fix="name the version, for example model: {version: 1}, or type: mlstead promote <environment> 1",
            )
        return values

    @property
    def model_version(self) -> int | None:
        """The version that the endpoint serves, or None while there is none."""
        return None if self.model == "none" else self.model.version


def _parsed(value: Any) -> Any:
    """Give objects, lists, numbers and truths their type: Pulumi hands every setting over as text."""
    if not isinstance(value, str):
        return value
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return value if parsed is None else parsed


def _explain(model: type[BaseModel], namespace: str, problem: Any) -> tuple[str, str]:
    """Say what is wrong with one setting, and what to write instead."""
    path = [str(part) for part in problem["loc"] if part not in ("ModelVersion", "literal['none']")]
    name = f"{namespace}:{'.'.join(path)}"
    if problem["type"] == "extra_forbidden":
        allowed = sorted(_block_at(model, path[:-1]).model_fields)
        close = difflib.get_close_matches(path[-1], allowed, n=1)
        guess = f"did you mean {close[0]}? " if close else ""
        return f"There is no setting {name}.", f"{guess}settings here are: {', '.join(allowed)}"
    if problem["type"] == "missing":
        return f"The setting {name} is missing.", f"add it to the block `config`: {name}"
    if path[0] == "model":
        return f"{name} is {problem['input']!r}.", "write model: none, or model: {version: 1}"
    reason = problem["msg"].replace("Input should", "it should")
    return f"{name} is {problem['input']!r}, but {reason}.", f"correct {name}"


def _block_at(model: type[BaseModel], path: list[str]) -> type[BaseModel]:
    for part in path:
        annotation = model.model_fields[part].annotation
        choices = [annotation, *getattr(annotation, "__args__", ())]
        model = next(choice for choice in choices if isinstance(choice, type) and issubclass(choice, BaseModel))
    return model
