"""The jobs that a SageMaker pipeline starts, read from its definition.

Schema: https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mlstead_toolkit.policies.block import Block, Malformed
from mlstead_toolkit.policies.resource import Resource

PIPELINE: Final = "aws:sagemaker/pipeline:Pipeline"

# A check of quality, bias or explainability is a processing job too.
_PROCESSING: Final = frozenset({"Processing", "QualityCheck", "ClarifyCheck"})
_JOBS: Final = frozenset({*_PROCESSING, "Training", "Transform", "AutoML", "Model"})
_WITHOUT_JOBS: Final = frozenset({
    "Condition", "Fail", "RegisterModel", "Lambda", "Callback", "EMR", "EMRServerless", "EndpointConfig", "Endpoint",
})


@dataclass(frozen=True)
class Step(Block):
    """A step of a pipeline; its properties are the step's Arguments, as CreateProcessingJob and so on take them.

    Args:
        name: the step's.
        type: Processing, Training, Transform, AutoML or Model; of others, as the definition has it.
        defaults: what the pipeline's parameters are where nobody says otherwise, of those that have a default.
    """

    name: str
    type: str
    defaults: Mapping[str, Any]

    def network(self) -> Block:
        """Give the block with VpcConfig, EnableNetworkIsolation and EnableInterContainerTrafficEncryption."""
        part = {"Processing": "NetworkConfig", "AutoML": "SecurityConfig"}.get(self.type)
        return Block(self.properties.get(part) or {}) if part else self

    def machine(self) -> Block:
        """Give the block with InstanceType and VolumeKmsKeyId."""
        parts = {
            "Processing": ("ProcessingResources.ClusterConfig",), "Transform": ("TransformResources",),
            "Training": ("ResourceConfig", "HyperParameterTuningResourceConfig"), "AutoML": ("SecurityConfig",),
        }
        for part in parts.get(self.type, ()):
            if found := self.value(part):
                return Block(found)
        return Block({})

    def resolved(self, value: Any) -> Any:
        """Give what a value of the definition is unless whoever starts the pipeline says otherwise.

        What only he says, or another step, is given as it stands in the definition: {"Get": …}.
        """
        if not isinstance(value, Mapping):
            return value
        kind, _, name = str(value.get("Get", "")).partition(".")
        if kind == "Parameters" and name in self.defaults:
            return self.defaults[name]
        if join := value.get("Std:Join"):
            parts = [self.resolved(each) for each in join["Values"]]
            if not any(isinstance(part, Mapping) for part in parts):
                return str(join.get("On", "")).join(map(str, parts))
        return value

    def given(self, block: Block, path: str) -> bool:
        """Tell whether something stands at a path of one of its blocks that is not empty."""
        return bool(self.resolved(block.value(path)))


def steps(pipeline: Resource) -> list[Step]:
    """Give every step of a pipeline, also those that a condition chooses between, and each training that is tuned.

    None where the definition lies in S3, to which the rule sagemaker-pipeline-reviewed objects.

    Raises:
        NotDecided: the definition is not known.
        Malformed: it is no pipeline definition.
    """
    if not pipeline.has("pipelineDefinition"):
        return []
    definition = pipeline.document("pipelineDefinition")
    try:
        return list(_steps(definition))
    except (AttributeError, KeyError, TypeError) as error:
        raise Malformed(f"pipelineDefinition is no pipeline definition: {error}") from error


def jobs(pipeline: Resource) -> Iterator[Step]:
    """Give the steps that start a job or make a model. Raises as `steps` does."""
    return (step for step in steps(pipeline) if step.type in _JOBS)


def unheard_of(pipeline: Resource) -> Iterator[Step]:
    """Give the steps of which nobody here knows what they start. Raises as `steps` does."""
    return (step for step in steps(pipeline) if step.type not in _JOBS | _WITHOUT_JOBS)


def _steps(definition: Mapping[str, Any]) -> Iterator[Step]:
    parameters = definition.get("Parameters") or []
    defaults = {each["Name"]: each["DefaultValue"] for each in parameters if each.get("DefaultValue") is not None}
    for name, kind, arguments in _flat(definition["Steps"]):
        if kind == "Tuning":
            single = arguments.get("TrainingJobDefinition")
            for training in [single] if single else arguments["TrainingJobDefinitions"]:
                yield Step(training, name, "Training", defaults)
        else:
            yield Step(arguments, name, "Processing" if kind in _PROCESSING else kind, defaults)


def _flat(found: list[dict[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for step in found:
        arguments = step.get("Arguments") or {}
        yield step["Name"], step["Type"], arguments
        for branch in ("IfSteps", "ElseSteps"):
            yield from _flat(arguments.get(branch) or [])
