"""Model monitoring: its jobs see everything that an endpoint is asked, so they are as closed as any.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html
Flags of a job definition cannot be changed: a fix is a replacement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack, own_controls

JOB_DEFINITION: Final = "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition"
SCHEDULE: Final = "aws:sagemaker/monitoringSchedule:MonitoringSchedule"

_INLINE: Final = "monitoringScheduleConfig.monitoringJobDefinition"
_BY_NAME: Final = "monitoringScheduleConfig.monitoringJobDefinitionName"
_BOTH: Final = (JOB_DEFINITION, SCHEDULE)


def _traffic(resource: Resource, _stack: Stack) -> Iterator[str]:
    for job in _jobs(resource):
        if not job.flag("networkConfig.enableInterContainerTrafficEncryption"):
            yield "what the containers tell each other is in clear"


def _isolated(resource: Resource, _stack: Stack) -> Iterator[str]:
    for job in _jobs(resource):
        if not job.flag("networkConfig.enableNetworkIsolation"):
            yield "the container reaches whatever network it is in"


def _in_network(resource: Resource, _stack: Stack) -> Iterator[str]:
    for job in _jobs(resource):
        network = "networkConfig.vpcConfig"
        if not (job.filled(f"{network}.subnets") and job.filled(f"{network}.securityGroupIds")):
            yield "the job runs in SageMaker's network, not in yours"


def _encrypted(resource: Resource, _stack: Stack) -> Iterator[str]:
    for job in _jobs(resource):
        cluster = "jobResources" if resource.type == JOB_DEFINITION else "monitoringResources"
        output = "dataQualityJobOutputConfig" if resource.type == JOB_DEFINITION else "monitoringOutputConfig"
        if not job.filled(f"{cluster}.clusterConfig.volumeKmsKeyId"):
            yield "the volume is not encrypted with a KMS key of your own"
        if not job.filled(f"{output}.kmsKeyId"):
            yield "the report is not written with a KMS key of your own"


def _definition_here(schedule: Resource, stack: Stack) -> Iterator[str]:
    if schedule.has(_BY_NAME) and stack.referred(schedule, JOB_DEFINITION, via=_BY_NAME) is None:
        yield "its job definition is made elsewhere, where no rule sees what it opens"


def _jobs(resource: Resource) -> Iterator[Block]:
    return iter([resource]) if resource.type == JOB_DEFINITION else resource.blocks(_INLINE)


RULES: Final = (
    Rule(
        id="sagemaker-monitoring-traffic-encrypted",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.9", "FSBP SageMaker.10", "FSBP SageMaker.13", "FSBP SageMaker.15",
                  "FSBP SageMaker.22"),
        title="What the containers of a monitoring job tell each other is encrypted.",
        fix="Set enable_inter_container_traffic_encryption=True in network_config.",
        types=_BOTH,
        check=_traffic,
    ),
    Rule(
        id="sagemaker-monitoring-isolated",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.11", "FSBP SageMaker.12", "FSBP SageMaker.14", "FSBP SageMaker.20",
                  "FSBP SageMaker.25"),
        title="A monitoring job's container is cut off from every network.",
        fix="Set enable_network_isolation=True in network_config.",
        types=_BOTH,
        check=_isolated,
    ),
    Rule(
        id="sagemaker-monitoring-in-vpc",
        level=Level.MANDATORY,
        controls=(own_controls.PRIVATE_NETWORK,),
        title="A monitoring job runs in a network of your own.",
        fix="Set vpc_config in network_config, with subnets and security_group_ids.",
        types=_BOTH,
        check=_in_network,
    ),
    Rule(
        id="sagemaker-monitoring-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="The volume of a monitoring job and its report are encrypted with a customer-managed key.",
        fix="Set volume_kms_key_id in cluster_config, and kms_key_id of the outputs.",
        types=_BOTH,
        check=_encrypted,
    ),
    Rule(
        id="sagemaker-monitoring-definition-here",
        level=Level.MANDATORY,
        controls=(own_controls.REVIEWED_CODE,),
        title="What a monitoring schedule runs is defined in the same stack.",
        fix="Give monitoring_job_definition, or the name of a DataQualityJobDefinition of this stack.",
        types=(SCHEDULE,),
        check=_definition_here,
    ),
)
