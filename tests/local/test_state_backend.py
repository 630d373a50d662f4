"""What the bootstrap makes, a real `pulumi` keeps states and secrets in; skipped where there is none on the PATH."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.aws.provider import provider_factory
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.cli.provider_server import ensure_serving, stop_serving
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.engine import Session, StackSource

pytestmark = pytest.mark.skipif(
    shutil.which("pulumi") is None or shutil.which("pulumi-language-python") is None,
    reason="there is no pulumi with its Python host on the PATH; the product and its other tests need none")

STATE = ".pulumi/stacks/tried/dev.json"
PROGRAM = """
import pulumi
pulumi.export("number", pulumi.Config().require_int("number"))
pulumi.export("word", pulumi.Config().require_secret("word"))
"""


@dataclass
class Pulumi:
    """The `pulumi` of somebody who deploys, in one program's folder, signed in to one backend."""

    program: Path
    stack: str
    environment: dict[str, str]

    def __call__(self, *arguments: str, stack: bool = True) -> str:
        chosen = ["-s", self.stack] if stack else []
        done = subprocess.run(["pulumi", *arguments, *chosen, "--non-interactive"], cwd=self.program, text=True,
                              env=self.environment, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


@dataclass
class Backend:
    """A bootstrap that is up on the local cloud, and how its two addresses read there."""

    home: Path
    outputs: dict[str, Any]
    cloud: CloudStatus

    @property
    def bucket(self) -> str:
        return str(self.outputs["backend_url"]).removeprefix("s3://").partition("?")[0]

    @property
    def url(self) -> str:
        return f"{self.outputs['backend_url']}&endpoint={self.cloud.endpoint}&use_path_style=true"

    @property
    def secrets_provider(self) -> str:
        return f"{self.outputs['secrets_provider']}&endpoint={self.cloud.endpoint}"

    def environment(self, folder: Path, url: str) -> dict[str, str]:
        return os.environ | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PULUMI_HOME": str(folder / "pulumi"),
            "PULUMI_BACKEND_URL": url, "PULUMI_SKIP_UPDATE_CHECK": "true", "AWS_ACCESS_KEY_ID": "mlstead",
            "AWS_SECRET_ACCESS_KEY": "mlstead", "AWS_REGION": "eu-west-1"}


@pytest.fixture(scope="module")
def backend(cloud: CloudStatus, tmp_path_factory: pytest.TempPathFactory) -> Backend:
    home = tmp_path_factory.mktemp("bootstrap")
    os.environ["PULUMI_CONFIG_PASSPHRASE"] = "correct horse"
    factory = provider_factory(Target.local(cloud.endpoint, "eu-west-1"))
    try:
        source = StackSource(stack_directory("bootstrap"), "local", Path(sys.executable))
        with Session([source], home=home, provider=factory) as session:
            (plan,) = session.up()
    finally:
        del os.environ["PULUMI_CONFIG_PASSPHRASE"]
    return Backend(home, dict(plan.outputs), cloud)


@pytest.fixture(scope="module")
def deployed(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pulumi]:
    """A stack with one secret, made and brought up in the bucket."""
    folder = tmp_path_factory.mktemp("tried")
    (folder / "Pulumi.yaml").write_text("name: tried\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    pulumi = Pulumi(folder, "dev", backend.environment(folder, backend.url))
    pulumi("login", backend.url, stack=False)
    pulumi("stack", "init", "dev", "--secrets-provider", backend.secrets_provider, stack=False)
    pulumi("config", "set", "number", "1")
    pulumi("config", "set", "--secret", "word", "swordfish")
    pulumi("up", "--yes", "--skip-preview")
    yield pulumi
    pulumi("stack", "rm", "--yes", "--force", "--preserve-config")


def test_a_state_lies_in_the_bucket_encrypted_and_its_secrets_open_with_the_key_alone(
    backend: Backend, deployed: Pulumi, boto: Callable[[str], Any]
) -> None:
    s3, keys = boto("s3"), boto("kms")
    key = keys.describe_key(KeyId="alias/mlstead-bootstrap-local/state")["KeyMetadata"]["Arn"]
    found = s3.list_objects_v2(Bucket=backend.bucket, Prefix=".pulumi/")["Contents"]
    assert STATE in {each["Key"] for each in found}
    for each in found:
        state = s3.get_object(Bucket=backend.bucket, Key=each["Key"])
        assert (state["ServerSideEncryption"], state["SSEKMSKeyId"]) == ("aws:kms", key)
        assert b"swordfish" not in state["Body"].read()
    settings = (deployed.program / "Pulumi.dev.yaml").read_text()
    assert "secretsprovider: awskms://alias/mlstead-bootstrap-local/secrets" in settings
    assert "swordfish" not in settings
    assert deployed("stack", "output", "word", "--show-secrets") == "swordfish"
    wrapped = base64.b64decode(yaml.safe_load(settings)["encryptedkey"])
    secrets = keys.describe_key(KeyId="alias/mlstead-bootstrap-local/secrets")["KeyMetadata"]["Arn"]
    assert keys.decrypt(CiphertextBlob=wrapped)["KeyId"] == secrets


def test_what_was_overwritten_or_deleted_can_be_brought_back(
    backend: Backend, deployed: Pulumi, boto: Callable[[str], Any]
) -> None:
    s3 = boto("s3")
    before = s3.head_object(Bucket=backend.bucket, Key=STATE)["VersionId"]
    deployed("config", "set", "number", "2")
    deployed("up", "--yes", "--skip-preview")
    assert deployed("stack", "output", "number") == "2"

    old = {"Bucket": backend.bucket, "Key": STATE, "VersionId": before}
    s3.copy_object(Bucket=backend.bucket, Key=STATE, CopySource=old)
    assert deployed("stack", "output", "number") == "1"

    # Pulumi deletes its locks after every run; the bucket lets it, and keeps what they were.
    listed = s3.list_object_versions(Bucket=backend.bucket, Prefix=".pulumi/locks/")
    assert listed["Versions"]
    assert {each["Key"] for each in listed["Versions"]} == {each["Key"] for each in listed["DeleteMarkers"]}


def test_the_bootstraps_own_state_moves_into_its_bucket_and_nothing_has_to_change(
    backend: Backend, tmp_path: Path
) -> None:
    program = shutil.copytree(stack_directory("bootstrap"), tmp_path / "program")
    passphrase = {"PULUMI_CONFIG_PASSPHRASE": "correct horse"}
    here = Pulumi(program, "local", backend.environment(tmp_path, f"file://{backend.home}") | passphrase)
    here("stack", "export", "--file", str(tmp_path / "bootstrap.json"))

    there = Pulumi(program, "local", backend.environment(tmp_path, backend.url))
    there("stack", "init", "local", "--secrets-provider", backend.secrets_provider, stack=False)
    there("stack", "import", "--file", str(tmp_path / "bootstrap.json"))
    port = ensure_serving(tmp_path, program, backend.cloud.endpoint, "eu-west-1")
    there.environment["PULUMI_DEBUG_PROVIDERS"] = f"aws:{port}"
    try:
        there("up", "--yes", "--skip-preview", "--expect-no-changes")
    finally:
        stop_serving(tmp_path)
    exported = json.loads(there("stack", "export"))["deployment"]
    assert exported["secrets_providers"]["state"]["url"] == backend.secrets_provider
    assert any(each["type"] == "mlstead:index:StateBackend" for each in exported["resources"])
