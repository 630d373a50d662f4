"""Processing jobs really run."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

COPY = """
import pathlib, sys
source, target = map(pathlib.Path, sys.argv[1:])
print("copying", flush=True)
(target / "sub").mkdir()
(target / "sub/copy.txt").write_text((source / "deep/a.txt").read_text().upper())
"""


def test_inputs_go_in_and_outputs_come_out(bench: Any) -> None:
    bench.put("copy/in/deep/a.txt", "hello")
    bench.processing(
        "copy",
        bench.script("duplicate.py", COPY),
        AppSpecification={
            "ImageUri": bench.image,
            "ContainerEntrypoint": ["python", "duplicate.py"],
            "ContainerArguments": ["/opt/ml/processing/in", "/opt/ml/processing/out"],
        },
        ProcessingInputs=[
            {
                "InputName": "in",
                "S3Input": {
                    "S3Uri": f"s3://{bench.bucket}/copy/in",
                    "LocalPath": "/opt/ml/processing/in",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
        ],
        ProcessingOutputConfig={
            "Outputs": [
                {
                    "OutputName": "out",
                    "S3Output": {
                        "S3Uri": f"s3://{bench.bucket}/copy/out",
                        "LocalPath": "/opt/ml/processing/out",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ]
        },
    )
    described = bench.processed("copy")
    assert described["ProcessingJobStatus"] == "Completed", described
    assert described["ProcessingStartTime"] <= described["ProcessingEndTime"]
    assert bench.read(f"s3://{bench.bucket}/copy/out/sub/copy.txt") == b"HELLO"
    assert bench.log("/aws/sagemaker/ProcessingJobs", "copy/algo-1-") == ["copying"]


def test_calls_of_a_job_are_its_roles(bench: Any, cloud: Any) -> None:
    # SageMaker tells a processing job its region by a name that boto3 does not look for.
    bench.processing("who", bench.script(
        "who.py",
        "import boto3, os; print(boto3.client('sts', os.environ['AWS_REGION']).get_caller_identity()['Arn'])",
    ))
    described = bench.processed("who")
    assert described["ProcessingJobStatus"] == "Completed", described
    assert bench.log("/aws/sagemaker/ProcessingJobs", "who/") == [
        "arn:aws:sts::123456789012:assumed-role/worker/SageMaker"
    ]


def test_an_isolated_job_has_no_credentials_and_none_of_the_developers(bench: Any) -> None:
    look = "import boto3, os; print(boto3.Session().get_credentials(), os.environ['HOME'].endswith('/isolated'))"
    bench.processing("isolated", bench.script("look.py", look), NetworkConfig={"EnableNetworkIsolation": True})
    assert bench.processed("isolated")["ProcessingJobStatus"] == "Completed"
    assert bench.log("/aws/sagemaker/ProcessingJobs", "isolated/") == ["None True"]


def test_code_that_raises_fails_with_its_message(bench: Any) -> None:
    bench.processing("raises", bench.script("raises.py", "print('so far'); raise ValueError('no rows in March')"))
    described = bench.processed("raises")
    assert described["ProcessingJobStatus"] == "Failed"
    assert described["FailureReason"] == "AlgorithmError: ValueError: no rows in March, exit code: 1"
    assert any("Traceback" in line for line in bench.log("/aws/sagemaker/ProcessingJobs", "raises/"))


def test_a_killed_job_says_so(bench: Any, waiting: Any) -> None:
    _, wait_until = waiting
    note = bench.root / "killed.pid"
    bench.processing(
        "killed",
        bench.script(
            "killed.py",
            f"""
import os, pathlib, threading
pathlib.Path({str(note)!r}).write_text(str(os.getpid()))
threading.Event().wait()
""",
        ),
    )
    pid = int(wait_until(lambda: note.exists() and note.read_text()))
    os.kill(pid, signal.SIGKILL)
    assert bench.processed("killed")["FailureReason"] == (
        "AlgorithmError: nothing was printed, killed by SIGKILL, exit code: 137"
    )


def test_a_stopped_job_leaves_no_process(bench: Any, waiting: Any) -> None:
    _, wait_until = waiting
    note = bench.root / "stopped.pid"
    bench.processing(
        "stopped",
        bench.script(
            "stopped.py",
            f"""
import pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
pathlib.Path({str(note)!r}).write_text(str(child.pid))
child.wait()
""",
        ),
    )
    pid = int(wait_until(lambda: note.exists() and note.read_text()))
    bench.boto("sagemaker").stop_processing_job(ProcessingJobName="stopped")
    assert bench.processed("stopped")["ProcessingJobStatus"] == "Stopped"
    wait_until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_a_job_that_takes_too_long_is_stopped(bench: Any) -> None:
    bench.processing(
        "slow",
        bench.script("slow.py", "import threading; threading.Event().wait()"),
        StoppingCondition={"MaxRuntimeInSeconds": 1},
    )
    described = bench.processed("slow")
    assert described["ProcessingJobStatus"] == "Stopped"
    assert "MaxRuntimeInSeconds, 1" in described["ExitMessage"]


def test_missing_input_is_named(bench: Any) -> None:
    bench.processing(
        "hungry",
        ["python", "-c", "pass"],
        ProcessingInputs=[
            {
                "InputName": "in",
                "S3Input": {
                    "S3Uri": f"s3://{bench.bucket}/nowhere",
                    "LocalPath": "/opt/ml/processing/in",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
        ],
    )
    assert bench.processed("hungry")["FailureReason"].startswith(
        f'ClientError: Data download failed:No S3 objects found under S3 URL "s3://{bench.bucket}/nowhere"'
    )


def test_a_command_that_the_image_lacks_is_named(bench: Any) -> None:
    bench.processing("commandless", ["no-such-command"])
    assert "'no-such-command' does not exist in the image" in bench.processed("commandless")["FailureReason"]


def test_an_image_without_project_is_refused_with_the_fix(bench: Any) -> None:
    with pytest.raises(ClientError, match=r"other:1 not found.*mlstead up local"):
        bench.processing(
            "imageless", ["x"], AppSpecification={"ImageUri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/other:1"}
        )


def test_a_role_that_sagemaker_may_not_assume_is_refused(bench: Any) -> None:
    bench.boto("iam").create_role(
        RoleName="stranger", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}'
    )
    for name in ("stranger", "nobody"):
        with pytest.raises(ClientError, match="Could not assume role"):
            bench.processing("roleless", ["x"], RoleArn=f"arn:aws:iam::123456789012:role/{name}")


def test_a_job_runs_in_its_project_with_a_clean_environment(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.processing(
        "where",
        bench.script(
            "where.py",
            "import os; print(os.getcwd(), os.environ.get('MONTHS'), 'PYTHONDONTWRITEBYTECODE' in os.environ)",
        ),
        Environment={"MONTHS": "1,2"},
    )
    assert bench.processed("where")["ProcessingJobStatus"] == "Completed"
    (line,) = bench.log("/aws/sagemaker/ProcessingJobs", "where/")
    folder, months, flag = line.rsplit(" ", 2)
    assert (Path(folder).resolve(), months, flag) == (bench.root.resolve(), "1,2", "False")


def test_names_are_given_once_and_again_after_a_delete(bench: Any) -> None:
    sagemaker = bench.boto("sagemaker")
    bench.processing("once", ["python", "-c", "pass"])
    with pytest.raises(ClientError, match="Job name must be unique"):
        bench.processing("once", ["python", "-c", "pass"])
    bench.processed("once")
    sagemaker.delete_processing_job(ProcessingJobName="once")
    listed = sagemaker.list_processing_jobs(NameContains="once")["ProcessingJobSummaries"]
    assert listed == []
    bench.processing("once", ["python", "-c", "pass"])
    assert bench.processed("once")["ProcessingJobStatus"] == "Completed"


def test_a_job_can_be_stopped_while_it_waits_for_a_slot(bench: Any) -> None:
    sagemaker = bench.boto("sagemaker")
    endless = bench.script("forever.py", "import threading; threading.Event().wait()")
    names = [f"crowd-{number}" for number in range((os.cpu_count() or 2) + 1)]
    for name in names:
        bench.processing(name, endless)
    sagemaker.stop_processing_job(ProcessingJobName=names[-1])
    assert bench.processed(names[-1])["ProcessingJobStatus"] == "Stopped"
    for name in names[:-1]:
        assert sagemaker.describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"] == "InProgress"
        sagemaker.stop_processing_job(ProcessingJobName=name)
    for name in names[:-1]:
        bench.processed(name)
