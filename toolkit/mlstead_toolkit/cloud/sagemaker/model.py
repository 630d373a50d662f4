"""Models: an image and its data, named directly or through an approved model package."""

from __future__ import annotations

from dataclasses import dataclass

from mlstead_toolkit.cloud.sagemaker.execution_role import any_resource, check_role
from mlstead_toolkit.cloud.sagemaker.model_package import ModelPackages
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal
from mlstead_toolkit.cloud.sagemaker.vpc_config import check_vpc_config

KEPT = ("ModelName", "PrimaryContainer", "Containers", "InferenceExecutionConfig", "ExecutionRoleArn", "VpcConfig")


@dataclass(frozen=True, slots=True)
class Serving:
    """What it takes to serve a model: image URI, s3:// address of its model.tar.gz (or none), environment, role.

    `isolated`: its container is cut off from the network. `vpc_config`: the subnets that it runs in.
    """

    image: str
    data_url: str | None
    environment: dict[str, str]
    role_arn: str
    isolated: bool
    vpc_config: Document | None


class Models(Collection[Record]):
    """Models and the operations on them."""

    kind, name_member, arn_member = "model", "ModelName", "ModelArn"
    list_member, summary_members = "Models", ("ModelName", "ModelArn", "CreationTime")
    operations = ("create_model", "describe_model", "list_models", "delete_model")

    def create_model(self, request: Document) -> Document:
        """Create a model. Refuses a role that SageMaker cannot assume, no network, and no approved package."""
        containers = [request["PrimaryContainer"]] if request.get("PrimaryContainer") else request.get("Containers", [])
        if not containers:
            raise refusal("Either PrimaryContainer or Containers must be provided.")
        check_role(request.get("ExecutionRoleArn", ""), any_resource(self.region, self.account))
        check_vpc_config(request.get("VpcConfig"), self.account, self.region)
        for container in containers:
            self._check_container(container)
        arn = self.arn(request["ModelName"])
        description = {
            "EnableNetworkIsolation": bool(request.get("EnableNetworkIsolation")),
            **kept(request, *KEPT),
            "ModelArn": arn,
            "CreationTime": now(),
        }
        self.add(Record(request["ModelName"], arn, description, request.get("Tags", [])))
        return {"ModelArn": arn}

    def describe_model(self, request: Document) -> Document:
        """Describe a model."""
        return self.describe(request)

    def list_models(self, request: Document) -> Document:
        """List models."""
        return self.listing(request)

    def delete_model(self, request: Document) -> Document:
        """Delete a model; its data in S3 stays."""
        del self.records[self.get(request["ModelName"]).name]
        return {}

    def serving(self, name: str) -> Serving:
        """Say what it takes to serve a model. Raises the refusal for what cannot be served here."""
        description = self.get(name).description
        containers = description.get("Containers") or [description["PrimaryContainer"]]
        if len(containers) > 1:
            raise refusal(
                f"Model {name!r} is an inference pipeline of {len(containers)} containers, "
                "which the local cloud does not serve."
            )
        container = containers[0]
        environment = dict(container.get("Environment", {}))
        if package := container.get("ModelPackageName"):
            container = self.peer(ModelPackages).deployable(package)
            environment = {**container.get("Environment", {}), **environment}
        source = container.get("ModelDataSource", {}).get("S3DataSource", {}).get("S3Uri")
        return Serving(
            container["Image"],
            container.get("ModelDataUrl") or source,
            environment,
            description["ExecutionRoleArn"],
            description["EnableNetworkIsolation"],
            description.get("VpcConfig"),
        )

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a model that does not exist."""
        return refusal(f'Could not find model "{self.arn(name)}".')

    def _check_container(self, container: Document) -> None:
        if package := container.get("ModelPackageName"):
            self.peer(ModelPackages).deployable(package)
        elif not container.get("Image"):
            raise refusal("A container must have either an Image or a ModelPackageName.")
