"""Pipeline executions run their steps, in order and side by side, and say why they fail."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pipeline_runs import AUC, create, definition, evaluate, processing, run, settle, steps_of


def test_data_flows_from_step_to_step_to_the_registry(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    sagemaker = bench.boto("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="flow")
    bench.script("rows.py", "import pathlib, sys; pathlib.Path(sys.argv[1], 'a.csv').write_text('1 2 3 4')")
    prepare = processing(
        bench,
        "Prepare",
        ["python", "rows.py", "/opt/ml/processing/train"],
        Arguments={
            "ProcessingOutputConfig": {
                "Outputs": [
                    {
                        "OutputName": "train",
                        "S3Output": {
                            "S3Uri": f"s3://{bench.bucket}/flow/train",
                            "LocalPath": "/opt/ml/processing/train",
                            "S3UploadMode": "EndOfJob",
                        },
                    }
                ]
            }
        },
        CacheConfig={"Enabled": True, "ExpireAfter": "P1D"},
    )
    train = {
        "Name": "Train",
        "Type": "Training",
        "Arguments": {
            "AlgorithmSpecification": {
                "TrainingImage": {"Get": "Parameters.Image"},
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "auc", "Regex": "auc=([0-9.]+);"}],
            },
            "RoleArn": bench.role,
            "OutputDataConfig": {"S3OutputPath": f"s3://{bench.bucket}/flow/models"},
            "HyperParameters": {"version": {"Std:Join": {"On": "-", "Values": ["v", {"Get": "Parameters.Version"}]}}},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5},
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {
                        "S3DataSource": {
                            "S3DataType": "S3Prefix",
                            "S3Uri": {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"},
                        }
                    },
                }
            ],
        },
    }
    register = {
        "Name": "Register",
        "Type": "RegisterModel",
        "Arguments": {
            "ModelPackageGroupName": "flow",
            "ModelApprovalStatus": "PendingManualApproval",
            "InferenceSpecification": {
                "Containers": [
                    {
                        "Image": {"Get": "Parameters.Image"},
                        "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
                    }
                ],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
        },
    }
    check = {
        "Name": "Check",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [
                {"Type": "GreaterThanOrEqualTo", "LeftValue": AUC, "RightValue": {"Get": "Parameters.MinimumAuc"}}
            ],
            "IfSteps": [register],
            "ElseSteps": [
                {
                    "Name": "TooWeak",
                    "Type": "Fail",
                    "Arguments": {
                        "ErrorMessage": {
                            "Std:Join": {
                                "On": " ",
                                "Values": ["AUC", AUC, "is below", {"Get": "Parameters.MinimumAuc"}],
                            }
                        }
                    },
                }
            ],
        },
    }
    last = evaluate(bench)
    last["DependsOn"] = ["Train"]
    create(
        bench,
        "flow",
        definition(
            bench,
            [check, last, train, prepare],
            [
                {"Name": "Version", "Type": "Integer", "DefaultValue": 3},
                {"Name": "MinimumAuc", "Type": "Float", "DefaultValue": 0.6},
            ],
        ),
    )

    execution, steps = run(bench, wait_while, "flow")
    assert execution["PipelineExecutionStatus"] == "Succeeded", execution
    assert list(steps) == ["Register", "Check", "Evaluate", "Train", "Prepare"]
    assert {step["StepStatus"] for step in steps.values()} == {"Succeeded"}
    assert steps["Check"]["Metadata"]["Condition"] == {"Outcome": "True"}
    job = sagemaker.describe_training_job(
        TrainingJobName=steps["Train"]["Metadata"]["TrainingJob"]["Arn"].rpartition("/")[2]
    )
    assert job["HyperParameters"] == {"version": "v-3"}
    package = sagemaker.describe_model_package(ModelPackageName=steps["Register"]["Metadata"]["RegisterModel"]["Arn"])
    assert (
        package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"] == job["ModelArtifacts"]["S3ModelArtifacts"]
    )
    assert package["ModelApprovalStatus"] == "PendingManualApproval"

    execution, steps = run(bench, wait_while, "flow", MinimumAuc="0.9")
    assert execution["PipelineExecutionStatus"] == "Failed"
    assert execution["FailureReason"].endswith("TooWeak: AUC 0.75 is below 0.9")
    assert "Register" not in steps
    assert steps["TooWeak"]["Metadata"]["Fail"] == {"ErrorMessage": "AUC 0.75 is below 0.9"}
    values = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=execution["PipelineExecutionArn"])
    assert {"Name": "MinimumAuc", "Value": "0.9"} in values["PipelineParameters"]


def test_a_failed_step_fails_the_execution_and_its_dependents_do_not_run(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    first = processing(bench, "First", bench.script("first.py", "raise SystemExit('the schema changed')"))
    second = processing(bench, "Second", ["python", "-c", "pass"], DependsOn=["First"])
    create(bench, "broken", definition(bench, [first, second]))
    execution, steps = run(bench, wait_while, "broken")
    assert execution["PipelineExecutionStatus"] == "Failed"
    assert "First: AlgorithmError: the schema changed, exit code: 1" in execution["FailureReason"]
    assert list(steps) == ["First"]
    assert steps["First"]["FailureReason"] == "AlgorithmError: the schema changed, exit code: 1"


def test_a_retry_runs_only_what_has_not_succeeded(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    flag = bench.root / "mended"
    good = processing(bench, "Good", ["python", "-c", "pass"])
    bad = processing(bench, "Bad", bench.script("bad_once.py", f"open({str(flag)!r})"), DependsOn=["Good"])
    create(bench, "retried", definition(bench, [good, bad]))
    execution, before = run(bench, wait_while, "retried")
    assert execution["PipelineExecutionStatus"] == "Failed"
    flag.touch()
    arn = execution["PipelineExecutionArn"]
    bench.boto("sagemaker").retry_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="r" * 32)
    assert settle(bench, wait_while, arn)["PipelineExecutionStatus"] == "Succeeded"
    after = steps_of(bench, arn)
    assert after["Good"]["Metadata"] == before["Good"]["Metadata"]
    assert after["Bad"]["StepStatus"] == "Succeeded"


def test_independent_steps_run_side_by_side(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    meet = """
import pathlib, sys, time
here, there = (pathlib.Path(__file__).with_name(name) for name in sys.argv[1:])
here.touch()
deadline = time.monotonic() + 20
while not there.exists():
    assert time.monotonic() < deadline, "the other never came"
    time.sleep(0.02)
