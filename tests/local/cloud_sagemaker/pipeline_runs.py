"""Pipelines of small processing steps: their definitions, and their executions followed to the end."""

from __future__ import annotations

import json
from typing import Any

WRITE = """
import json, os, pathlib, sys
target = pathlib.Path(sys.argv[1])
(target / "evaluation.json").write_text(json.dumps({"metrics": {"auc": {"value": float(os.environ["AUC"])}}}))
"""
SIZE = {"ClusterConfig": {"InstanceCount": 1, "InstanceType": {"Get": "Parameters.InstanceType"}, "VolumeSizeInGB": 5}}
AUC = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Evaluation"}, "Path": "metrics.auc.value"}}


def processing(bench: Any, name: str, command: list[str], **more: Any) -> dict[str, Any]:
    """A Processing step as the SageMaker SDK writes it; `more` adds to the step, or to Arguments under that key."""
    arguments = {
        "ProcessingResources": SIZE,
        "RoleArn": bench.role,
        "AppSpecification": {"ImageUri": {"Get": "Parameters.Image"}, "ContainerEntrypoint": command},
        **more.pop("Arguments", {}),
    }
    return {"Name": name, "Type": "Processing", "Arguments": arguments, **more}


def evaluate(bench: Any, auc: Any = "0.75") -> dict[str, Any]:
    bench.script("write_auc.py", WRITE)
    return processing(
        bench,
        "Evaluate",
        ["python", "write_auc.py", "/opt/ml/processing/evaluation"],
        Arguments={
            "Environment": {"AUC": auc},
            "ProcessingOutputConfig": {
                "Outputs": [
                    {
                        "OutputName": "evaluation",
                        "S3Output": {
                            "LocalPath": "/opt/ml/processing/evaluation",
                            "S3UploadMode": "EndOfJob",
                            "S3Uri": {
                                "Std:Join": {
                                    "On": "/",
                                    "Values": [
                                        f"s3://{bench.bucket}",
                                        {"Get": "Execution.PipelineName"},
                                        {"Get": "Execution.PipelineExecutionId"},
                                    ],
                                }
                            },
                        },
                    }
                ]
            },
        },
        PropertyFiles=[{"PropertyFileName": "Evaluation", "OutputName": "evaluation", "FilePath": "evaluation.json"}],
    )


def definition(bench: Any, steps: list[dict[str, Any]], parameters: list[dict[str, Any]] | None = None) -> str:
    return json.dumps(
        {
            "Version": "2020-12-01",
            "Metadata": {},
            "Parameters": [
                {"Name": "Image", "Type": "String", "DefaultValue": bench.image},
                {"Name": "InstanceType", "Type": "String", "DefaultValue": "ml.m5.large"},
                *(parameters or []),
            ],
            "PipelineExperimentConfig": {"ExperimentName": {"Get": "Execution.PipelineName"}},
            "Steps": steps,
        }
    )


def create(bench: Any, name: str, document: str) -> None:
    bench.boto("sagemaker").create_pipeline(
        PipelineName=name, PipelineDefinition=document, RoleArn=bench.role, ClientRequestToken="t" * 32
    )


def run(bench: Any, wait_while: Any, name: str, **parameters: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Start, wait, and give the execution and its steps by name."""
    sagemaker = bench.boto("sagemaker")
    arn = sagemaker.start_pipeline_execution(
        PipelineName=name, PipelineParameters=[{"Name": key, "Value": value} for key, value in parameters.items()]
    )["PipelineExecutionArn"]
    return settle(bench, wait_while, arn), steps_of(bench, arn)


def settle(bench: Any, wait_while: Any, arn: str) -> dict[str, Any]:
    answer: dict[str, Any] = wait_while(
        lambda: bench.boto("sagemaker").describe_pipeline_execution(PipelineExecutionArn=arn),
        "PipelineExecutionStatus",
        "Executing",
        "Stopping",
    )
    return answer


def steps_of(bench: Any, arn: str) -> dict[str, dict[str, Any]]:
    listed = bench.boto("sagemaker").list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    return {step["StepName"]: step for step in listed}
