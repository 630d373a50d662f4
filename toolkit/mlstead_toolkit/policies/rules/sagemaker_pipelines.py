"""SageMaker pipelines: every job that a definition starts, before it is started.

Schema: https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from mlstead.pipelines.instance_types import has_local_disks
from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.argued import argued
from mlstead_toolkit.policies.images import is_floating
from mlstead_toolkit.policies.pipeline_jobs import PIPELINE, Step, jobs, steps, unheard_of

_OUTPUTS: Final = {
    "Processing": "ProcessingOutputConfig", "Training": "OutputDataConfig", "Transform": "TransformOutput",
    "AutoML": "OutputDataConfig",
}
_APPROVAL: Final = "ModelApprovalStatus"


def _reviewed(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    if not pipeline.has("pipelineDefinition"):
        yield "the definition lies in S3, where it changes without a review"
    for step in unheard_of(pipeline):
        yield f"step {step.name} is of type {step.type}, of which no rule knows what it starts"


def _in_network(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    for job in jobs(pipeline):
        if job.type == "Transform":
            continue  # it runs where its model runs
        network = job.network()
        if not (job.given(network, "VpcConfig.Subnets") and job.given(network, "VpcConfig.SecurityGroupIds")):
            yield f"step {job.name} runs in SageMaker's network, not in yours"


def _isolated(pipeline: Resource, stack: Stack) -> Iterator[str]:
    if argued(pipeline, stack, "network_isolation"):
        return
    for job in jobs(pipeline):
        if job.type in ("Processing", "Training", "Model"):
            yield from _switched_on(job, "EnableNetworkIsolation")


def _traffic(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    for job in jobs(pipeline):
        if job.type in ("Processing", "Training", "AutoML"):
            yield from _switched_on(job, "EnableInterContainerTrafficEncryption")


def _volumes(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    for job in jobs(pipeline):
        machine = job.machine()
        if job.type != "Model" and not job.given(machine, "VolumeKmsKeyId") and not has_local_disks(
                str(job.resolved(machine.value("InstanceType")))):
            yield f"the volume of step {job.name} is not encrypted with a KMS key of your own"


def _outputs(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    for job in jobs(pipeline):
        path = _OUTPUTS.get(job.type)
        writes = path and (job.filled(path) if job.type != "Processing" else job.filled(f"{path}.Outputs"))
        if writes and not job.given(job, f"{path}.KmsKeyId"):
            yield f"what step {job.name} writes is not encrypted with a KMS key of your own"


def _pinned(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    for step in steps(pipeline):
        for image in _images(step):
            resolved = step.resolved(image)
            if not isinstance(resolved, str):
                yield f"whoever starts the pipeline says which image step {step.name} runs"
            elif is_floating(resolved):
                yield f"another image can come to stand behind {resolved}, which step {step.name} runs"


def _bounded(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    for job in jobs(pipeline):
        if job.type in ("Processing", "Training") and not job.given(job, "StoppingCondition.MaxRuntimeInSeconds"):
            yield f"step {job.name} runs for up to a day, or five, before SageMaker stops it"


def _roles_apart(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    kinds: dict[str, str] = {}
    roles = [(job, job.value("ExecutionRoleArn" if job.type == "Model" else "RoleArn")) for job in jobs(pipeline)
             if job.type != "Transform"]
    for job, role in roles:
        arn = _text(job.resolved(role))
        if role is None or arn == pipeline.value("roleArn"):
            yield f"step {job.name} runs under the pipeline's own role, which may start jobs"
        elif kinds.setdefault(arn, job.type) != job.type:
            yield f"step {job.name} ({job.type}) shares its role with a step of type {kinds[arn]}"


def _pending(pipeline: Resource, _stack: Stack) -> Iterator[str]:
    for step in steps(pipeline):
        if step.type == "RegisterModel" and step.has(_APPROVAL):
            status = step.resolved(step.value(_APPROVAL))
            if not isinstance(status, str):
                yield f"whoever starts the pipeline says whether what step {step.name} registers is approved"
            elif status == "Approved":
                yield f"what step {step.name} registers is approved before anybody has looked at it"


def _switched_on(job: Step, guard: str) -> Iterator[str]:
    value = job.network().value(guard)
    if value is not True:
        yield (f"whoever starts the pipeline can switch {guard} of step {job.name} off" if isinstance(value, dict)
               else f"step {job.name} does not set {guard}")


def _images(step: Step) -> list[Any]:
    containers = [*step.blocks("PrimaryContainer"), *step.blocks("Containers"),
                  *step.blocks("InferenceSpecification.Containers")]
    found = [step.value("AppSpecification.ImageUri"), step.value("AlgorithmSpecification.TrainingImage"),
             *(container.value("Image") for container in containers)]
    return [image for image in found if image is not None]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


RULES: Final = (
    Rule(
        id="sagemaker-pipeline-reviewed",
        level=Level.MANDATORY,
        controls=(own_controls.REVIEWED_CODE,),
        title="A pipeline's definition is part of the program, and every step of it is of a type that can be judged.",
        fix="Set pipeline_definition to the text of a JSON file of the repository.",
        types=(PIPELINE,),
        check=_reviewed,
    ),
    Rule(
        id="sagemaker-pipeline-in-vpc",
        level=Level.MANDATORY,
        controls=(own_controls.PRIVATE_NETWORK,),
        title="Every job of a pipeline runs in a network of your own.",
        fix="Set VpcConfig, in NetworkConfig of a processing step, with Subnets and SecurityGroupIds.",
        types=(PIPELINE,),
        check=_in_network,
    ),
    Rule(
        id="sagemaker-pipeline-isolated",
        level=Level.MANDATORY,
        controls=(own_controls.ISOLATION,),
        title="Every container of a pipeline is cut off from every network, or a component says why it cannot be.",
        fix="Set EnableNetworkIsolation to true, and let SageMaker bring the data as the step's input; in a component, "
            'network_isolation=Weakened("why") where it cannot.',
        types=(PIPELINE,),
        check=_isolated,
    ),
    Rule(
        id="sagemaker-pipeline-traffic-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.TRAFFIC,),
        title="What the containers of a pipeline's job tell each other is encrypted.",
        fix="Set EnableInterContainerTrafficEncryption to true, not to a parameter.",
        types=(PIPELINE,),
        check=_traffic,
    ),
    Rule(
        id="sagemaker-pipeline-volumes-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="Volumes of a pipeline's jobs are encrypted with a customer-managed key, but where the hardware does it.",
        fix="Set VolumeKmsKeyId beside the step's InstanceType.",
        types=(PIPELINE,),
        check=_volumes,
    ),
    Rule(
        id="sagemaker-pipeline-outputs-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="What a pipeline's jobs write is encrypted with a customer-managed key.",
        fix="Set KmsKeyId in ProcessingOutputConfig, OutputDataConfig or TransformOutput.",
        types=(PIPELINE,),
        check=_outputs,
    ),
    Rule(
        id="sagemaker-pipeline-images-pinned",
        level=Level.MANDATORY,
        controls=(own_controls.REVIEWED_CODE,),
        title="Images of a pipeline are named by a version tag or a digest, never by latest or by nothing.",
        fix="Write repository:version or repository@sha256:…, or make that the default of the parameter.",
        types=(PIPELINE,),
        check=_pinned,
    ),
    Rule(
        id="sagemaker-pipeline-bounded",
        level=Level.ADVISORY,
        controls=(own_controls.BOUNDED_COST,),
        title="A job of a pipeline that hangs is stopped before it costs a day.",
        fix="Set MaxRuntimeInSeconds in the step's StoppingCondition.",
        types=(PIPELINE,),
        check=_bounded,
    ),
    Rule(
        id="sagemaker-pipeline-roles-apart",
        level=Level.ADVISORY,
        controls=(own_controls.SEPARATE_DUTIES,),
        title="Processing, training and the pipeline itself have a role each.",
        fix="Give each kind of step a RoleArn of its own, with what that kind needs.",
        types=(PIPELINE,),
        check=_roles_apart,
    ),
    Rule(
        id="sagemaker-pipeline-registers-pending",
        level=Level.ADVISORY,
        controls=(own_controls.SEPARATE_DUTIES,),
        title="A pipeline registers models for approval, and does not approve them itself.",
        fix="Set ModelApprovalStatus to PendingManualApproval.",
        types=(PIPELINE,),
        check=_pending,
    ),
)
