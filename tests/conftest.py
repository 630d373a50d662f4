"""What tests share: a private home, a free port, a running local cloud and clients for it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlstead_toolkit.cloud import control
from mlstead_toolkit.cloud.control import CloudStatus

REGION = "eu-west-1"


def unused_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    return unused_port()


@pytest.fixture
def home(tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A private MLSTEAD_HOME with a free MLSTEAD_CLOUD_PORT; a cloud that a test starts there is stopped afterwards."""
    directory = tmp_path / "home"
    directory.mkdir()
    monkeypatch.setenv("MLSTEAD_HOME", str(directory))
    monkeypatch.setenv("MLSTEAD_CLOUD_PORT", str(free_port))
    yield directory
    with_cloud = directory / "cloud" / "cloud.json"
    if with_cloud.exists():
        import json

        control.stop(directory, int(json.loads(with_cloud.read_text())["port"]))


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudStatus]:
    """A running local cloud, empty at the start of the module."""
    directory = tmp_path_factory.mktemp("cloud-home")
    port = unused_port()
    running = control.ensure_running(directory, port)
    yield running
    control.stop(directory, port)


@pytest.fixture(scope="module")
def boto(cloud: CloudStatus) -> Callable[[str], Any]:
    """Give boto3 clients for the module's cloud: boto("s3")."""
    import boto3

    session = boto3.Session("mlstead", "mlstead", region_name=REGION)
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = session.client(service, endpoint_url=cloud.endpoint)
        return made[service]

    return client


@pytest.fixture(autouse=True, scope="session")
def no_real_account() -> Iterator[None]:
    """Keep every test away from a real account that the developer's shell may point at."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("AWS_")}
    yield
    os.environ.update(kept)
