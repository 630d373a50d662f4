"""One step of one execution: resolves its arguments, works through the API's own operations, keeps what came out."""

from __future__ import annotations

import secrets
import string
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.cloud.failure import ClientFailure, Failure, RoleFailure
from mlstead_toolkit.cloud.sagemaker.calling import called_by
from mlstead_toolkit.cloud.sagemaker.condition import holds
from mlstead_toolkit.cloud.sagemaker.expression import evaluate, text
from mlstead_toolkit.cloud.sagemaker.job import Job
from mlstead_toolkit.cloud.sagemaker.model import Models
from mlstead_toolkit.cloud.sagemaker.model_package import ModelPackages
from mlstead_toolkit.cloud.sagemaker.pipeline_definition import Step
from mlstead_toolkit.cloud.sagemaker.processing_job import ProcessingJobs
from mlstead_toolkit.cloud.sagemaker.record import Document, now
from mlstead_toolkit.cloud.sagemaker.training_job import TrainingJobs
from mlstead_toolkit.cloud.sagemaker.validation import check
from mlstead_toolkit.cloud.storage import Location

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.sagemaker.pipeline_execution import PipelineExecution

ALPHABET = string.ascii_letters + string.digits
NAME_LIMIT = 24


class StepFailure(Failure):
    """A step failed, for the reason that its job, or the Fail step, gives."""

    @property
    def reason(self) -> str:
        """The text for FailureReason."""
        return str(self)


class StepStopped(Exception):
    """A step was stopped with its execution."""


