"""A project in a clone of a bare remote, its stack's outputs, and a registry in a local cloud of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from mlstead_toolkit.cloud import control

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from forge_server import ForgeServer, forge_server
from machine import unused_port

NAME, REGION, BUCKET = "flight-delays", "eu-west-1", "artifacts"
SETTINGS = """# reviewed
config:
  aws:region: eu-west-1
  flight-delays:image: {tag: local}   # what jobs run
  flight-delays:model: none           # what is served
"""
IMAGE = f"123456789012.dkr.ecr.{REGION}.amazonaws.com/{NAME}-local:1f2e3d"


ACCOUNT = "123456789012"
READING = {"sagemaker:ListModelPackages": "*", "sagemaker:DescribeModelPackage": "*", "sagemaker:DescribeEndpoint": "*",
           "s3:GetObject": f"arn:aws:s3:::{BUCKET}/{NAME}/evaluations/*"}


@dataclass
class Registry:
    """The registry of the project, and what the stack says of itself."""

    home: Path
    port: int

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=f"http://127.0.0.1:{self.port}", region_name=REGION,
                            aws_access_key_id="mlstead", aws_secret_access_key="mlstead")

    def role(self, environment: str, use: str, allowed: dict[str, str] = READING, trusts: str | None = None) -> str:
        """Make a role of the project, or of its CI, that may do this to that, and give its ARN."""
        iam, name = self.client("iam"), f"{NAME}-{environment}-{use}"
        path = "/mlstead-ci/" if use == "deploy" else f"/mlstead/{NAME}/{environment}/"
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole",
                 **({"Condition": {"ArnEquals": {"aws:PrincipalArn": trusts}}} if trusts else {})}
        made = iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=_document(trust))
        iam.put_role_policy(RoleName=name, PolicyName="allowed", PolicyDocument=_document(*(
            {"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in allowed.items())))
        return str(made["Role"]["Arn"])

    def says(self, **outputs: Any) -> None:
        """Write the state of a stack that has these outputs."""
        stack = {"urn": f"urn:pulumi:local::{NAME}::pulumi:pulumi:Stack::{NAME}-local", "custom": False,
                 "type": "pulumi:pulumi:Stack",
                 "outputs": {"region": REGION, "model_package_group": f"{NAME}-local", **outputs}}
        file = self.home / f".pulumi/stacks/{NAME}/local.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"version": 3, "checkpoint": {
            "stack": f"organization/{NAME}/local", "latest": {"manifest": {}, "resources": [stack]}}}))

    def register(self, auc: float, approval: str = "Approved", **facts: Any) -> int:
        """Register a version whose evaluation measured so much, and give its number."""
        s3, sagemaker = self.client("s3"), self.client("sagemaker")
        number = len(sagemaker.list_model_packages(ModelPackageGroupName=f"{NAME}-local")["ModelPackageSummaryList"])
        key = f"{NAME}/evaluations/{number}/evaluation.json"
        report = {"binary_classification_metrics": {"auc": {"value": auc}, "baseline_auc": {"value": 0.61}},
                  "held_out_month": 3, "train_months": [1, 2], **facts}
        s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(report).encode())
        made = sagemaker.create_model_package(
            ModelPackageGroupName=f"{NAME}-local", ModelApprovalStatus=approval,
            ModelMetrics={"ModelQuality": {"Statistics": {
                "ContentType": "application/json", "S3Uri": f"s3://{BUCKET}/{key}"}}},
            MetadataProperties={
                "GeneratedBy": f"arn:aws:sagemaker:{REGION}:123456789012:pipeline/p/execution/e{number}"},
            InferenceSpecification={"Containers": [{"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/model.tar.gz"}],
                                    "SupportedContentTypes": ["text/csv"],
                                    "SupportedResponseMIMETypes": ["text/csv"]})
        return int(made["ModelPackageArn"].rsplit("/", 1)[-1])


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture(scope="session")
def cloud_of_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    home = tmp_path_factory.mktemp("home")
    registry = Registry(home, unused_port())
    control.ensure_running(home, registry.port)
    registry.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    registry.role("local", "delivery")
    yield registry
    control.stop(home, registry.port)


@pytest.fixture
def registry(cloud_of_registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry without a version, found as commands find it."""
    monkeypatch.setenv("MLSTEAD_HOME", str(cloud_of_registry.home))
    monkeypatch.setenv("MLSTEAD_CLOUD_PORT", str(cloud_of_registry.port))
    sagemaker = cloud_of_registry.client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName=f"{NAME}-local")
    cloud_of_registry.says()
    yield cloud_of_registry
    for version in sagemaker.list_model_packages(ModelPackageGroupName=f"{NAME}-local")["ModelPackageSummaryList"]:
        sagemaker.delete_model_package(ModelPackageName=version["ModelPackageArn"])
    sagemaker.delete_model_package_group(ModelPackageGroupName=f"{NAME}-local")


def git(folder: Path, *words: str) -> str:
    identity = [word for name in ("user.name=ann", "user.email=ann@example.com") for word in ("-c", name)]
    done = subprocess.run(["git", "-C", str(folder), *identity, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@dataclass
class Work:
    """A clone, and its bare remote."""

    folder: Path
    remote: Path

    @property
    def settings(self) -> Path:
        return self.folder / "infra/Pulumi.local.yaml"

    def commit(self, title: str) -> str:
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--allow-empty", "--message", title)
        return git(self.folder, "rev-parse", "HEAD")

    def push(self, title: str, settings: str) -> None:
        """Bring settings to the remote's default branch."""
        self.settings.write_text(settings)
        self.commit(title)
        git(self.folder, "push", "--quiet", "origin", "HEAD:main")

    def branches(self) -> list[str]:
        return sorted(git(self.remote, "for-each-ref", "--format=%(refname:short)", "refs/heads").split())

    def on(self, branch: str) -> str:
        return git(self.remote, "show", f"{branch}:infra/Pulumi.local.yaml") + "\n"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    """The project, checked out as a job has it."""
    made = Work(tmp_path / "work", tmp_path / "remote.git")
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_STEP_SUMMARY", "MLSTEAD_FORGE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (made.folder / "infra").mkdir(parents=True)
    (made.folder / ".copier-answers.yml").write_text("{}\n")
    (made.folder / "infra/Pulumi.yaml").write_text(f"name: {NAME}\nruntime: python\n")
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git(made.folder, "init", "--quiet", "--initial-branch=main")
    git(made.folder, "remote", "add", "origin", str(made.remote))
    made.push("First", SETTINGS)
    git(made.folder, "checkout", "--quiet", "--detach")
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def server(request: pytest.FixtureRequest, work: Work, monkeypatch: pytest.MonkeyPatch) -> Iterator[ForgeServer]:
    """A forge whose job this is: GitHub, unless a test asks for the other."""
    with forge_server() as running:
        job = running.gitlab_job() if getattr(request, "param", "") == "gitlab" else running.github_job()
        for name, value in job.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def ci(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run `mlstead ci …` in this process and give what it printed."""
    from mlstead_toolkit.cli.commands.ci import app

    def run(*words: str) -> str:
        app(list(words), standalone_mode=False)
        return capsys.readouterr().out

    return run
