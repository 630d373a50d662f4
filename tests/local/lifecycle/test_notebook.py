"""Notebooks on this machine: in the project's environment, under the exploration role, ended with what they started."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from machine import Machine

from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.exploration import studio_address
from mlstead_toolkit.cli.local_place import LocalPlace
from mlstead_toolkit.project import Project

pytestmark = pytest.mark.timeout(600)
WHO = "import boto3, os\nprint(boto3.client('sts').get_caller_identity()['Arn'])\nprint(os.environ['CURATED_URI'])"
RAW = """
raw = {raw!r}
for bucket in (os.environ['CURATED_URI'].split('/')[2], raw):
    try:
        boto3.client('s3').list_objects_v2(Bucket=bucket, Prefix='flight-delays/')
        print('read')
    except Exception as error:
        print(error.response['Error']['Code'])
"""


@pytest.fixture(scope="module")
def up(scaffolded: Machine) -> Machine:
    scaffolded.succeed("up", "local")
    return scaffolded


@pytest.fixture
def written(up: Machine, tmp_path: Path) -> Callable[..., Path]:
    def write(*cells: str) -> Path:
        file = tmp_path / "look.ipynb"
        file.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
            {"cell_type": "code", "id": f"c{number}", "metadata": {}, "outputs": [], "execution_count": None,
             "source": cell} for number, cell in enumerate(cells)]}))
        return file

    return write


def printed(file: Path) -> list[str]:
    cells = json.loads(file.read_text())["cells"]
    # A kernel sends what one cell prints in as many outputs as it takes it to print.
    return ["".join("".join(output.get("text", "")) for output in cell["outputs"]) for cell in cells]


def test_a_notebook_acts_as_the_exploration_role_and_is_refused_what_that_is(
    up: Machine, written: Callable[..., Path], tmp_path: Path
) -> None:
    outputs = up.succeed("outputs", "local", "--json").json
    raw = outputs["raw_uri"].split("/")[2]
    ran = up.succeed("notebook", "local", "--execute", str(written(WHO, RAW.format(raw=raw))), "-o",
                     str(tmp_path / "out.ipynb"))

    assert "ran to its end" in ran.out
    who, access = printed(tmp_path / "out.ipynb")
    assert f":assumed-role/{outputs['exploration_role_arn'].rpartition('/')[2]}/notebook" in who
    assert outputs["curated_uri"] in who
    assert access.split() == ["read", "AccessDenied"]


def test_a_cell_that_fails_ends_with_its_error_and_leaves_what_ran(
    up: Machine, written: Callable[..., Path], tmp_path: Path
) -> None:
    failed = up.refuse("notebook", "local", "-x", str(written("print('before')", "1 / 0", "print('after')")), "-o",
                       str(tmp_path / "out.ipynb"))

    assert "cell 2: ZeroDivisionError: division by zero" in failed.err
    assert printed(tmp_path / "out.ipynb")[0] == "before\n"
    assert "after" not in "".join(printed(tmp_path / "out.ipynb"))


def test_a_kernel_that_dies_is_an_error_too(up: Machine, written: Callable[..., Path]) -> None:
    failed = up.refuse("notebook", "local", "-x", str(written("import os\nos.kill(os.getpid(), 9)")))
    assert "the kernel died" in failed.err


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_jupyterlab_opens_by_its_token_alone_and_ends_with_its_kernels(up: Machine, end: signal.Signals) -> None:
    process = up.start("notebook", "local")
    try:
        assert process.stdout is not None
        base, token = process.stdout.readline().strip().split("/lab?token=")
        assert base.startswith("http://127.0.0.1:")

        def ask(path: str, data: Any = None, key: str = token) -> Any:
            request = urllib.request.Request(base + path, headers={"Authorization": f"token {key}"},
                                             data=json.dumps(data).encode() if data else None)
            return json.load(urllib.request.urlopen(request, timeout=30))

        assert "explore.ipynb" in {each["name"] for each in ask("/api/contents")["content"]}
        with pytest.raises(urllib.error.HTTPError, match="403"):
            ask("/api/contents", key="guessed")
        ask("/api/kernels", {"name": "python3"})
        kernels = [number for number in _processes("ipykernel") if str(up.project) in _command(number)]
        assert kernels
        process.send_signal(end)
        out, err = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()

    assert (process.returncode, out) == (0, "JupyterLab has ended.\n"), err
    until = time.monotonic() + 10
    while any(Path(f"/proc/{number}").exists() for number in kernels) and time.monotonic() < until:
        time.sleep(0.1)
    assert not [number for number in kernels if Path(f"/proc/{number}").exists()]


def test_the_examples_notebook_shows_what_is_curated(up: Machine, tmp_path: Path) -> None:
    up.succeed("data", "ingest", "local", "--batches", "1")
    up.succeed("notebook", "local", "--execute", "notebooks/explore.ipynb", "-o", str(tmp_path / "out.ipynb"))

    cells = json.loads((tmp_path / "out.ipynb").read_text())["cells"]
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    assert sum("image/png" in each for each in shown) == 7
    said = "".join("".join(each.get("text/markdown", "")) for each in shown)
    assert "27,004 flights of one month" in said
    assert "22.7% arrived more than 15 minutes late" in said


def test_the_address_of_studio_is_of_the_projects_only_profile(up: Machine) -> None:
    outputs = up.succeed("outputs", "local", "--json").json
    there = Deployment(Project(up.project, "flight-delays"), "local", outputs, LocalPlace(up.home, up.port))

    name, address = studio_address(there, None)

    assert name == "flight-delays-data-science"
    assert address.startswith(f"https://{outputs['studio_domain_id']}.studio.eu-west-1.sagemaker.aws/auth?token=")


def _processes(word: str) -> list[int]:
    found = subprocess.run(["pgrep", "-f", word], capture_output=True, text=True, check=False)
    return [int(number) for number in found.stdout.split()]


def _command(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text()
    except OSError:
        return ""
