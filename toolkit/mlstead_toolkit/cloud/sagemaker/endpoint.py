"""Endpoints: deployments of endpoint configurations, replaced only by healthy ones."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlstead_toolkit.cloud.failure import LIMIT, Failure, RoleFailure
from mlstead_toolkit.cloud.log_stream import LogStream
from mlstead_toolkit.cloud.sagemaker.endpoint_config import EndpointConfigs
from mlstead_toolkit.cloud.sagemaker.model import Models
from mlstead_toolkit.cloud.sagemaker.model_server import HEALTHY_WITHIN, ModelServer
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, now, refusal
from mlstead_toolkit.cloud.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Variant:
    """A production variant that is being served, by one process whatever its instance count."""

    name: str
    weight: float
    server: ModelServer
    description: Document


class Deployment:
    """One endpoint configuration being served."""

    def __init__(self, config: Document, variants: Sequence[Variant]) -> None:
        self.config, self.variants = config, variants
        self.config_name: str = config["EndpointConfigName"]
        self.capture: Document = config.get("DataCaptureConfig", {})

    def start(self) -> None:
        """Bring every variant into service. Raises EndpointFailure naming the variant that did not come up."""
        for variant in self.variants:
            try:
                variant.server.start(
                    variant.description.get("ContainerStartupHealthCheckTimeoutInSeconds", HEALTHY_WITHIN)
                )
            except Failure as failure:
                self.stop()
                raise EndpointFailure(variant.name, failure) from failure
        for variant in self.variants:
            variant.server.keep_alive()

    def stop(self) -> None:
        """End every variant's server."""
        for variant in self.variants:
            variant.server.stop()

    def choose(self, name: str | None) -> Variant | None:
        """Pick the variant that answers: the one asked for, or one by weight."""
        if name:
            return next((variant for variant in self.variants if variant.name == name), None)
        if len(self.variants) == 1:
            return self.variants[0]
        return random.choices(self.variants, [variant.weight for variant in self.variants])[0]  # noqa: S311 - traffic


class EndpointFailure(Failure):
    """A variant did not come into service."""

    def __init__(self, variant: str, failure: Failure) -> None:
        unhealthy = (
            f"The primary container for production variant {variant} did not pass the ping health check: "
            f"{failure.reason} Please check CloudWatch logs for this endpoint."
        )
        super().__init__(str(failure) if isinstance(failure, RoleFailure) else unhealthy)

    @property
    def reason(self) -> str:
        """The text for FailureReason."""
        return str(self)[:LIMIT]


class Endpoint(Record):
    """One endpoint; `deployment` is what answers now."""

    deployment: Deployment | None = None


