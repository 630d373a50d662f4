"""LocalStack as a target: who takes what, what is said of it, and how a new one is told from the last."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mlstead_toolkit.aws import Target
from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.localstack import DIFFERS, SERVICES, UNREAD
from mlstead_toolkit.aws.registry import coverage, resource_types
from mlstead_toolkit.cli.local_place import LocalPlace
from mlstead_toolkit.cloud.control import PortBusy
from mlstead_toolkit.engine.provider import ProviderError

ANSWERS = {"/_mlstead/status": {"boot_id": "b"}, "/_localstack/info": {"session_id": "s"}}


class Answering(BaseHTTPRequestHandler):
    answers = ANSWERS

    def do_GET(self) -> None:
        found = self.answers.get(self.path)
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def target(address: str) -> Target:
    return Target.localstack(f"{address}/", address.replace("127.0.0.1", "localhost"), "eu-west-1")


def test_what_localstack_has_goes_there_and_everything_else_to_the_cloud_beside_it(target: Target) -> None:
    taken = {service: target.endpoint(service).name for service in ("s3", "iam", "ec2", "sagemaker", "glue", "ecr")}

    assert [name for name, at in taken.items() if at == "LocalStack"] == ["s3", "iam", "ec2"]
    assert {target.endpoint(service).access_key for service in SERVICES} == {"123456789012"}
    assert target.client("s3")._request_signer._credentials.access_key == "123456789012"


def test_nothing_of_sagemaker_is_real_beside_localstack(target: Target) -> None:
    listed = {entry.token: entry for entry in coverage(target)}

    assert listed["aws:s3/bucket:Bucket"].coverage is Coverage.REAL
    assert {entry.coverage for entry in listed.values() if entry.service == "sagemaker"} == {Coverage.SIMULATED}


def test_what_is_said_of_a_type_is_said_of_one_that_localstack_takes() -> None:
    types = resource_types()

    assert [token for token in {**DIFFERS, **UNREAD} if types[token].service not in SERVICES] == []
    assert UNREAD.keys() <= DIFFERS.keys()
    assert [token for token, names in UNREAD.items() if not types[token].by_name.keys() >= set(names)] == []


def test_either_of_the_two_clouds_gives_the_target_another_identity(target: Target, monkeypatch: pytest.MonkeyPatch
                                                                    ) -> None:
    first = target.identity()
    for path, name in (("/_mlstead/status", "boot_id"), ("/_localstack/info", "session_id")):
        monkeypatch.setattr(Answering, "answers", {**ANSWERS, path: {name: "another"}})
        assert target.identity() != first
    monkeypatch.setattr(Answering, "answers", ANSWERS)
    assert target.identity() == first


def test_a_busy_port_of_the_cloud_beside_it_is_mended_by_a_variable_of_its_own(address: str, tmp_path: Path) -> None:
    place = LocalPlace(tmp_path, int(address.rsplit(":", 1)[1]), address)

    with pytest.raises(PortBusy, match="MLSTEAD_COMPANION_PORT="):
        place.start()


def test_what_answers_without_being_localstack_is_not_taken_for_it(target: Target, monkeypatch: pytest.MonkeyPatch
                                                                   ) -> None:
    monkeypatch.setattr(Answering, "answers", {"/_mlstead/status": {"boot_id": "b"}})
    with pytest.raises(ProviderError, match=r"is not LocalStack(.|\n)*MLSTEAD_LOCALSTACK"):
        target.identity()