class StepRun:
    """A step that has begun.

    Attributes:
        status: Executing, Succeeded, Failed, Stopping or Stopped.
        output: what Describe says of the thing that the step made; later steps refer into it.
        outcome: what a Condition step decided.
    """

    def __init__(self, step: Step, execution: PipelineExecution) -> None:
        self.step, self.status = step, "Executing"
        self.output: Document = {}
        self.outcome: bool | None = None
        self._execution = execution
        self._metadata: Document = {}
        self._started = now()
        self._ended: datetime | None = None
        self._reason: str | None = None
        self._job: Job | None = None
        self._lock = threading.Lock()

    def run(self) -> None:
        """Do the step; afterwards the status is final."""
        try:
            getattr(self, f"_run_{self.step.type.lower()}")()
            self._end("Succeeded")
        except StepStopped:
            self._end("Stopped")
        except Failure as failure:
            self._end("Failed", failure.reason)
        except Exception as error:
            # What an operation refuses fails the step as it does on AWS; it comes as one of moto's service errors.
            message = getattr(error, "message", None)
            self._end(
                "Failed",
                f"ClientError: {message}"
                if message
                else f"InternalServerError: the local cloud failed: {type(error).__name__}: {error}",
            )

    def stop(self) -> None:
        """Stop the step's job, if it has one."""
        with self._lock:
            if self._job is None or self._ended is not None:
                return
            self.status = "Stopping"
        kind = self.step.type
        if not self._execution.may(f"Stop{kind}Job", {f"{kind}JobName": self._job.name}):
            self._job.stop()

    def described(self) -> Document:
        """Give the step as ListPipelineExecutionSteps shows it."""
        shown: Document = {
            "StepName": self.step.name,
            "StartTime": self._started,
            "StepStatus": self.status,
            "AttemptCount": 1,
            "Metadata": self._metadata,
        }
        for member, value in (
            ("EndTime", self._ended),
            ("FailureReason", self._reason),
            ("StepDisplayName", self.step.display_name),
            ("StepDescription", self.step.description),
        ):
            if value is not None:
                shown[member] = value
        return shown

    def property_file(self, name: str) -> Any:
        """Read a property file that this step has written. Raises Failure where it is missing or no JSON."""
        declared = self.step.property_files[name]
        outputs = self.output["ProcessingOutputConfig"]["Outputs"]
        uri = next((one["S3Output"]["S3Uri"] for one in outputs if one["OutputName"] == declared["OutputName"]), None)
        if uri is None:
            raise StepFailure(f"Property file {name}: step {self.step.name} has no output {declared['OutputName']!r}.")
        return self._execution.document(f"{uri.rstrip('/')}/{declared['FilePath']}")

    @property
    def reason(self) -> str:
        """Why it failed."""
        return self._reason or ""

    def _run_processing(self) -> None:
        self._run_job(self._execution.peer(ProcessingJobs), "ProcessingJob")

    def _run_training(self) -> None:
        self._run_job(self._execution.peer(TrainingJobs), "TrainingJob")

    def _run_job(self, jobs: ProcessingJobs | TrainingJobs, member: str) -> None:
        name = self._fresh_name()
        request = self._tagged({**self._arguments(), jobs.name_member: name})
        create = jobs.create_training_job if isinstance(jobs, TrainingJobs) else jobs.create_processing_job
        self._metadata[member] = {"Arn": self._invoke(f"Create{member}", request, create)[jobs.arn_member]}
        self._job = jobs.get(name)
        if self._execution.stopping:
            self.stop()
        self._job.ended.wait()
        self.output = self._invoke(f"Describe{member}", {jobs.name_member: name}, jobs.describe)
        if self._job.status == "Stopped" and self._execution.stopping:
            raise StepStopped
        if self._job.status != "Completed":
            raise StepFailure(
                self.output.get("FailureReason")
                or self.output.get("ExitMessage")
                or f"{self.output.get('SecondaryStatus', self._job.status)}: the job did not complete."
            )

    def _run_registermodel(self) -> None:
        packages = self._execution.peer(ModelPackages)
        request = self._arguments()
        group = request.get("ModelPackageGroupName")
        if not group:
            request = self._tagged(request)  # a version has the tags of its group
        elif not group.startswith("arn:"):
            # Pipelines asks for the group before each version, and minds only where it may not.
            self._invoke("CreateModelPackageGroup", self._tagged({"ModelPackageGroupName": group}), lambda _: {})
        arn = self._invoke("CreateModelPackage", request, self._register)["ModelPackageArn"]
        self._metadata["RegisterModel"] = {"Arn": arn}
        self.output = self._invoke("DescribeModelPackage", {"ModelPackageName": arn}, packages.describe)

    def _register(self, request: Document) -> Document:
        """Register a model: who does must be able to read its data and to resolve its image.

        Raises ClientFailure in the words that CreateModelPackage has.
        """
        for container in request.get("InferenceSpecification", {}).get("Containers", []):
            if url := container.get("ModelDataUrl"):
                try:
                    self._execution.storage.look_at(url)
                except RoleFailure as failure:
                    location = Location.parse(url)
                    raise RoleFailure(
                        f"Access denied for bucket: {location.bucket}, object key: {location.key}. ({failure})"
                    ) from failure
            if image := container.get("Image"):
                self._execution.pull(image)
        return self._execution.peer(ModelPackages).create_model_package(request)

    def _run_model(self) -> None:
        models = self._execution.peer(Models)
        name = self._fresh_name()
        request = self._tagged({**self._arguments(), "ModelName": name})
        self._metadata["Model"] = {"Arn": self._invoke("CreateModel", request, models.create_model)["ModelArn"]}
        self.output = self._invoke("DescribeModel", {"ModelName": name}, models.describe)

    def _run_condition(self) -> None:
        self.outcome = all(holds(condition, self._execution) for condition in self.step.arguments["Conditions"])
        self._metadata["Condition"] = {"Outcome": str(self.outcome)}
        self.output = {"Outcome": str(self.outcome)}

    def _run_fail(self) -> None:
        message = text(evaluate(self.step.arguments.get("ErrorMessage", ""), self._execution))
        self._metadata["Fail"] = {"ErrorMessage": message}
        raise StepFailure(message)

    def _arguments(self) -> Document:
        arguments: Document = evaluate(self.step.arguments, self._execution)
        return arguments

    def _tagged(self, request: Document) -> Document:
        """Add the tags that Pipelines puts on what it makes, for which the role needs sagemaker:AddTags."""
        own = {"sagemaker:pipeline-execution-arn": self._execution.arn, "sagemaker:pipeline-step-name": self.step.name}
        return {**request, "Tags": [
            *request.get("Tags", []), *({"Key": key, "Value": value} for key, value in own.items())
        ]}

    def _invoke(self, operation: str, request: Document, carry_out: Callable[[Document], Document]) -> Document:
        """Call an operation of SageMaker as the pipeline's role. Raises ClientFailure with what refuses it."""
        from moto.core.exceptions import ServiceException

        try:
            check(operation, request)
            if refused := self._execution.may(operation, request):
                raise RoleFailure(refused)
            with called_by(self._execution.access_key):
                return carry_out(request)
        except (ServiceException, RoleFailure) as error:
            said = error.message if isinstance(error, ServiceException) else error
            raise ClientFailure(f"Failed to invoke sagemaker:{operation}. Error Details: {said}") from error

    def _fresh_name(self) -> str:
        random = "".join(secrets.choice(ALPHABET) for _ in range(10))
        step = self.step.name.replace("_", "-")[:NAME_LIMIT].strip("-")
        return f"pipelines-{self._execution.identifier}-{step}-{random}"

    def _end(self, status: str, reason: str | None = None) -> None:
        with self._lock:
            self._ended, self._reason = now(), reason
            self.status = status
