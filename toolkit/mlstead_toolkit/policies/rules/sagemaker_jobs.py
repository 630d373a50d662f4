"""SageMaker jobs that a program starts itself: training, tuning, labelling.

Controls: https://docs.aws.amazon.com/sagemaker/latest/dg/infrastructure-give-access.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead.pipelines.instance_types import has_local_disks
from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.images import is_floating

TRAINING_JOB: Final = "aws:sagemaker/trainingJob:TrainingJob"
TUNING_JOB: Final = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob"
LABELING_JOB: Final = "aws:sagemaker/labelingJob:LabelingJob"
FLOW_DEFINITION: Final = "aws:sagemaker/flowDefinition:FlowDefinition"

_TRAINING: Final = (TRAINING_JOB, TUNING_JOB)
_MACHINES: Final = ("resourceConfig", "hyperParameterTuningResourceConfig")
# https://docs.aws.amazon.com/sagemaker/latest/dg/sms-workforce-management-public.html
_CROWD: Final = "workteam/public-crowd/"


def _in_network(job: Resource, _stack: Stack) -> Iterator[str]:
    for training in _trainings(job):
        if not (training.filled("vpcConfig.subnets") and training.filled("vpcConfig.securityGroupIds")):
            yield "the job runs in SageMaker's network, not in yours"


def _isolated(job: Resource, _stack: Stack) -> Iterator[str]:
    for training in _trainings(job):
        if not training.flag("enableNetworkIsolation"):
            yield "the container reaches whatever network it is in"


def _traffic(job: Resource, _stack: Stack) -> Iterator[str]:
    for training in _trainings(job):
        if not training.flag("enableInterContainerTrafficEncryption"):
            yield "what the containers tell each other is in clear"


def _encrypted(job: Resource, _stack: Stack) -> Iterator[str]:
    for training in _trainings(job):
        if not training.filled("outputDataConfig.kmsKeyId"):
            yield "the model is not written with a KMS key of your own"
        for part in _MACHINES:
            for machine in training.blocks(part):
                if not machine.filled("volumeKmsKeyId") and not has_local_disks(machine.get("instanceType", "")):
                    yield "the volume is not encrypted with a KMS key of your own"


def _pinned(job: Resource, _stack: Stack) -> Iterator[str]:
    for training in _trainings(job):
        image = training.get("algorithmSpecification.trainingImage", "")
        if image and is_floating(image):
            yield f"another image can come to stand behind {image}"


def _no_shell(job: Resource, _stack: Stack) -> Iterator[str]:
    if job.flag("remoteDebugConfig.enableRemoteDebug"):
        yield "a shell can be opened in the container while it trains"


def _own_people(job: Resource, _stack: Stack) -> Iterator[str]:
    for part in ("humanTaskConfig", "humanLoopConfig"):
        for task in job.blocks(part):
            if _CROWD in task.get("workteamArn", "") or task.has("publicWorkforceTaskPrice"):
                yield "the data is shown to the public workforce of Mechanical Turk"


def _labels_encrypted(job: Resource, _stack: Stack) -> Iterator[str]:
    if not job.filled("outputConfig.kmsKeyId"):
        yield "the answers are not written with a KMS key of your own"


def _trainings(job: Resource) -> list[Block]:
    if job.type == TRAINING_JOB:
        return [job]
    return [*job.blocks("trainingJobDefinition"), *job.blocks("trainingJobDefinitions")]


RULES: Final = (
    Rule(
        id="sagemaker-training-in-vpc",
        level=Level.MANDATORY,
        controls=(own_controls.PRIVATE_NETWORK,),
        title="Training runs in a network of your own.",
        fix='Set vpc_config={"subnets": private_subnet_ids, "security_group_ids": [group_id]}.',
        types=_TRAINING,
        check=_in_network,
    ),
    Rule(
        id="sagemaker-training-isolated",
        level=Level.MANDATORY,
        controls=(own_controls.ISOLATION,),
        title="A training container is cut off from every network.",
        fix="Set enable_network_isolation=True; SageMaker itself brings the data and takes the model.",
        types=_TRAINING,
        check=_isolated,
    ),
    Rule(
        id="sagemaker-training-traffic-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.TRAFFIC,),
        title="What the containers of a training job tell each other is encrypted.",
        fix="Set enable_inter_container_traffic_encryption=True.",
        types=_TRAINING,
        check=_traffic,
    ),
    Rule(
        id="sagemaker-training-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="The volume of a training job and the model that it writes are encrypted with a customer-managed key.",
        fix='Set kms_key_id in output_data_config, and volume_kms_key_id in resource_config.',
        types=_TRAINING,
        check=_encrypted,
    ),
    Rule(
        id="sagemaker-training-image-pinned",
        level=Level.MANDATORY,
        controls=(own_controls.REVIEWED_CODE,),
        title="A training image is named by a version tag or a digest, never by latest or by nothing.",
        fix="Write repository:version or repository@sha256:…, in a repository whose tags are immutable.",
        types=_TRAINING,
        check=_pinned,
    ),
    Rule(
        id="sagemaker-training-no-shell",
        level=Level.MANDATORY,
        controls=(own_controls.NO_SHELL,),
        title="Nobody can open a shell where a model trains.",
        fix="Leave remote_debug_config out.",
        types=(TRAINING_JOB,),
        check=_no_shell,
    ),
    Rule(
        id="sagemaker-labeling-private-workforce",
        level=Level.MANDATORY,
        controls=(own_controls.LEAST_DATA,),
        title="Data is shown to a workforce of your own or of a vendor, never to the public.",
        fix="Name a private or vendor workteam in workteam_arn, and leave public_workforce_task_price out.",
        types=(LABELING_JOB, FLOW_DEFINITION),
        check=_own_people,
    ),
    Rule(
        id="sagemaker-labeling-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="What people answer is encrypted with a customer-managed key.",
        fix="Set kms_key_id in output_config.",
        types=(LABELING_JOB, FLOW_DEFINITION),
        check=_labels_encrypted,
    ),
)
