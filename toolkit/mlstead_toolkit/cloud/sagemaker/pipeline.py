"""Pipelines: checked definitions that executions run."""

from __future__ import annotations

from mlstead_toolkit.cloud.failure import Failure
from mlstead_toolkit.cloud.sagemaker.execution_role import assume, check_role
from mlstead_toolkit.cloud.sagemaker.pipeline_definition import parse
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal
from mlstead_toolkit.cloud.storage import Storage

KEPT = ("PipelineName", "PipelineDisplayName", "PipelineDescription", "RoleArn", "ParallelismConfiguration")


class Pipelines(Collection[Record]):
    """Pipelines and the operations on them."""

    kind, name_member, arn_member = "pipeline", "PipelineName", "PipelineArn"
    status_member, list_member = "PipelineStatus", "PipelineSummaries"
    summary_members = (
        "PipelineArn",
        "PipelineName",
        "PipelineDisplayName",
        "PipelineDescription",
        "RoleArn",
        "CreationTime",
        "LastModifiedTime",
    )
    operations = ("create_pipeline", "describe_pipeline", "list_pipelines", "update_pipeline", "delete_pipeline")

    def create_pipeline(self, request: Document) -> Document:
        """Create a pipeline. Refuses a definition that could not run."""
        definition = self._definition(request, request["RoleArn"])
        arn, created = self.arn(request["PipelineName"]), now()
        description = {
            "PipelineDisplayName": request["PipelineName"],
            **kept(request, *KEPT),
            "PipelineArn": arn,
            "PipelineDefinition": definition,
            "PipelineStatus": "Active",
            "CreationTime": created,
            "LastModifiedTime": created,
            "CreatedBy": {},
            "LastModifiedBy": {},
        }
        self.add(
            Record(request["PipelineName"], arn, description, request.get("Tags", [])),
            f"Pipeline names must be unique within an AWS account and region. Pipeline with name "
            f"({request['PipelineName']}) already exists.",
        )
        return {"PipelineArn": arn}

    def describe_pipeline(self, request: Document) -> Document:
        """Describe a pipeline and its definition."""
        return self.describe(request)

    def list_pipelines(self, request: Document) -> Document:
        """List pipelines."""
        prefix = request.get("PipelineNamePrefix", "")
        renamed = {
            **request,
            "CreationTimeAfter": request.get("CreatedAfter"),
            "CreationTimeBefore": request.get("CreatedBefore"),
        }
        return self.listing(renamed, [one for one in list(self.records.values()) if one.name.startswith(prefix)])

    def update_pipeline(self, request: Document) -> Document:
        """Change a pipeline; executions that run keep the definition they started with."""
        pipeline = self.get(request["PipelineName"])
        changes = kept(request, *KEPT)
        if request.get("PipelineDefinition") or request.get("PipelineDefinitionS3Location"):
            changes["PipelineDefinition"] = self._definition(
                request, request.get("RoleArn") or pipeline.description["RoleArn"]
            )
        elif "RoleArn" in changes:
            check_role(changes["RoleArn"], _any_execution(pipeline.arn))
        pipeline.touch(**changes)
        return {"PipelineArn": pipeline.arn}

    def delete_pipeline(self, request: Document) -> Document:
        """Delete a pipeline and the record of its executions. Refused while one runs, as on AWS."""
        from mlstead_toolkit.cloud.sagemaker.pipeline_execution import PipelineExecutions

        pipeline = self.get(request["PipelineName"])
        executions = self.peer(PipelineExecutions)
        mine = executions.of(pipeline.arn)
        if any(not execution.ended.is_set() for execution in mine):
            raise refusal(
                f"Pipeline {pipeline.arn} has an execution that has not ended: stop it first.", "ConflictException"
            )
        for execution in mine:
            del executions.records[execution.name]
        del self.records[pipeline.name]
        return {"PipelineArn": pipeline.arn}

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a pipeline that does not exist."""
        return refusal(f"Pipeline '{self.arn(name.rpartition('/')[2])}' does not exist.", "ResourceNotFound")

    def _definition(self, request: Document, role_arn: str) -> str:
        source = _any_execution(self.arn(request["PipelineName"].rpartition("/")[2]))
        check_role(role_arn, source)
        definition = request.get("PipelineDefinition")
        if definition is None:
            location = request.get("PipelineDefinitionS3Location")
            if location is None:
                raise refusal("Either PipelineDefinition or PipelineDefinitionS3Location must be provided.")
            try:
                credentials = assume(self.workshop, role_arn, source, self.region)
                storage = Storage(credentials, self.region, self.workshop)
                definition = storage.read(f"s3://{location['Bucket']}/{location['ObjectKey']}").decode()
            except Failure as failure:
                raise refusal(str(failure)) from failure
        parse(definition)
        return str(definition)


def _any_execution(pipeline_arn: str) -> str:
    """Give an ARN like those on behalf of which roles of pipelines are assumed: each execution has its own.

    https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
    """
    return f"{pipeline_arn}/execution/000000000000"
