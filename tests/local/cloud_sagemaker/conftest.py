"""A small container project, a role and a bucket on the running cloud, and waits by status."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from rights import BUCKET, EVERYTHING, policy

from mlstead_toolkit.cloud import control
from mlstead_toolkit.cloud.control import CloudStatus

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/project:local"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

TRAIN = """
import json, os, pathlib
base = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"])
settings = json.loads((base / "input/config/hyperparameters.json").read_text())
rows = sum(len(file.read_text().split()) for file in (base / "input/data/train").rglob("*.csv"))
print("rows=%d" % rows)
for step in range(3):
    print("validation auc=0.%d;" % (70 + step))
(base / "model/version.txt").write_text(settings.get("version", "none"))
(base / "output/data/report.txt").write_text("fine")
"""

SERVE = """
import http.server, os, pathlib, sys, threading
base = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"])
version = (base / "model/version.txt").read_text().strip()
print("serving version", version, flush=True)
if version == "broken":
    sys.exit("no such model")
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self, status, body, kind="text/csv"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self.answer(200, b"")
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"]
        if body == b"die":
            os._exit(3)
        if kind not in ("text/csv", "application/json", "application/octet-stream"):
            self.answer(415, b"only text/csv and application/json")
        elif body == b"raise":
            self.answer(500, b"the model raised")
        else:
            self.answer(200, version.encode() + b":" + body, kind)
    def log_message(self, *rest):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("SAGEMAKER_BIND_TO_PORT", 8080))), Handler)
server.serve_forever()
"""


@dataclass
class Bench:
    """A cloud with a registered project, clients, a role and a bucket."""

    boto: Callable[[str], Any]
    status: CloudStatus
    root: Path
    role: str
    image: str = IMAGE
    bucket: str = BUCKET

    def script(self, name: str, text: str) -> list[str]:
        """Write a script into the project and give the entry point that runs it."""
        (self.root / name).write_text(text)
        return ["python", name]

    def put(self, key: str, content: str) -> str:
        """Write an object and give its address."""
        self.boto("s3").put_object(Bucket=BUCKET, Key=key, Body=content.encode())
        return f"s3://{BUCKET}/{key}"

    def read(self, uri: str) -> bytes:
        """Read an object by its address."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        content: bytes = self.boto("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def keys(self, prefix: str) -> list[str]:
        """List the keys below a prefix."""
        listed = self.boto("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [entry["Key"] for entry in listed.get("Contents", [])]

    def log(self, group: str, stream_prefix: str) -> list[str]:
        """Give the messages of the streams that begin so."""
        logs = self.boto("logs")
        streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=stream_prefix)["logStreams"]
        return [
            event["message"]
            for stream in streams
            for event in logs.get_log_events(
                logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True
            )["events"]
        ]

    def processing(self, name: str, entrypoint: list[str], **more: Any) -> dict[str, Any]:
        """Start a processing job without waiting for it."""
        request = {
            "ProcessingJobName": name,
            "RoleArn": self.role,
            "ProcessingResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5}
            },
            "AppSpecification": {"ImageUri": self.image, "ContainerEntrypoint": entrypoint},
            **more,
        }
        answer: dict[str, Any] = self.boto("sagemaker").create_processing_job(**request)
        return answer

    def training(self, name: str, **more: Any) -> dict[str, Any]:
        """Start a training job without waiting for it."""
        request = {
            "TrainingJobName": name,
            "RoleArn": self.role,
            "AlgorithmSpecification": {"TrainingImage": self.image, "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models"},
            "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 5},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            **more,
        }
        answer: dict[str, Any] = self.boto("sagemaker").create_training_job(**request)
        return answer

    def processed(self, name: str) -> dict[str, Any]:
        """Wait for a processing job's end and describe it."""
        return wait_while(
            lambda: self.boto("sagemaker").describe_processing_job(ProcessingJobName=name),
            "ProcessingJobStatus",
            "InProgress",
            "Stopping",
        )

    def trained(self, name: str) -> dict[str, Any]:
        """Wait for a training job's end and describe it."""
        return wait_while(
            lambda: self.boto("sagemaker").describe_training_job(TrainingJobName=name),
            "TrainingJobStatus",
            "InProgress",
            "Stopping",
        )


def wait_while(
    describe: Callable[[], dict[str, Any]], member: str, *unfinished: str, seconds: float = 30
) -> dict[str, Any]:
    """Describe until a member is none of the unfinished statuses."""
    deadline = time.monotonic() + seconds
    while (answer := describe())[member] in unfinished:
        assert time.monotonic() < deadline, f"still {answer[member]} after {seconds} s: {answer}"
        time.sleep(0.02)
    return answer


def wait_until(condition: Callable[[], Any], seconds: float = 15) -> Any:
    """Wait until a condition gives something true, and give it."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not true after {seconds} s"
        time.sleep(0.02)
    return found


def write_project(directory: Path) -> Path:
    """Make a project whose environment has python, train and serve; give its interpreter."""
    programs = directory / "environment/bin"
    programs.mkdir(parents=True)
    (directory / "train.py").write_text(TRAIN)
    (directory / "serve.py").write_text(SERVE)
    for name, command in {
        "python": f'{sys.executable} "$@"',
        "train": f"{sys.executable} -S -E {directory}/train.py",
        "serve": f"{sys.executable} -S -E {directory}/serve.py",
    }.items():
        (programs / name).write_text(f"#!/bin/sh\nexec {command}\n")
        (programs / name).chmod(0o755)
    return programs / "python"


@pytest.fixture(scope="module")
def bench(cloud: CloudStatus, boto: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A project registered as an image, with a role and a bucket."""
    root = tmp_path_factory.mktemp("project")
    python = write_project(root)
    control.register_image(cloud.endpoint, "project", root, python)
    boto("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    role = boto("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    boto("iam").put_role_policy(RoleName="worker", PolicyName="work", PolicyDocument=policy(*EVERYTHING))
    return Bench(boto, cloud, root, role)


@pytest.fixture(scope="session")
def waiting() -> tuple[Callable[..., dict[str, Any]], Callable[..., Any]]:
    """The waits, for tests: (wait_while, wait_until)."""
    return wait_while, wait_until