"""
    script = bench.script("meet.py", meet)
    create(
        bench,
        "parallel",
        definition(
            bench,
            [processing(bench, "A", [*script, "met-a", "met-b"]), processing(bench, "B", [*script, "met-b", "met-a"])],
        ),
    )
    execution, _ = run(bench, wait_while, "parallel")
    assert execution["PipelineExecutionStatus"] == "Succeeded", execution


def test_stopping_an_execution_stops_its_job(bench: Any, waiting: Any) -> None:
    wait_while, wait_until = waiting
    sagemaker = bench.boto("sagemaker")
    note = bench.root / "runs.txt"
    long = processing(
        bench,
        "Long",
        bench.script(
            "long.py",
            f"""
import pathlib, threading
pathlib.Path({str(note)!r}).touch()
threading.Event().wait()
""",
        ),
    )
    create(
        bench,
        "stopped",
        definition(bench, [long, processing(bench, "Next", ["python", "-c", "pass"], DependsOn=["Long"])]),
    )
    arn = sagemaker.start_pipeline_execution(PipelineName="stopped")["PipelineExecutionArn"]
    wait_until(note.exists)
    with pytest.raises(ClientError, match="has an execution that has not ended"):
        sagemaker.delete_pipeline(PipelineName="stopped", ClientRequestToken="d" * 32)
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="s" * 32)
    assert settle(bench, wait_while, arn)["PipelineExecutionStatus"] == "Stopped"
    steps = steps_of(bench, arn)
    assert {name: step["StepStatus"] for name, step in steps.items()} == {"Long": "Stopped"}
    sagemaker.delete_pipeline(PipelineName="stopped", ClientRequestToken="d" * 32)
    with pytest.raises(ClientError, match="does not exist"):
        sagemaker.describe_pipeline(PipelineName="stopped")


def test_an_execution_keeps_the_definition_it_started_with(bench: Any, waiting: Any) -> None:
    wait_while, _ = waiting
    sagemaker = bench.boto("sagemaker")
    old = definition(bench, [{"Name": "Old", "Type": "Fail", "Arguments": {"ErrorMessage": "old"}}])
    create(bench, "changing", old)
    execution, _ = run(bench, wait_while, "changing")
    sagemaker.update_pipeline(
        PipelineName="changing",
        PipelineDefinition=definition(bench, [{"Name": "New", "Type": "Fail", "Arguments": {"ErrorMessage": "new"}}]),
    )
    kept = sagemaker.describe_pipeline_definition_for_execution(PipelineExecutionArn=execution["PipelineExecutionArn"])
    assert kept["PipelineDefinition"] == old
    time.sleep(0.01)  # executions are listed by time
    _, steps = run(bench, wait_while, "changing")
    assert list(steps) == ["New"]
    listed = sagemaker.list_pipeline_executions(PipelineName="changing")["PipelineExecutionSummaries"]
    assert [one["PipelineExecutionFailureReason"].rsplit(" ", 1)[1] for one in listed] == ["new", "old"]


def admitted(action: str, resource: str) -> str:
    """A policy that lets EventBridge do something to a resource."""
    events = {"Service": "events.amazonaws.com"}
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": events, "Action": action, "Resource": resource}]})


def starter(bench: Any, pipeline: str) -> str:
    """A role in whose name EventBridge may start one pipeline."""
    iam, name = bench.boto("iam"), f"starts-{pipeline.rpartition('/')[2]}"
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    start = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sagemaker:StartPipelineExecution", "Resource": pipeline}]}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="start", PolicyDocument=json.dumps(start))
    return str(arn)


def test_a_rule_starts_a_pipeline_and_publishes_to_a_topic(bench: Any, waiting: Any) -> None:
    wait_while, wait_until = waiting
    create(
        bench,
        "by-rule",
        definition(
            bench,
            [{"Name": "Said", "Type": "Fail", "Arguments": {"ErrorMessage": {"Get": "Parameters.Word"}}}],
            [{"Name": "Word", "Type": "String", "DefaultValue": "default"}],
        ),
    )
    events, sagemaker = bench.boto("events"), bench.boto("sagemaker")
    topic = bench.boto("sns").create_topic(Name="told")["TopicArn"]
    queue = bench.boto("sqs").create_queue(QueueName="told")["QueueUrl"]
    bench.boto("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-west-1:123456789012:told")
    bench.boto("sns").set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=admitted("sns:Publish", topic)
    )
    pipeline = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/by-rule"
    events.put_rule(Name="rule", EventPattern='{"source": ["test"]}', State="ENABLED")
    events.put_targets(
        Rule="rule",
        Targets=[
            {
                "Id": "pipeline",
                "Arn": pipeline,
                "RoleArn": starter(bench, pipeline),
                "SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "Word", "Value": "$.detail.word"}]},
            },
            {"Id": "topic", "Arn": topic},
        ],
    )
    answer = events.put_events(Entries=[{"Source": "test", "DetailType": "any", "Detail": '{"word": "drift"}'}])
    assert answer["FailedEntryCount"] == 0
    (one,) = wait_until(
        lambda: sagemaker.list_pipeline_executions(PipelineName="by-rule")["PipelineExecutionSummaries"]
    )
    settle(bench, wait_while, one["PipelineExecutionArn"])
    assert steps_of(bench, one["PipelineExecutionArn"])["Said"]["FailureReason"] == "drift"
    (message,) = bench.boto("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(json.loads(message["Body"])["Message"])["source"] == "test"
