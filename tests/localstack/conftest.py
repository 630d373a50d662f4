"""A real LocalStack process, a local cloud beside it for what it has not, and pytest-localstack attached to it.

Where the process cannot run, every test here is skipped with the reason, which starts with "not run".
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Other rooms, too: what they promise of the local cloud is to hold here as well.
sys.path.extend(str(Path(__file__).parents[1] / room) for room in ("localstack", "local", "local/promises"))

from localstack_machine import DeployedOnLocalStack, LocalStackMachine
from localstack_process import running, why_not_run
from machine import REGION, unused_port

from mlstead_toolkit.aws import Target
from mlstead_toolkit.aws.localstack import SERVICES
from mlstead_toolkit.aws.target import ACCOUNT
from mlstead_toolkit.cloud import control
from mlstead_toolkit.cloud.control import CloudStatus

if TYPE_CHECKING:
    from pytest_localstack.session import RunningSession  # most of a second, which only who uses it shall pay

CHECKED = ("events", "s3", "sns", "sqs")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "promise(*types): see tests/local/promises/conftest.py")


@contextmanager
def started(folder: Path) -> Iterator[RunningSession]:
    """Start a LocalStack and attach pytest-localstack, which takes each service to be on 4566 unless told its port."""
    from pytest_localstack.session import RunningSession

    port = unused_port()
    with (running(folder, port),
          RunningSession("127.0.0.1", dict.fromkeys(CHECKED, port), region_name=REGION) as session):
        yield session


@pytest.fixture(scope="session")
def attached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSession]:
    """A LocalStack that has just started, through pytest-localstack."""
    if reason := why_not_run():
        pytest.skip(f"not run: {reason}")
    with started(tmp_path_factory.mktemp("localstack")) as session:
        yield session


@pytest.fixture(scope="session")
def localstack(attached: RunningSession) -> str:
    """LocalStack's address."""
    return str(attached.endpoint_url("s3"))


@pytest.fixture(scope="module")
def companion(localstack: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudStatus]:
    """The local cloud that takes what LocalStack has not."""
    home, port = tmp_path_factory.mktemp("companion"), unused_port()
    yield control.ensure_running(home, port, SERVICES)
    control.stop(home, port)


@pytest.fixture(scope="module")
def target(localstack: str, companion: CloudStatus) -> Target:
    """LocalStack and its companion, as `--target localstack` has them."""
    return Target.localstack(localstack, companion.endpoint, REGION)


@pytest.fixture(scope="module")
def boto(target: Target) -> Callable[[str], Any]:
    """Give boto3 clients for whatever takes a service: boto("s3")."""
    import boto3

    session = boto3.Session(ACCOUNT, "mlstead", region_name=REGION)
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = session.client(service, endpoint_url=target.endpoint(service).address)
        return made[service]

    return client


@pytest.fixture(scope="module")
def machine(localstack: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStackMachine]:
    """A machine with a project on it, whose `local` is to stand on LocalStack."""
    folder = tmp_path_factory.mktemp("machine")
    made = LocalStackMachine(folder / "home", unused_port(), folder, localstack=localstack, companion=unused_port())
    made.states.mkdir(parents=True)
    made.succeed("new", "flight-delays", "--defaults", cwd=folder)
    yield made
    control.stop(made.states, made.companion)


@pytest.fixture(scope="module")
def another(localstack: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a second LocalStack, as empty as the first one was."""
    with started(tmp_path_factory.mktemp("another")) as session:
        yield str(session.endpoint_url("s3"))


@pytest.fixture(scope="module")
def before(machine: LocalStackMachine) -> dict[str, Any]:
    """What both clouds hold before anything is deployed."""
    control.ensure_running(machine.states, machine.companion, SERVICES)
    return machine.snapshot()


@pytest.fixture(scope="module")
def deployed(machine: LocalStackMachine, before: dict[str, Any]) -> DeployedOnLocalStack:
    """Foundation and project, up on that machine."""
    return DeployedOnLocalStack(machine)
