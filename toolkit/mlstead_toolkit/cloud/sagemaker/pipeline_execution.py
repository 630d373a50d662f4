"""Pipeline executions: steps run as soon as what they wait for has succeeded, several at once."""

from __future__ import annotations

import json
import secrets
import string
import threading
from typing import Any

from mlstead_toolkit.access.calls import ApiCall
from mlstead_toolkit.cloud.failure import ClientFailure, Failure
from mlstead_toolkit.cloud.sagemaker.execution_role import assume
from mlstead_toolkit.cloud.sagemaker.expression import follow, text
from mlstead_toolkit.cloud.sagemaker.instance import Instance
from mlstead_toolkit.cloud.sagemaker.pipeline import Pipelines
from mlstead_toolkit.cloud.sagemaker.pipeline_definition import PipelineDefinition, Step, Value, parse
from mlstead_toolkit.cloud.sagemaker.record import C, Collection, Document, Record, kept, now, refusal
from mlstead_toolkit.cloud.sagemaker.step_run import StepRun
from mlstead_toolkit.cloud.storage import Storage

ALPHABET = string.ascii_lowercase + string.digits
STEPS_AT_ONCE = 50


class PipelineExecution(Record):
    """One execution; it is the scope in which its steps' expressions are evaluated."""

    def __init__(
        self,
        owner: PipelineExecutions,
        pipeline: Record,
        identifier: str,
        definition: PipelineDefinition,
        parameters: dict[str, Value],
        description: Document,
    ) -> None:
        super().__init__(identifier, description["PipelineExecutionArn"], description, [])
        self.identifier, self.definition, self.parameters = identifier, definition, parameters
        self.document_text: str = pipeline.description["PipelineDefinition"]
        self.workshop, self.region = owner.workshop, owner.region
        self.runs: dict[str, StepRun] = {}
        self.stopping = False
        self.ended = threading.Event()
        self._owner, self._pipeline = owner, pipeline
        self._changed = threading.Condition()
        self._files: dict[str, Any] = {}
        self._credentials = assume(self.workshop, pipeline.description["RoleArn"], self.arn, owner.region)
        self.access_key = self._credentials.access_key
        self.storage = Storage(self._credentials, owner.region, owner.workshop)

    def peer(self, kind: type[C]) -> C:
        """Give the collection of a kind beside this one."""
        return self._owner.peer(kind)

    def start(self) -> None:
        """Run the steps, in a thread of its own."""
        self.ended.clear()
        self.touch(PipelineExecutionStatus="Executing")
        threading.Thread(target=self._work, name=f"execution-{self.identifier}", daemon=True).start()

    def stop(self) -> None:
        """Stop the steps that run and start no more."""
        with self._changed:
            if self.ended.is_set():
                return
            self.stopping = True
            self.touch(PipelineExecutionStatus="Stopping")
            runs = list(self.runs.values())
            self._changed.notify_all()
        for run in runs:
            run.stop()

    def retry(self) -> None:
        """Run again what has not succeeded."""
        self.runs = {name: run for name, run in self.runs.items() if run.status == "Succeeded"}
        self.stopping = False
        self.description.pop("FailureReason", None)
        self.start()

    def get(self, reference: str) -> Any:
        """Give what a reference stands for."""
        kind, _, rest = reference.partition(".")
        if kind == "Parameters":
            return self.parameters[rest]
        if kind == "Execution":
            return self._execution_value(rest)
        name, _, path = rest.partition(".")
        run = self.runs.get(name)
        if run is None:
            raise ClientFailure(f"Unable to resolve {reference!r}: step {name} has not run.")
        return follow(run.output, path, f"step {name}")

    def property_file(self, reference: str) -> Any:
        """Give the content of a step's property file."""
        if reference not in self._files:
            name, file = reference.removeprefix("Steps.").split(".PropertyFiles.")
            self._files[reference] = self.runs[name].property_file(file)
        return self._files[reference]

    def document(self, uri: str) -> Any:
        """Read a JSON object of S3 in the name of the pipeline's role."""
        try:
            return json.loads(self.storage.read(uri))
        except ValueError as error:
            raise ClientFailure(f"{uri} is not JSON: {error}") from error

    def may(self, operation: str, request: Document) -> str:
        """Tell why the pipeline's role may not call an operation of SageMaker; empty where it may."""
        call = ApiCall("sagemaker", operation, request, self.region, self._owner.account)
        return self.workshop.acting.may(self._credentials, call)

    def pull(self, image: str) -> None:
        """Resolve an image in the name of the pipeline's role. Raises RoleFailure."""
        Instance(self.workshop, self._credentials, self.region, None).pull(image)

    def _execution_value(self, name: str) -> str:
        values = {
            "PipelineName": self._pipeline.name,
            "PipelineArn": self._pipeline.arn,
            "PipelineExecutionId": self.identifier,
            "PipelineExecutionArn": self.arn,
            "StartDateTime": _stamp(self.description["CreationTime"]),
            "CurrentDateTime": _stamp(now()),
        }
        if name not in values:
            raise ClientFailure(f"not supported here: Execution.{name}")
        return values[name]

    def _work(self) -> None:
        most = self.description.get("ParallelismConfiguration", {}).get("MaxParallelExecutionSteps", STEPS_AT_ONCE)
        with self._changed:
            while True:
                running = [run for run in self.runs.values() if run.status in ("Executing", "Stopping")]
                failed = [run for run in self.runs.values() if run.status == "Failed"]
                begun = []
                if not failed and not self.stopping:
                    begun = self._ready()[: max(0, most - len(running))]
                    for step in begun:
                        self._begin(step)
                if not running and not begun:
                    break
                self._changed.wait()
            self._finish(failed)

    def _begin(self, step: Step) -> None:
        run = self.runs[step.name] = StepRun(step, self)

        def work() -> None:
            run.run()
            with self._changed:
                self._changed.notify_all()

        threading.Thread(target=work, name=step.name, daemon=True).start()

    def _ready(self) -> list[Step]:
        return [step for step in self.definition.steps.values() if step.name not in self.runs and self._may_run(step)]

    def _may_run(self, step: Step) -> bool:
        if any(name not in self.runs or self.runs[name].status != "Succeeded" for name in step.after):
            return False
        return step.branch is None or self.runs[step.branch[0]].outcome is step.branch[1]

    def _finish(self, failed: list[StepRun]) -> None:
        if failed:
            reasons = "; ".join(f"{run.step.name}: {run.reason}" for run in failed)
            self.touch(
                PipelineExecutionStatus="Failed",
                FailureReason=f"Step failure: One or multiple steps failed. {reasons}"[:3000],
            )
        else:
            self.touch(PipelineExecutionStatus="Stopped" if self.stopping else "Succeeded")
        self.ended.set()