class Endpoints(Collection[Endpoint]):
    """Endpoints and the operations on them."""

    kind, name_member, arn_member = "endpoint", "EndpointName", "EndpointArn"
    status_member, list_member = "EndpointStatus", "Endpoints"
    summary_members = ("EndpointName", "EndpointArn", "CreationTime", "LastModifiedTime", "EndpointStatus")
    operations = (
        "create_endpoint",
        "describe_endpoint",
        "list_endpoints",
        "update_endpoint",
        "delete_endpoint",
        "update_endpoint_weights_and_capacities",
    )

    def create_endpoint(self, request: Document) -> Document:
        """Create an endpoint; it is in service once its containers are healthy."""
        arn, created = self.arn(request["EndpointName"]), now()
        deployment = self._deployment(request["EndpointName"], request["EndpointConfigName"])
        description = {
            "EndpointName": request["EndpointName"],
            "EndpointArn": arn,
            "EndpointStatus": "Creating",
            "EndpointConfigName": deployment.config_name,
            "CreationTime": created,
            "LastModifiedTime": created,
        }
        endpoint = Endpoint(request["EndpointName"], arn, description, request.get("Tags", []))
        self.add(endpoint)
        self._roll_out(endpoint, deployment)
        return {"EndpointArn": arn}

    def update_endpoint(self, request: Document) -> Document:
        """Replace what an endpoint serves; the old answers until the new is healthy, and stays if it never is."""
        endpoint = self.get(request["EndpointName"])
        with self.lock:
            if endpoint.description["EndpointStatus"] != "InService":
                raise refusal(
                    f'Cannot update endpoint "{endpoint.arn}" while its status is '
                    f"{endpoint.description['EndpointStatus']}."
                )
            deployment = self._deployment(endpoint.name, request["EndpointConfigName"])
            if request.get("DeploymentConfig"):
                endpoint.description["LastDeploymentConfig"] = request["DeploymentConfig"]
            endpoint.description.pop("FailureReason", None)
            endpoint.touch(EndpointStatus="Updating")
        self._roll_out(endpoint, deployment)
        return {"EndpointArn": endpoint.arn}

    def describe_endpoint(self, request: Document) -> Document:
        """Say how an endpoint is doing."""
        return self.describe(request)

    def list_endpoints(self, request: Document) -> Document:
        """List endpoints."""
        return self.listing(request)

    def delete_endpoint(self, request: Document) -> Document:
        """Delete an endpoint and end its containers."""
        endpoint = self.get(request["EndpointName"])
        with self.lock:
            if endpoint.description["EndpointStatus"] in ("Creating", "Updating"):
                raise refusal(f'Cannot update in-progress endpoint "{endpoint.arn}".')
            del self.records[endpoint.name]
        if endpoint.deployment is not None:
            endpoint.deployment.stop()
        return {}

    def update_endpoint_weights_and_capacities(self, request: Document) -> Document:
        """Shift traffic between the variants that are in service."""
        endpoint = self.get(request["EndpointName"])
        wanted = {one["VariantName"]: one for one in request["DesiredWeightsAndCapacities"]}
        deployment = endpoint.deployment
        if deployment is None or not wanted.keys() <= {variant.name for variant in deployment.variants}:
            raise refusal(f"The variants {sorted(wanted)} are not all variants of endpoint {endpoint.arn}.")
        changed = []
        for variant in deployment.variants:
            asked = wanted.get(variant.name, {})
            description = {**variant.description}
            if "DesiredInstanceCount" in asked:
                description["InitialInstanceCount"] = asked["DesiredInstanceCount"]
            changed.append(
                Variant(variant.name, asked.get("DesiredWeight", variant.weight), variant.server, description)
            )
        endpoint.deployment = Deployment(deployment.config, changed)
        endpoint.touch(ProductionVariants=_shown(endpoint.deployment))
        return {"EndpointArn": endpoint.arn}

    def missing(self, name: str) -> Exception:
        """SageMaker's words for an endpoint that does not exist."""
        return refusal(f'Could not find endpoint "{self.arn(name)}".')

    def _deployment(self, endpoint: str, config_name: str) -> Deployment:
        config = self.peer(EndpointConfigs).get(config_name).description
        variants = []
        for wanted in config["ProductionVariants"]:
            serving = self.peer(Models).serving(wanted["ModelName"])
            instance = uuid.uuid4().hex
            base = self._base(self.workshop) / endpoint / instance
            stream = LogStream(
                self.region, f"/aws/sagemaker/Endpoints/{endpoint}", f"{wanted['VariantName']}/i-{instance[:17]}"
            )
            server = ModelServer(self.workshop, serving, self.region, base, stream)
            shown = {
                **wanted,
                "DeployedImages": [
                    {"SpecifiedImage": serving.image, "ResolvedImage": serving.image, "ResolutionTime": now()}
                ],
            }
            variants.append(Variant(wanted["VariantName"], wanted.get("InitialVariantWeight", 1.0), server, shown))
        return Deployment(config, variants)

    def _roll_out(self, endpoint: Endpoint, deployment: Deployment) -> None:
        threading.Thread(target=self._bring_in, args=(endpoint, deployment), name=endpoint.name, daemon=True).start()

    def _bring_in(self, endpoint: Endpoint, deployment: Deployment) -> None:
        previous = endpoint.deployment
        try:
            deployment.start()
        except EndpointFailure as failure:
            endpoint.touch(EndpointStatus="InService" if previous else "Failed", FailureReason=failure.reason)
            return
        except Exception as error:
            deployment.stop()
            endpoint.touch(
                EndpointStatus="InService" if previous else "Failed",
                FailureReason=f"InternalServerError: the local cloud failed: {type(error).__name__}: {error}",
            )
            return
        endpoint.deployment = deployment
        changes: Document = {
            "EndpointConfigName": deployment.config_name,
            "ProductionVariants": _shown(deployment),
            "EndpointStatus": "InService",
        }
        if capture := _capture(deployment.capture):
            changes["DataCaptureConfig"] = capture
        else:
            endpoint.description.pop("DataCaptureConfig", None)
        endpoint.touch(**changes)
        if previous is not None:
            previous.stop()

    @staticmethod
    def _base(workshop: Workshop) -> Path:
        return workshop.boot.directory / "jobs" / "endpoints"


def _shown(deployment: Deployment) -> list[Document]:
    shown = []
    for variant in deployment.variants:
        one: Document = {
            "VariantName": variant.name,
            "DeployedImages": variant.description["DeployedImages"],
            "CurrentWeight": variant.weight,
            "DesiredWeight": variant.weight,
        }
        if serverless := variant.description.get("ServerlessConfig"):
            one.update(CurrentServerlessConfig=serverless, DesiredServerlessConfig=serverless)
        else:
            count = variant.description.get("InitialInstanceCount", 1)
            one.update(CurrentInstanceCount=count, DesiredInstanceCount=count)
        shown.append(one)
    return shown


def _capture(config: Document) -> Document | None:
    """Give DataCaptureConfig as DescribeEndpoint shows it, or None where nothing is captured."""
    if not config.get("EnableCapture"):
        return None
    return {
        "EnableCapture": True,
        "CaptureStatus": "Started",
        "CurrentSamplingPercentage": config["InitialSamplingPercentage"],
        "DestinationS3Uri": config["DestinationS3Uri"],
        "KmsKeyId": config.get("KmsKeyId", ""),
    }
