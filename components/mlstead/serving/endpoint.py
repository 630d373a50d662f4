"""A real-time endpoint that serves one registered version of the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import cloudwatch, sagemaker

from mlstead.component import Component
from mlstead.context import Context
from mlstead.job_logs import check_retention
from mlstead.lake.grants import LakeGrants
from mlstead.network.access import NetworkAccess
from mlstead.pipelines.instance_types import has_local_disks
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import ExecutionRole, ExecutionRoleArgs, Grantee
from mlstead.serving.endpoint_alarms import EndpointAlarms, EndpointAlarmsArgs
from mlstead.training.image_repository import ImageRepository
from mlstead.training.model_registry import ModelRegistry
from mlstead.weakened import Secure

VARIANT = "primary"
MOST_INSTANCES = 1000


@dataclass(frozen=True)
class EndpointArgs:
    """Arguments of Endpoint.

    Args:
        context: where it lives and whose it is.
        lake: where model artifacts come from and captured traffic goes, in artifacts/<project>/.
        network: what it runs in, in every zone of it.
        images: the repository of the serving image.
        registry: where the versions of the model are.
        model_version: the version to serve; None: none yet, everything but the endpoint itself is made.
        encryption_key_arn: KMS key for logs and alarms.
        instance_type: SageMaker instance type; local disks, where it has them, are encrypted by hardware, not with our
            key.
        instance_count: how many instances share the traffic; at least 2 in production.
        capture_percent: share of requests and answers that is recorded, 1 to 100.
        log_retention_days: how long its logs are kept, in days that CloudWatch Logs knows.
        capture: whether requests and answers are recorded. Weakened: drift and bad answers can be neither seen nor
            explained afterwards.
        network_isolation: whether the container is cut off from every network. Weakened: code in the model's image can
            send what it is asked, and what it knows, to whatever the private network reaches.
    """

    context: Context
    lake: LakeGrants
    network: NetworkAccess
    images: ImageRepository
    registry: ModelRegistry
    model_version: int | None
    encryption_key_arn: pulumi.Input[str]
    instance_type: str = "ml.m5.large"
    instance_count: int = 1
    capture_percent: int = 100
    log_retention_days: int = 365
    capture: Secure = True
    network_isolation: Secure = True

    def __post_init__(self) -> None:
        check_retention(self.log_retention_days, "EndpointArgs.log_retention_days")
        for field, lowest, highest in (("instance_count", 1, MOST_INSTANCES), ("capture_percent", 1, 100)):
            if not lowest <= getattr(self, field) <= highest:
                raise Refusal(f"{field} is {getattr(self, field)}.", where="EndpointArgs",
                              fix=f"choose {lowest} to {highest}")


class Endpoint(Component):
    """An endpoint with its role, log group and alarms; with a model version also its model, configuration and itself.

    The endpoint keeps its name for ever. Models and configurations cannot be changed, so they are named automatically:
    a new version makes new ones, moves the endpoint over in place, and then deletes the old.

    Controls: FSBP SageMaker.4 (instance_count), SageMaker.5; cdk-nag SM2.
    """

    endpoint_name: str
    served_version: int | None
    capture_uri: pulumi.Output[str]
    alarms: EndpointAlarms
    role: ExecutionRole

    def __init__(self, name: str, args: EndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context, project = args.context, args.context.project
        self.endpoint_name, self.served_version = context.name, args.model_version
        self._lake, self._network, self._images = args.lake, args.network, args.images
        self.capture_uri = args.lake.uri("artifacts", f"{project}/capture")
        logs = cloudwatch.LogGroup(
            name, name=f"/aws/sagemaker/Endpoints/{self.endpoint_name}", kms_key_id=args.encryption_key_arn,
            retention_in_days=args.log_retention_days, tags=self.tags, opts=self._child(),
        )
        self.role = ExecutionRole(
            f"{name}-role", ExecutionRoleArgs(context, "endpoint", f"/aws/sagemaker/Endpoints/{self.endpoint_name}"),
            self._child(),
        )
        args.lake.grant_read(self.role, "artifacts")
        args.lake.grant_write(self.role, "artifacts", f"{project}/capture")
        args.lake.grant_volumes(self.role)
        args.network.grant_join(self.role)
        args.images.grant_pull(self.role)
        self.alarms = EndpointAlarms(
            name, EndpointAlarmsArgs(context, self.endpoint_name, VARIANT, args.encryption_key_arn), self._child()
        )
        if args.model_version is not None:
            self._serve(name, args, args.model_version, [logs, *self.role.policies])
        self.register_outputs({"endpoint_name": self.endpoint_name, "served_version": self.served_version})

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what a project's stack tells of it."""
        return {
            "endpoint_name": self.endpoint_name, "endpoint_served_version": self.served_version,
            "capture_uri": self.capture_uri, "alarms": self.alarms.names, "next_step": self.next_step,
        }

    @property
    def next_step(self) -> str:
        """What to type next, in this environment."""
        environment = self.context.environment
        if self.served_version is None:
            return f"no model is served yet; type: mlstead data ingest {environment}, then mlstead train {environment}"
        return f"type: mlstead predict {environment} --sample 3"

    def grant_invoke(self, role: Grantee) -> None:
        """Let the role ask the endpoint."""
        role.allow("invoke-endpoint", [Statement("Ask", ["sagemaker:InvokeEndpoint"], [self._arn])])

    def grant_watch(self, role: Grantee) -> None:
        """Let the role see how the endpoint is."""
        role.allow("watch-endpoint", [Statement("Watch", ["sagemaker:DescribeEndpoint"], [self._arn])])

    def grant_verify(self, role: Grantee) -> None:
        """Let the role see how the endpoint is and which version of the model it serves, and ask it."""
        self.grant_watch(role)
        self.grant_invoke(role)
        served = [self.context.arn("sagemaker", f"{kind}/{self._name}-*") for kind in ("endpoint-config", "model")]
        role.allow("verify-endpoint", [
            Statement("Verify", ["sagemaker:DescribeEndpointConfig", "sagemaker:DescribeModel"], served),
        ])

    def grant_read_captured(self, role: Grantee) -> None:
        """Let the role read the requests and answers that are recorded."""
        self._lake.grant_read(role, "artifacts", f"{self.context.project}/capture")

    def grant_monitor(self, role: Grantee) -> None:
        """Let jobs of the role compare what is recorded with a baseline, and keep their reports, in the network."""
        self.grant_read_captured(role)
        self._lake.grant_read_write(role, "artifacts", f"{self.context.project}/monitoring")
        self._lake.grant_volumes(role)
        self._network.grant_join(role)
        self._images.grant_pull(role)

    @property
    def _arn(self) -> str:
        return self.context.arn("sagemaker", f"endpoint/{self.endpoint_name}")

    def _serve(self, name: str, args: EndpointArgs, version: int, ready: list[pulumi.Resource]) -> None:
        model = sagemaker.Model(
            name,
            execution_role_arn=self.role.arn,
            primary_container={"model_package_name": args.registry.version_arn(version)},
            enable_network_isolation=bool(args.network_isolation),
            vpc_config=args.network.vpc_config,
            tags=self.tags | {"mlstead:model-version": str(version)},
            opts=self._child(depends_on=ready),
        )
        configuration = sagemaker.EndpointConfiguration(
            name,
            production_variants=[{
                "variant_name": VARIANT,
                "model_name": model.name,
                "instance_type": args.instance_type,
                "initial_instance_count": args.instance_count,
                "initial_variant_weight": 1,
            }],
            kms_key_arn=None if has_local_disks(args.instance_type) else args.lake.key_arn("artifacts"),
            data_capture_config=self._capture(args) if args.capture else None,
            tags=self.tags,
            opts=self._child(),
        )
        sagemaker.Endpoint(
            name, name=self.endpoint_name, endpoint_config_name=configuration.name, tags=self.tags, opts=self._child()
        )

    def _capture(self, args: EndpointArgs) -> sagemaker.EndpointConfigurationDataCaptureConfigArgsDict:
        return {
            "enable_capture": True,
            "initial_sampling_percentage": args.capture_percent,
            "destination_s3_uri": self.capture_uri,
            "kms_key_id": args.lake.key_arn("artifacts"),
            "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
            "capture_content_type_header": {
                "csv_content_types": ["text/csv"], "json_content_types": ["application/json"],
            },
        }
