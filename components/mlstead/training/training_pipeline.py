"""The pipeline that goes from curated data to a registered model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.grants import LakeGrants
from mlstead.network.access import NetworkAccess
from mlstead.pipelines.pipeline import Pipeline, PipelineArgs
from mlstead.role import ExecutionRole, ExecutionRoleArgs, Grantee
from mlstead.training.image_repository import Image
from mlstead.training.model_registry import ModelRegistry


@dataclass(frozen=True)
class TrainingPipelineArgs:
    """Arguments of TrainingPipeline.

    Args:
        context: where it lives and whose it is.
        definition: path of the reviewed JSON that `mlstead compile` writes, relative to the program's folder.
        lake: where it reads and writes, under the prefix `<project>/`.
        network: what its jobs run in: the first two of its subnets.
        image: what its jobs run.
        registry: where it registers models.
        processing_instance_type: what processing jobs run on; local disks, where it has them, are encrypted by
            hardware, not with our key.
        training_instance_type: what training jobs run on; the same holds.
        parameters: values for the project's own parameters, in place of the pipeline's defaults.
    """

    context: Context
    definition: str | Path
    lake: LakeGrants
    network: NetworkAccess
    image: Image
    registry: ModelRegistry
    processing_instance_type: str = "ml.m5.large"
    training_instance_type: str = "ml.m5.large"
    parameters: Mapping[str, pulumi.Input[Any]] = field(default_factory=dict)


class TrainingPipeline(Component):
    """A pipeline of isolated jobs, the role of each kind of them, and the role that starts them.

    Processing reads curated data, keeps features, and reads and writes models and reports; training reads features and
    writes models. What has not passed the gates, neither of them can reach.

    Raises:
        Refusal: as Pipeline does.
    """

    arn: pulumi.Output[str]
    pipeline_name: pulumi.Output[str]
    role: ExecutionRole
    processing_role: ExecutionRole
    training_role: ExecutionRole

    def __init__(self, name: str, args: TrainingPipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context, lake = args.context, args.lake
        self._outputs: dict[str, pulumi.Input[str]] = {
            "artifacts_bucket": lake.bucket("artifacts"), "artifacts_prefix": context.project,
        }
        self.processing_role = ExecutionRole(
            f"{name}-processing", ExecutionRoleArgs(context, use="processing"), self._child()
        )
        lake.grant_read(self.processing_role, "curated")
        lake.grant_read_write(self.processing_role, "features")
        lake.grant_read_write(self.processing_role, "artifacts")
        self.training_role = ExecutionRole(
            f"{name}-training", ExecutionRoleArgs(context, use="training"), self._child()
        )
        lake.grant_read(self.training_role, "features")
        lake.grant_write(self.training_role, "artifacts")
        self.role = ExecutionRole(f"{name}-role", ExecutionRoleArgs(context, use="pipeline"), self._child())
        args.registry.grant_register(self.role)
        args.image.grant_pull(self.role)  # registering a model resolves its image's digest
        lake.grant_read(self.role, "artifacts")  # conditions read the reports of evaluation steps
        self._pipeline = Pipeline(name, PipelineArgs(
            context, context.name, args.definition, lake, args.network, args.image, self.role,
            job_roles={"ProcessingRole": self.processing_role, "TrainingRole": self.training_role},
            instance_types={"ProcessingInstanceType": args.processing_instance_type,
                            "TrainingInstanceType": args.training_instance_type},
            values={
                "CuratedUri": lake.uri("curated", context.project),
                "FeaturesUri": lake.uri("features", context.project),
                "ArtifactsUri": lake.uri("artifacts", context.project),
                "ModelPackageGroup": args.registry.group_name,
            },
            # A zone's bucket refuses every key but its own: a job that writes features names their key.
            output_keys={"FeaturesKey": lake.key_arn("features")},
            parameters=args.parameters,
        ), self._child())
        self.arn, self.pipeline_name = self._pipeline.arn, self._pipeline.pipeline_name
        self.register_outputs({"arn": self.arn, "pipeline_name": self.pipeline_name})

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what a project's stack tells of it."""
        return {"pipeline_name": self.pipeline_name, **self._outputs}

    def grant_start(self, role: Grantee) -> None:
        """Let the role start the pipeline, follow its executions and stop them."""
        self._pipeline.grant_start(role)

    def grant_follow(self, role: Grantee) -> None:
        """Let the role see the pipeline, its executions, and what became of their steps."""
        self._pipeline.grant_follow(role)
