"""Endpoint configurations: which models an endpoint serves, on what, and what it captures."""

from __future__ import annotations

from mlstead_toolkit.cloud.sagemaker.model import Models
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal

KEPT = (
    "EndpointConfigName",
    "ProductionVariants",
    "DataCaptureConfig",
    "KmsKeyId",
    "AsyncInferenceConfig",
    "ExplainerConfig",
    "ShadowProductionVariants",
    "ExecutionRoleArn",
    "VpcConfig",
    "EnableNetworkIsolation",
)


class EndpointConfigs(Collection[Record]):
    """Endpoint configurations and the operations on them."""

    kind, name_member, arn_member = "endpoint-config", "EndpointConfigName", "EndpointConfigArn"
    list_member, summary_members = "EndpointConfigs", ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
    operations = (
        "create_endpoint_config",
        "describe_endpoint_config",
        "list_endpoint_configs",
        "delete_endpoint_config",
    )

    def create_endpoint_config(self, request: Document) -> Document:
        """Create a configuration of models that exist."""
        for variant in request["ProductionVariants"]:
            if "ModelName" in variant:
                self.peer(Models).get(variant["ModelName"])
            if not variant.get("InstanceType") and not variant.get("ServerlessConfig"):
                raise refusal(f"Variant {variant['VariantName']!r} needs an InstanceType or a ServerlessConfig.")
        arn = self.arn(request["EndpointConfigName"])
        description = {**kept(request, *KEPT), "EndpointConfigArn": arn, "CreationTime": now()}
        self.add(
            Record(request["EndpointConfigName"], arn, description, request.get("Tags", [])),
            f'Cannot create already existing endpoint configuration "{arn}".',
        )
        return {"EndpointConfigArn": arn}

    def describe_endpoint_config(self, request: Document) -> Document:
        """Describe a configuration."""
        return self.describe(request)

    def list_endpoint_configs(self, request: Document) -> Document:
        """List configurations."""
        return self.listing(request)

    def delete_endpoint_config(self, request: Document) -> Document:
        """Delete a configuration; endpoints that run on it go on."""
        del self.records[self.get(request["EndpointConfigName"]).name]
        return {}

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a configuration that does not exist."""
        return refusal(f'Could not find endpoint configuration "{self.arn(name)}".')
