"""The committed pipelines: what the Python says, for any environment, and in the private network alone."""

import json
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import ROOT

PYTHON = ROOT / ".venv-pipelines" / "bin" / "python"
PIPELINES = sorted(path for path in (ROOT / "pipelines").glob("*.py") if not path.name.startswith("_"))
FILLED_BY_INFRA = {
    "Image",
    "IngestionRole",
    "GateRole",
    "ProcessingRole",
    "TrainingRole",
    "FirstSubnet",
    "SecondSubnet",
    "SecurityGroup",
    "KmsKey",
    "FeaturesKey",
    "RawUri",
    "QuarantineUri",
    "CuratedUri",
    "FeaturesUri",
    "ArtifactsUri",
    "TokenKey",
    "ModelPackageGroup",
    "ProcessingInstanceType",
    "TrainingInstanceType",
}

NETWORK = {
    "SecurityGroupIds": [{"Get": "Parameters.SecurityGroup"}],
    "Subnets": [{"Get": "Parameters.FirstSubnet"}, {"Get": "Parameters.SecondSubnet"}],
}
KEYS_OF_ZONES = {"FeaturesUri": "FeaturesKey", "ArtifactsUri": "KmsKey"}
"""Where SageMaker may put what a job wrote: a zone's bucket refuses every key but its own."""

each_pipeline = pytest.mark.parametrize("source", PIPELINES, ids=lambda path: path.stem)


def blocks(value: object) -> Iterator[dict]:
    """Give every object inside a JSON value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from blocks(item)


@pytest.mark.slow
@each_pipeline
def test_the_committed_json_is_what_the_python_says(source: Path) -> None:
    assert PYTHON.exists(), "the pipelines' environment is missing: run `make test`, or `mlstead compile` once"
    compiled = subprocess.run([PYTHON, source], capture_output=True, text=True, check=False)
    assert compiled.returncode == 0, compiled.stderr
    committed = source.with_suffix(".json").read_text(encoding="utf-8")
    assert compiled.stdout == committed, f"{source.name} changed since it was compiled: run `mlstead compile`"


@each_pipeline
def test_the_json_names_no_account_region_or_bucket(source: Path) -> None:
    text = source.with_suffix(".json").read_text(encoding="utf-8")
    assert not re.search(r"\d{12}|arn:aws|s3://|\b[a-z]{2}-[a-z]+-\d\b", text)


@each_pipeline
def test_only_what_infra_fills_has_no_default(source: Path) -> None:
    parameters = json.loads(source.with_suffix(".json").read_text(encoding="utf-8"))["Parameters"]
    assert {one["Name"] for one in parameters if "DefaultValue" not in one} <= FILLED_BY_INFRA


def jobs(source: Path) -> list[dict]:
    """Give the steps of a pipeline that run in a container."""
    definition = json.loads(source.with_suffix(".json").read_text(encoding="utf-8"))
    found = [step for step in blocks(definition) if step.get("Type") in ("Processing", "Training")]
    assert found
    return found


@each_pipeline
def test_every_step_has_a_module_to_run(source: Path) -> None:
    for step in jobs(source):
        if step["Type"] == "Processing":
            python, flag, module = step["Arguments"]["AppSpecification"]["ContainerEntrypoint"]
            assert (python, flag) == ("python", "-m")
            assert find_spec(module), f"{step['Name']} runs {module}, which is not there"


@each_pipeline
def test_every_job_runs_in_the_private_network_and_encrypted(source: Path) -> None:
    for step in jobs(source):
        asked = step["Arguments"]
        network = asked.get("NetworkConfig", asked)
        # Those of the data pipeline talk to S3 and KMS themselves; every other is cut off from that network too.
        assert network["EnableNetworkIsolation"] is (source.stem != "data")
        assert network["EnableInterContainerTrafficEncryption"] is True
        assert network["VpcConfig"] == NETWORK, f"{step['Name']} does not run in the private network"
        machine = asked.get("ResourceConfig") or asked["ProcessingResources"]["ClusterConfig"]
        output = asked.get("OutputDataConfig") or asked.get("ProcessingOutputConfig")
        assert machine["VolumeKmsKeyId"] == {"Get": "Parameters.KmsKey"}
        written = {get.removeprefix("Parameters.") for each in blocks(output) if (get := each.get("Get", ""))}
        for zone in (name for name in written if name.endswith("Uri")):
            assert KEYS_OF_ZONES.get(zone) in written, f"{step['Name']} writes to {zone} with a key that it refuses"
