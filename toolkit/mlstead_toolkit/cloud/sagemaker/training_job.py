"""Training jobs: channels in, `train` run, model and output out."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

from mlstead_toolkit.cloud.container import Container, how_it_ended
from mlstead_toolkit.cloud.failure import AlgorithmFailure
from mlstead_toolkit.cloud.sagemaker.execution_role import check_role
from mlstead_toolkit.cloud.sagemaker.job import DAY, Bench, Job, Jobs, command_of
from mlstead_toolkit.cloud.sagemaker.metric import MetricReader, Point
from mlstead_toolkit.cloud.sagemaker.record import Document, kept, now, refusal
from mlstead_toolkit.cloud.sagemaker.vpc_config import check_vpc_config

KEPT = (
    "TrainingJobName",
    "HyperParameters",
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "VpcConfig",
    "StoppingCondition",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "DebugHookConfig",
    "TensorBoardOutputConfig",
    "ExperimentConfig",
    "Environment",
    "RetryStrategy",
    "ProfilerConfig",
    "DebugRuleConfigurations",
    "ProfilerRuleConfigurations",
)
MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopping": "Stopping the training job",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
}


class TrainingJob(Job):
    """One training job."""

    status_member = "TrainingJobStatus"
    log_group = "/aws/sagemaker/TrainingJobs"
    _overtime = False

    @property
    def isolated(self) -> bool:
        """Whether its container is cut off from the network."""
        return bool(self.description.get("EnableNetworkIsolation"))

    @property
    def vpc_config(self) -> Document | None:
        """The subnets that it runs in."""
        return self.description.get("VpcConfig")

    @property
    def volume_key(self) -> str | None:
        """The customer's key that encrypts its volume."""
        resources: Document = self.description.get("ResourceConfig", {})
        return resources.get("VolumeKmsKeyId")

    def run(self, bench: Bench) -> None:
        """Download the channels, train, upload the model."""
        request = self.description
        specification = request["AlgorithmSpecification"]
        image = self.workshop.images.resolve(specification["TrainingImage"])
        self.move_to("Downloading")
        self._write_configuration(bench.opt_ml)
        for channel in request.get("InputDataConfig", []):
            bench.storage.download_prefix(
                channel["DataSource"]["S3DataSource"]["S3Uri"], bench.opt_ml / "input/data" / channel["ChannelName"]
            )
        bench.instance.pull(specification["TrainingImage"])
        self.move_to("Training")
        self.touch(TrainingStartTime=now())
        metrics = MetricReader(specification.get("MetricDefinitions", []))
        command = command_of(specification.get("ContainerEntrypoint"), specification.get("ContainerArguments"), "train")
        environment = {
            **bench.environment,
            "TRAINING_JOB_NAME": self.name,
            "TRAINING_JOB_ARN": self.arn,
            **request.get("Environment", {}),
        }
        container = Container(image, command, bench.base, environment, bench.log, self.workshop.reaper, metrics.read)
        limit = request["StoppingCondition"].get("MaxRuntimeInSeconds", DAY)
        code, self._overtime = self.contain(bench, container, limit)
        if found := metrics.final():
            self.touch(FinalMetricDataList=found)
            named = (("TrainingJobName", self.name),)
            bench.instance.publish(self.log_group, [
                Point(one["MetricName"], one["Value"], "None", named, one["Timestamp"]) for one in found
            ])
        if code != 0 and not self._overtime:
            raise AlgorithmFailure(self._why(bench, code))
        self.move_to("Uploading")
        self._upload(bench)

    def stopping(self) -> None:
        """Show that it is being stopped."""
        self.touch(TrainingJobStatus="Stopping")
        self.move_to("Stopping")

    def finish(self, status: str, reason: str | None) -> None:
        """Show how it ended."""
        secondary = status
        if status == "Completed" and self._overtime:
            status, secondary = "Stopped", "MaxRuntimeExceeded"
        if reason:
            self.touch(FailureReason=reason)
        ended = now()
        self.move_to(secondary, reason)
        self.description["SecondaryStatusTransitions"][-1]["EndTime"] = ended
        started = self.description.get("TrainingStartTime")
        if started:
            seconds = max(1, round((ended - started).total_seconds()))
            self.touch(TrainingEndTime=ended, TrainingTimeInSeconds=seconds, BillableTimeInSeconds=seconds)
        self.touch(TrainingEndTime=ended, TrainingJobStatus=status)

    def move_to(self, secondary: str, message: str | None = None) -> None:
        """Enter a secondary status, and record when."""
        transitions = self.description["SecondaryStatusTransitions"]
        when = now()
        if transitions:
            transitions[-1]["EndTime"] = when
        transitions.append({"Status": secondary, "StartTime": when, "StatusMessage": message or MESSAGES[secondary]})
        self.touch(SecondaryStatus=secondary)

    def _write_configuration(self, opt_ml: Path) -> None:
        request = self.description
        channels = {
            channel["ChannelName"]: {
                "ContentType": channel.get("ContentType", ""),
                "TrainingInputMode": channel.get("InputMode", "File"),
                "S3DistributionType": channel["DataSource"]["S3DataSource"].get(
                    "S3DataDistributionType", "FullyReplicated"
                ),
                "RecordWrapperType": channel.get("RecordWrapperType", "None"),
            }
            for channel in request.get("InputDataConfig", [])
        }
        instance = request["ResourceConfig"].get("InstanceType", "")
        for name, content in {
            "hyperparameters": request.get("HyperParameters", {}),
            "inputdataconfig": channels,
            "resourceconfig": {
                "current_host": "algo-1",
                "hosts": ["algo-1"],
                "network_interface_name": "lo",
                "current_instance_type": instance,
                "current_group_name": "homogeneousCluster",
                "instance_groups": [
                    {"instance_group_name": "homogeneousCluster", "instance_type": instance, "hosts": ["algo-1"]}
                ],
            },
        }.items():
            file = opt_ml / "input/config" / f"{name}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(content))
        for folder in ("model", "output/data", "input/data", "code", "checkpoints"):
            (opt_ml / folder).mkdir(parents=True, exist_ok=True)

    def _why(self, bench: Bench, code: int) -> str:
        failure = bench.opt_ml / "output/failure"
        if failure.is_file() and (said := failure.read_text(errors="replace").strip()):
            return f"{said}, {how_it_ended(code)}"
        return f"{bench.log.last_line.strip() or 'nothing was printed'}, {how_it_ended(code)}"

    def _upload(self, bench: Bench) -> None:
        output = self.description["OutputDataConfig"]
        key = output.get("KmsKeyId") or None
        prefix = f"{output['S3OutputPath'].rstrip('/')}/{self.name}/output"
        bench.storage.upload(_packed(bench.opt_ml / "model"), f"{prefix}/model.tar.gz", key)
        self.touch(ModelArtifacts={"S3ModelArtifacts": f"{prefix}/model.tar.gz"})
        data = bench.opt_ml / "output/data"
        if any(data.iterdir()):
            bench.storage.upload(_packed(data), f"{prefix}/output.tar.gz", key)


