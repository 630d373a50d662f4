"""A model server: a container that runs `serve`, restarted when it dies, called over kept-alive connections."""

from __future__ import annotations

import http.client
import io
import logging
import shutil
import socket
import tarfile
import threading
import time
import zlib
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from mlstead_toolkit.cloud.account import ACCOUNT_ID
from mlstead_toolkit.cloud.container import Container, environment_of, how_it_ended
from mlstead_toolkit.cloud.control import HOST
from mlstead_toolkit.cloud.credentials import RoleCredentials
from mlstead_toolkit.cloud.failure import AlgorithmFailure, ClientFailure, RoleFailure
from mlstead_toolkit.cloud.log_stream import LogStream
from mlstead_toolkit.cloud.sagemaker.execution_role import any_resource, assume
from mlstead_toolkit.cloud.sagemaker.instance import Instance
from mlstead_toolkit.cloud.sagemaker.model import Serving
from mlstead_toolkit.cloud.storage import Storage
from mlstead_toolkit.cloud.workshop import Workshop

log = logging.getLogger("mlstead.cloud")
HEALTHY_WITHIN = 480.0
"""Seconds that SageMaker gives a container to answer /ping with 200, unless the variant says otherwise."""
PING_EVERY = 0.02
ANSWER_WITHIN = 60.0
"""Seconds that SageMaker gives a model to answer an invocation."""
RESTART_AFTER = 0.2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class ModelServer:
    """One serving container and the connections to it."""

    def __init__(self, workshop: Workshop, serving: Serving, region: str, base: Path, stream: LogStream) -> None:
        self._workshop, self._serving, self._region, self._base, self._log = workshop, serving, region, base, stream
        self._connections: deque[http.client.HTTPConnection] = deque()
        self._stopped = threading.Event()
        self._container: Container | None = None
        self._port = 0
        self._ended_how = ""
        self._in_service = False
        self._instance: Instance | None = None
        self.log_stream = stream
        self.credentials: RoleCredentials | None = None
        """What it last had of its role."""

    def start(self, within: float = HEALTHY_WITHIN) -> None:
        """Fetch the model, start the container and wait until it is healthy. Raises Failure saying why it is not."""
        image = self._workshop.images.resolve(self._serving.image)
        credentials = self._provide()
        model = self._base / "opt/ml/model"
        model.mkdir(parents=True, exist_ok=True)
        if self._serving.data_url:
            _extract(self._fetched(credentials, self._serving.data_url), model, self._serving.data_url)
        self._port = _free_port()
        environment = {
            **environment_of(credentials, self._region, self._workshop.boot.endpoint, isolated=self._serving.isolated),
            **self._serving.environment,
            "SAGEMAKER_BIND_TO_PORT": str(self._port),
            "SAGEMAKER_BIND_TO_HOST": HOST,
            "SAGEMAKER_SAFE_PORT_RANGE": f"{self._port}-{self._port}",
        }
        self._container = Container(image, ["serve"], self._base, environment, self._log, self._workshop.reaper)
        self._container.start()
        ended = threading.Event()
        threading.Thread(target=self._watch, args=(self._container, ended), name="model-server", daemon=True).start()
        try:
            self._await_health(ended, within)
        except AlgorithmFailure:
            self._container.stop(grace=5.0)  # also where the endpoint was deleted meanwhile: nobody else knows of it
            raise

    def stop(self) -> None:
        """End the container and drop its folder."""
        self._stopped.set()
        if self._container is not None:
            self._container.stop(grace=5.0)
        while self._connections:
            self._connections.pop().close()
        if self._instance is not None:
            self._instance.leave_network()
        shutil.rmtree(self._base, ignore_errors=True)

    def invoke(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send one request to /invocations.

        Raises TimeoutError where no answer comes within 60 s, OSError or HTTPException where the server is down.
        """
        try:
            connection, fresh = self._connections.pop(), False
        except IndexError:
            connection, fresh = http.client.HTTPConnection(HOST, self._port, timeout=ANSWER_WITHIN), True
        try:
            return self._exchange(connection, body, headers)
        except TimeoutError:
            connection.close()
            raise
        except (OSError, http.client.HTTPException):
            connection.close()
            if fresh:
                raise
        # The server had closed a kept connection: nothing was processed, so asking again is safe.
        return self._exchange(http.client.HTTPConnection(HOST, self._port, timeout=ANSWER_WITHIN), body, headers)

    def _provide(self) -> RoleCredentials:
        """Have what the container runs on: its role's credentials, network and image.

        The key of its volume is no matter of the role: whoever makes the endpoint lets SageMaker use it
        (https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html: CreateEndpoint).
        """
        role, vpc_config = self._serving.role_arn, self._serving.vpc_config
        source = any_resource(self._region, ACCOUNT_ID)
        credentials = assume(self._workshop, role, source, self._region, vpc_config)
        instance = Instance(self._workshop, credentials, self._region, vpc_config)
        if self._instance is None:  # a container that is restarted stays where it was
            instance.join_network()
            self._instance = instance
        try:
            instance.pull(self._serving.image)
        except RoleFailure as failure:
            raise RoleFailure(
                f"The role '{role}' does not have BatchGetImage permission for the image: "
                f"'{self._serving.image}'. ({failure})"
            ) from failure
        self._log.may = instance.may
        self.credentials = credentials
        return credentials

    def _fetched(self, credentials: RoleCredentials, url: str) -> bytes:
        try:
            return Storage(credentials, self._region, self._workshop).read(url)
        except RoleFailure as failure:
            raise RoleFailure(
                f'Could not access model data at {url}. Please ensure that the role "{credentials.role_arn}" exists '
                'and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal '
                '"sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the '
                f"object is located in {self._region}. ({failure})"
            ) from failure

    def _exchange(self, connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str]) -> Answer:
        connection.request("POST", "/invocations", body, headers)
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read())
        if response.will_close or self._stopped.is_set():
            connection.close()
        else:
            self._connections.append(connection)
        return answer

    def _await_health(self, ended: threading.Event, within: float) -> None:
        deadline = time.monotonic() + within
        while not self._stopped.is_set():
            if self._healthy():
                return
            if ended.wait(PING_EVERY):
                said = self._log.last_line.strip() or "nothing was printed"
                raise AlgorithmFailure(f"{said}, {self._ended_how}")
            if time.monotonic() > deadline:
                raise AlgorithmFailure(
                    f"/ping did not answer 200 on port $SAGEMAKER_BIND_TO_PORT within {within:.0f} s"
                )
        raise AlgorithmFailure("the endpoint was deleted")

    def _healthy(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._port, timeout=2)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def keep_alive(self) -> None:
        """From now on restart the container whenever it dies."""
        self._in_service = True

    def _watch(self, container: Container, ended: threading.Event) -> None:
        code, _ = container.wait()
        self._ended_how = how_it_ended(code)
        ended.set()
        if not self._in_service:
            return
        self._in_service = False
        while not self._stopped.wait(RESTART_AFTER) and not self._workshop.closed.is_set():
            self._log.write([f"The container ended ({self._ended_how}); it is restarted."])
            try:
                self.start()
            except Exception as error:
                log.warning("restart of a model server: %s", error)
                continue
            self._in_service = True
            if self._container is not None and self._container.running:
                return


def _extract(content: bytes, directory: Path, source: str) -> None:
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:*") as archive:
            for member in archive.getmembers():
                target = (directory / member.name).resolve()
                if member.isreg() and target.is_relative_to(directory.resolve()):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    source_file = archive.extractfile(member)
                    assert source_file is not None
                    with source_file, target.open("wb") as target_file:
                        shutil.copyfileobj(source_file, target_file)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise ClientFailure(f"Failed to extract model data archive from {source}: {error}") from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