class PipelineExecutions(Collection[PipelineExecution]):
    """Executions and the operations on them."""

    kind, name_member, arn_member = "pipeline-execution", "PipelineExecutionArn", "PipelineExecutionArn"
    status_member, list_member, summary_members = "PipelineExecutionStatus", "PipelineExecutionSummaries", ()
    operations = (
        "start_pipeline_execution",
        "describe_pipeline_execution",
        "list_pipeline_executions",
        "list_pipeline_execution_steps",
        "list_pipeline_parameters_for_execution",
        "describe_pipeline_definition_for_execution",
        "stop_pipeline_execution",
        "retry_pipeline_execution",
        "update_pipeline_execution",
    )

    def start_pipeline_execution(self, request: Document) -> Document:
        """Start an execution; the same client request token starts it once."""
        pipeline = self.peer(Pipelines).get(request["PipelineName"])
        token = request.get("ClientRequestToken")
        with self.lock:
            for execution in self.of(pipeline.arn):
                if token and execution.description.get("ClientRequestToken") == token:
                    return {"PipelineExecutionArn": execution.arn}
            definition = parse(pipeline.description["PipelineDefinition"])
            values = definition.values(request.get("PipelineParameters", []))
            identifier = "".join(secrets.choice(ALPHABET) for _ in range(12))
            started = now()
            description = {
                "PipelineArn": pipeline.arn,
                "PipelineExecutionArn": f"{pipeline.arn}/execution/{identifier}",
                "PipelineExecutionDisplayName": f"execution-{int(started.timestamp() * 1000)}",
                **kept(pipeline.description, "ParallelismConfiguration"),
                **kept(
                    request,
                    "PipelineExecutionDisplayName",
                    "PipelineExecutionDescription",
                    "ParallelismConfiguration",
                    "ClientRequestToken",
                ),
                "PipelineExecutionStatus": "Executing",
                "CreationTime": started,
                "LastModifiedTime": started,
                "CreatedBy": {},
                "LastModifiedBy": {},
            }
            try:
                execution = PipelineExecution(self, pipeline, identifier, definition, values, description)
            except Failure as failure:
                raise refusal(str(failure)) from failure
            self.add(execution)
            pipeline.description["LastRunTime"] = started
        execution.start()
        return {"PipelineExecutionArn": execution.arn}

    def describe_pipeline_execution(self, request: Document) -> Document:
        """Say how an execution is doing."""
        return self.describe(request)

    def list_pipeline_executions(self, request: Document) -> Document:
        """List a pipeline's executions, the newest first."""
        pipeline = self.peer(Pipelines).get(request["PipelineName"])
        renamed = {
            **request,
            "CreationTimeAfter": request.get("CreatedAfter"),
            "CreationTimeBefore": request.get("CreatedBefore"),
        }
        return self.listing(renamed, self.of(pipeline.arn))

    def list_pipeline_execution_steps(self, request: Document) -> Document:
        """List the steps that have begun, the newest first unless asked otherwise."""
        runs = list(self.get(request["PipelineExecutionArn"]).runs.values())
        shown = [run.described() for run in runs]
        if request.get("SortOrder", "Descending") == "Descending":
            shown.reverse()
        first = int(request.get("NextToken", 0))
        last = first + int(request.get("MaxResults", 100))
        answer: Document = {"PipelineExecutionSteps": shown[first:last]}
        if last < len(shown):
            answer["NextToken"] = str(last)
        return answer

    def list_pipeline_parameters_for_execution(self, request: Document) -> Document:
        """List every parameter's value in an execution."""
        values = self.get(request["PipelineExecutionArn"]).parameters
        return {"PipelineParameters": [{"Name": name, "Value": text(value)} for name, value in values.items()]}

    def describe_pipeline_definition_for_execution(self, request: Document) -> Document:
        """Give the definition that an execution runs."""
        execution = self.get(request["PipelineExecutionArn"])
        return {"PipelineDefinition": execution.document_text, "CreationTime": execution.description["CreationTime"]}

    def stop_pipeline_execution(self, request: Document) -> Document:
        """Stop an execution and the jobs of its steps."""
        execution = self.get(request["PipelineExecutionArn"])
        if execution.ended.is_set():
            raise refusal(
                f"Pipeline execution with ARN {execution.arn} status "
                f"{execution.description['PipelineExecutionStatus']}. Only executing pipelines can be stopped.",
                "ConflictException",
            )
        execution.stop()
        return {"PipelineExecutionArn": execution.arn}

    def retry_pipeline_execution(self, request: Document) -> Document:
        """Run again the steps of a failed or stopped execution that have not succeeded."""
        execution = self.get(request["PipelineExecutionArn"])
        if execution.description["PipelineExecutionStatus"] not in ("Failed", "Stopped"):
            raise refusal("Only pipelines with a Failed or Stopped status can be retried.", "ConflictException")
        execution.retry()
        return {"PipelineExecutionArn": execution.arn}

    def update_pipeline_execution(self, request: Document) -> Document:
        """Change what describes an execution."""
        execution = self.get(request["PipelineExecutionArn"])
        execution.touch(**kept(request, "PipelineExecutionDescription", "PipelineExecutionDisplayName"))
        return {"PipelineExecutionArn": execution.arn}

    def summary(self, record: PipelineExecution) -> Document:
        """Give an execution as a list shows it."""
        description = record.description
        shown = {
            "StartTime": description["CreationTime"],
            **kept(
                description,
                "PipelineExecutionArn",
                "PipelineExecutionStatus",
                "PipelineExecutionDescription",
                "PipelineExecutionDisplayName",
            ),
        }
        if "FailureReason" in description:
            shown["PipelineExecutionFailureReason"] = description["FailureReason"]
        return shown

    def of(self, pipeline_arn: str) -> list[PipelineExecution]:
        """Give the executions of a pipeline."""
        return [one for one in list(self.records.values()) if one.description["PipelineArn"] == pipeline_arn]

    def missing(self, name: str) -> Exception:
        """SageMaker's words for an execution that does not exist."""
        return refusal(f"Pipeline execution with ARN {name} does not exist.", "ResourceNotFound")


def _stamp(when: Any) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