class TrainingJobs(Jobs[TrainingJob]):
    """Training jobs and the operations on them."""

    kind, name_member, arn_member = "training-job", "TrainingJobName", "TrainingJobArn"
    status_member, list_member = "TrainingJobStatus", "TrainingJobSummaries"
    summary_members = (
        "TrainingJobName",
        "TrainingJobArn",
        "CreationTime",
        "TrainingEndTime",
        "LastModifiedTime",
        "TrainingJobStatus",
        "SecondaryStatus",
    )
    operations = (
        "create_training_job",
        "describe_training_job",
        "list_training_jobs",
        "stop_training_job",
        "delete_training_job",
    )

    def create_training_job(self, request: Document) -> Document:
        """Start a training job."""
        arn = self.arn(request["TrainingJobName"])
        check_role(request["RoleArn"], arn)
        self.image(request["AlgorithmSpecification"].get("TrainingImage", ""))
        check_vpc_config(request.get("VpcConfig"), self.account, self.region)
        created = now()
        description = {
            **kept(request, *KEPT),
            "TrainingJobArn": arn,
            "TrainingJobStatus": "InProgress",
            "SecondaryStatus": "Starting",
            "SecondaryStatusTransitions": [],
            "CreationTime": created,
            "LastModifiedTime": created,
            "StoppingCondition": request.get("StoppingCondition") or {"MaxRuntimeInSeconds": DAY},
        }
        job = TrainingJob(
            request["TrainingJobName"], arn, description, request.get("Tags", []), self.region, self.workshop
        )
        self.add(
            job,
            f"Job name must be unique within an AWS account and region, and a job with this name already exists "
            f"({arn})",
        ).move_to("Starting")
        job.start()
        return {"TrainingJobArn": arn}

    def describe_training_job(self, request: Document) -> Document:
        """Say how a training job is doing."""
        return self.describe(request)

    def list_training_jobs(self, request: Document) -> Document:
        """List training jobs."""
        return self.listing(request)

    def stop_training_job(self, request: Document) -> Document:
        """Stop a training job."""
        self.stop(request)
        return {}

    def delete_training_job(self, request: Document) -> Document:
        """Delete a training job that has ended."""
        self.delete(request)
        return {}

    def missing(self, name: str) -> Exception:  # noqa: ARG002 - SageMaker does not name it
        """SageMaker's words for a job that does not exist."""
        return refusal("Requested resource not found.")


def _packed(directory: Path) -> bytes:
    """Pack a folder's content as SageMaker packs a model. Level 1: models hardly shrink further, and time shows."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        for path in sorted(directory.iterdir()):
            archive.add(path, arcname=path.name)
    return buffer.getvalue()
