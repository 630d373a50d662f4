"""Processing jobs: inputs to local folders, any command, outputs back to S3."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from mlstead_toolkit.cloud.container import Container, how_it_ended
from mlstead_toolkit.cloud.failure import AlgorithmFailure, ClientFailure
from mlstead_toolkit.cloud.sagemaker.execution_role import check_role
from mlstead_toolkit.cloud.sagemaker.job import DAY, Bench, Job, Jobs, Stopped, command_of
from mlstead_toolkit.cloud.sagemaker.record import Document, kept, now, refusal
from mlstead_toolkit.cloud.sagemaker.vpc_config import check_vpc_config

KEPT = (
    "ProcessingJobName",
    "ProcessingInputs",
    "ProcessingOutputConfig",
    "ProcessingResources",
    "StoppingCondition",
    "AppSpecification",
    "Environment",
    "NetworkConfig",
    "RoleArn",
    "ExperimentConfig",
)
OPT_ML = "/opt/ml/"
MESSAGE_LIMIT = 1024


class ProcessingJob(Job):
    """One processing job."""

    status_member = "ProcessingJobStatus"
    log_group = "/aws/sagemaker/ProcessingJobs"

    @property
    def isolated(self) -> bool:
        """Whether its container is cut off from the network."""
        return bool(self.description.get("NetworkConfig", {}).get("EnableNetworkIsolation"))

    @property
    def vpc_config(self) -> Document | None:
        """The subnets that it runs in."""
        network: Document = self.description.get("NetworkConfig", {})
        return network.get("VpcConfig")

    @property
    def volume_key(self) -> str | None:
        """The customer's key that encrypts its volume."""
        cluster: Document = self.description.get("ProcessingResources", {}).get("ClusterConfig", {})
        return cluster.get("VolumeKmsKeyId")

    def run(self, bench: Bench) -> None:
        """Fetch the inputs, run the command, put the outputs."""
        request = self.description
        specification = request["AppSpecification"]
        image = self.workshop.images.resolve(specification["ImageUri"])
        self._prepare(bench)
        bench.instance.pull(specification["ImageUri"])
        self.touch(ProcessingStartTime=now())
        command = command_of(
            specification.get("ContainerEntrypoint"), specification.get("ContainerArguments"), "process"
        )
        environment = {
            **bench.environment,
            "PROCESSING_JOB_NAME": self.name,
            "PROCESSING_JOB_ARN": self.arn,
            **request.get("Environment", {}),
        }
        container = Container(image, command, bench.base, environment, bench.log, self.workshop.reaper)
        limit = request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY)
        code, overtime = self.contain(bench, container, limit)
        message = bench.opt_ml / "output/message"
        if message.is_file():
            self.touch(ExitMessage=message.read_text(errors="replace")[:MESSAGE_LIMIT])
        if overtime:
            self.touch(ExitMessage=f"The job ran longer than MaxRuntimeInSeconds, {limit}.")
            raise Stopped
        if code != 0:
            said = self.description.get("ExitMessage") or bench.log.last_line.strip() or "nothing was printed"
            raise AlgorithmFailure(f"{said}, {how_it_ended(code)}")
        self._deliver(bench)

    def stopping(self) -> None:
        """Show that it is being stopped."""
        self.touch(ProcessingJobStatus="Stopping")

    def finish(self, status: str, reason: str | None) -> None:
        """Show how it ended."""
        if reason:
            self.touch(FailureReason=reason)
        self.touch(ProcessingEndTime=now(), ProcessingJobStatus=status)

    def _prepare(self, bench: Bench) -> None:
        request = self.description
        (bench.opt_ml / "output").mkdir(parents=True, exist_ok=True)
        for given in request.get("ProcessingInputs", []):
            if source := given.get("S3Input"):
                bench.storage.download_prefix(source["S3Uri"], _local(bench, source["LocalPath"]))
        for wanted in self._outputs():
            _local(bench, wanted["LocalPath"]).mkdir(parents=True, exist_ok=True)
        config = bench.opt_ml / "config"
        config.mkdir(exist_ok=True)
        instance = request.get("ProcessingResources", {}).get("ClusterConfig", {}).get("InstanceType", "")
        (config / "processingjobconfig.json").write_text(
            json.dumps(
                {"ProcessingJobArn": self.arn, **{member: value for member, value in request.items() if member in KEPT}}
            )
        )
        (config / "resourceconfig.json").write_text(
            json.dumps({"current_host": "algo-1", "hosts": ["algo-1"], "current_instance_type": instance})
        )

    def _deliver(self, bench: Bench) -> None:
        key = self.description.get("ProcessingOutputConfig", {}).get("KmsKeyId") or None
        for wanted in self._outputs():
            bench.storage.upload_directory(_local(bench, wanted["LocalPath"]), wanted["S3Uri"], key)

    def _outputs(self) -> list[dict[str, Any]]:
        outputs = self.description.get("ProcessingOutputConfig", {}).get("Outputs", [])
        return [output["S3Output"] for output in outputs if "S3Output" in output]


class ProcessingJobs(Jobs[ProcessingJob]):
    """Processing jobs and the operations on them."""

    kind, name_member, arn_member = "processing-job", "ProcessingJobName", "ProcessingJobArn"
    status_member, list_member = "ProcessingJobStatus", "ProcessingJobSummaries"
    summary_members = (
        "ProcessingJobName",
        "ProcessingJobArn",
        "CreationTime",
        "ProcessingEndTime",
        "LastModifiedTime",
        "ProcessingJobStatus",
        "FailureReason",
        "ExitMessage",
    )
    operations = (
        "create_processing_job",
        "describe_processing_job",
        "list_processing_jobs",
        "stop_processing_job",
        "delete_processing_job",
    )

    def create_processing_job(self, request: Document) -> Document:
        """Start a processing job."""
        arn = self.arn(request["ProcessingJobName"])
        check_role(request["RoleArn"], arn)
        self.image(request["AppSpecification"]["ImageUri"])
        check_vpc_config(request.get("NetworkConfig", {}).get("VpcConfig"), self.account, self.region)
        created = now()
        description = {
            **kept(request, *KEPT),
            "ProcessingJobArn": arn,
            "ProcessingJobStatus": "InProgress",
            "CreationTime": created,
            "LastModifiedTime": created,
        }
        job = ProcessingJob(
            request["ProcessingJobName"], arn, description, request.get("Tags", []), self.region, self.workshop
        )
        self.add(
            job,
            f"Job name must be unique within an AWS account and region, and a job with this name already exists "
            f"({arn})",
        )
        job.start()
        return {"ProcessingJobArn": arn}

    def describe_processing_job(self, request: Document) -> Document:
        """Say how a processing job is doing."""
        return self.describe(request)

    def list_processing_jobs(self, request: Document) -> Document:
        """List processing jobs."""
        return self.listing(request)

    def stop_processing_job(self, request: Document) -> Document:
        """Stop a processing job."""
        self.stop(request)
        return {}

    def delete_processing_job(self, request: Document) -> Document:
        """Delete a processing job that has ended."""
        self.delete(request)
        return {}

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a job that does not exist."""
        return refusal(f"Could not find requested job with name: {name}")


def _local(bench: Bench, path: str) -> Path:
    """Give the folder that stands for a container path. Raises ClientFailure for one outside /opt/ml."""
    if not path.startswith(OPT_ML) or ".." in PurePosixPath(path).parts:
        raise ClientFailure(f"LocalPath {path!r} must begin with /opt/ml/processing.")
    return bench.base / path.lstrip("/")
