"""The pipeline that goes from data to a registered model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from pulumi_aws import sagemaker

from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.grants import LakeGrants
from mlstead.network.access import NetworkAccess
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import ExecutionRole, ExecutionRoleArgs, Grantee
from mlstead.training.image_repository import ImageRepository
from mlstead.training.instance_types import has_local_disks
from mlstead.training.model_registry import ModelRegistry
from mlstead.training.pipeline_definition import PipelineDefinition


@dataclass(frozen=True)
class TrainingPipelineArgs:
    """Arguments of TrainingPipeline.

    Args:
        context: where it lives and whose it is.
        definition: path of the reviewed JSON that `mlstead compile` writes, relative to the program's folder.
        lake: where it reads and writes, under the prefix `<project>/`.
        network: what its jobs run in: the first two of its subnets.
        images: the repository of the image that its jobs run.
        image_tag: that image's tag.
        registry: where it registers models.
        processing_role: what processing jobs run under.
        training_role: what training jobs run under.
        processing_instance_type: what processing jobs run on; local disks, where it has them, are encrypted by
            hardware, not with our key.
        training_instance_type: what training jobs run on; the same holds.
        parameters: values for the project's own parameters, in place of the pipeline's defaults.
    """

    context: Context
    definition: str | Path
    lake: LakeGrants
    network: NetworkAccess
    images: ImageRepository
    image_tag: str
    registry: ModelRegistry
    processing_role: ExecutionRole
    training_role: ExecutionRole
    processing_instance_type: str = "ml.m5.large"
    training_instance_type: str = "ml.m5.large"
    parameters: Mapping[str, pulumi.Input[Any]] = field(default_factory=dict)


class TrainingPipeline(Component):
    """A SageMaker pipeline, its definition filled for this environment, and the role it starts jobs under.

    The role may start jobs only in the private network, their containers cut off even from that, with encrypted traffic
    and volumes, and hand them only the two roles given.

    Raises:
        Refusal: a parameter of the pipeline has no value, a value has no parameter, or a job is open to a network.
    """

    arn: pulumi.Output[str]
    pipeline_name: pulumi.Output[str]
    role: ExecutionRole

    def __init__(self, name: str, args: TrainingPipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        definition = PipelineDefinition(args.definition)
        values = _values(args, definition)
        definition.check(values)
        definition.check_jobs()
        self.role = ExecutionRole(f"{name}-role", ExecutionRoleArgs(args.context, use="pipeline"), self._child())
        self._grant(args)
        pipeline = sagemaker.Pipeline(
            name,
            pipeline_name=args.context.name,
            pipeline_display_name=args.context.name,
            role_arn=self.role.arn,
            pipeline_definition=pulumi.Output.from_input(values).apply(definition.fill),
            tags=self.tags,
            opts=self._child(depends_on=self.role.policies),
        )
        self.arn, self.pipeline_name = pipeline.arn, pipeline.pipeline_name
        self.register_outputs({"arn": self.arn, "pipeline_name": self.pipeline_name})

    def grant_start(self, role: Grantee) -> None:
        """Let the role start the pipeline, follow its executions and stop them."""
        role.allow(f"start-{self._name}", [Statement(
            "Start",
            ["sagemaker:StartPipelineExecution", "sagemaker:StopPipelineExecution",
             "sagemaker:DescribePipelineExecution", "sagemaker:ListPipelineExecutions",
             "sagemaker:ListPipelineExecutionSteps"],
            [self.arn, pulumi.Output.concat(self.arn, "/execution/*")],
        )])

    def _grant(self, args: TrainingPipelineArgs) -> None:
        self.role.allow("run-jobs", _run_jobs(args))
        args.processing_role.grant_pass(self.role)
        args.training_role.grant_pass(self.role)
        args.registry.grant_register(self.role)
        args.images.grant_pull(self.role)  # registering a model resolves its image's digest
        args.lake.grant_read(self.role, "artifacts")  # conditions read the reports of evaluation steps
        args.lake.grant_volumes(self.role)


def _values(args: TrainingPipelineArgs, definition: PipelineDefinition) -> dict[str, pulumi.Input[Any]]:
    lake, project = args.lake, args.context.project
    standard: dict[str, pulumi.Input[Any]] = {
        "Image": args.images.image(args.image_tag),
        "ProcessingRole": args.processing_role.arn,
        "TrainingRole": args.training_role.arn,
        "FirstSubnet": args.network.subnet_ids[0],
        "SecondSubnet": args.network.subnet_ids[1],
        "SecurityGroup": args.network.security_group_id,
        "KmsKey": lake.key_arn("artifacts"),
        "RawUri": lake.uri("raw", project),
        "CuratedUri": lake.uri("curated", project),
        "FeaturesUri": lake.uri("features", project),
        "ArtifactsUri": lake.uri("artifacts", project),
        "ModelPackageGroup": args.registry.group_name,
        "ProcessingInstanceType": args.processing_instance_type,
        "TrainingInstanceType": args.training_instance_type,
    }
    # A zone's bucket refuses every key but its own, so a job that writes to one of these names that zone's key.
    keys: dict[str, pulumi.Input[Any]] = {
        "RawKey": lake.key_arn("raw"), "CuratedKey": lake.key_arn("curated"), "FeaturesKey": lake.key_arn("features"),
    }
    if reserved := sorted(args.parameters.keys() & (standard.keys() | keys.keys())):
        raise Refusal(
            f"{', '.join(reserved)}: filled by the component itself.", where="TrainingPipelineArgs.parameters",
            fix="leave it out; other arguments say what it becomes",
        )
    declared = {name: value for name, value in keys.items() if name in definition.parameters}
    return standard | declared | dict(args.parameters)


def _run_jobs(args: TrainingPipelineArgs) -> list[Statement]:
    context = args.context
    # SageMaker names a pipeline's jobs pipelines-<execution>-<step>, or after the project where the pipeline says so.
    jobs = [
        context.arn("sagemaker", f"{kind}/{prefix}-*")
        for kind in ("processing-job", "training-job") for prefix in ("pipelines", context.project)
    ]
    subnets, groups = "sagemaker:VpcSubnets", "sagemaker:VpcSecurityGroupIds"
    group = args.network.security_group_id
    guarded: dict[str, dict[str, Any]] = {
        "Bool": {"sagemaker:NetworkIsolation": "true", "sagemaker:InterContainerTrafficEncryption": "true"},
        "ForAllValues:StringEquals": {subnets: args.network.subnet_ids, groups: [group]},
        "Null": {subnets: "false", groups: "false"},  # ForAllValues holds where nothing is asked for
    }
    create = ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"]
    statements = [Statement(
        "CreateJobs", create, jobs,
        conditions=guarded | {"ArnEquals": {"sagemaker:VolumeKmsKey": args.lake.key_arn("artifacts")}},
    )]
    if keyless := sorted(filter(has_local_disks, {args.processing_instance_type, args.training_instance_type})):
        types = "sagemaker:InstanceTypes"
        statements.append(Statement(
            "CreateJobsOnLocalDisks", create, jobs,
            conditions=guarded | {
                "ForAllValues:StringEquals": guarded["ForAllValues:StringEquals"] | {types: keyless},
                "Null": guarded["Null"] | {types: "false", "sagemaker:VolumeKmsKey": "true"},
            },
        ))
    return [
        *statements,
        Statement(
            "FollowJobs",
            ["sagemaker:DescribeProcessingJob", "sagemaker:DescribeTrainingJob", "sagemaker:StopProcessingJob",
             "sagemaker:StopTrainingJob", "sagemaker:AddTags"],
            jobs,
        ),
    ]
