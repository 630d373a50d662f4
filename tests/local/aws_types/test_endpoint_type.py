"""An endpoint is there when it serves: creation, update and deletion wait, and a failure is told with its reason."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.cloud import control
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.engine.provider import PartialFailure, ProviderError

ENDPOINT, CONFIGURATION = "aws:sagemaker/endpoint:Endpoint", "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
MODEL, ROLE = "aws:sagemaker/model:Model", {"role": "aws:iam/role:Role", "pull": "aws:iam/rolePolicy:RolePolicy"}
SERVER = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *rest):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def image(cloud: CloudStatus, tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("served")
    programs = root / "bin"
    programs.mkdir()
    (root / "serve.py").write_text(SERVER)
    commands = {"python": f'{sys.executable} "$@"', "serve": f"{sys.executable} -S -E {root}/serve.py"}
    for name, command in commands.items():
        (programs / name).write_text(f"#!/bin/sh\nexec {command}\n")
        (programs / name).chmod(0o755)
    control.register_image(cloud.endpoint, "served", Path(root), programs / "python")
    return "123456789012.dkr.ecr.eu-west-1.amazonaws.com/served:local"


def configuration(stand: Any, image: str, name: str) -> str:
    role = stand.needs(ROLE)["role"]
    model = stand.create(MODEL, {"executionRoleArn": role["arn"], "primaryContainer": {"image": image}}, name)[0]
    made: str = stand.create(CONFIGURATION, {"productionVariants": [
        {"modelName": model, "variantName": "AllTraffic", "instanceType": "ml.m5.large", "initialInstanceCount": 1}]},
        name)[0]
    return made


def test_an_endpoint_serves_when_it_is_created_takes_another_configuration_and_is_gone_when_deleted(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any], image: str) -> None:
    first, second = configuration(stand, image, "first"), configuration(stand, image, "second")
    urn = stand.urn(ENDPOINT)

    resource_id, inputs, outputs = stand.create(ENDPOINT, {"name": "delays", "endpointConfigName": first})
    assert boto("sagemaker").describe_endpoint(EndpointName="delays")["EndpointStatus"] == "InService"
    read = aws.read(ENDPOINT, resource_id, inputs, outputs)
    assert read is not None
    assert read.inputs == inputs

    news = {**inputs, "endpointConfigName": second}
    assert aws.diff(ENDPOINT, resource_id, inputs, outputs, news, ()).replaces == ()
    after = aws.update(ENDPOINT, urn, resource_id, inputs, outputs, news, preview=False, timeout=60, ignore_changes=())
    described = boto("sagemaker").describe_endpoint(EndpointName="delays")
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", second)

    assert aws.delete(ENDPOINT, urn, resource_id, news, after, timeout=60) is None
    assert aws.read(ENDPOINT, resource_id, news, after) is None
    assert aws.delete(ENDPOINT, urn, resource_id, news, after, timeout=60) is None


def test_an_endpoint_that_cannot_start_fails_with_the_reason_and_is_made_anew_by_the_next_update(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any], image: str) -> None:
    broken = configuration(stand, "123456789012.dkr.ecr.eu-west-1.amazonaws.com/nobody:1", "broken")
    working = configuration(stand, image, "working")
    urn = stand.urn(ENDPOINT)
    inputs = aws.check(ENDPOINT, urn, None, {"name": "late", "endpointConfigName": broken}, b"").inputs

    with pytest.raises(PartialFailure, match="nobody") as failure:
        aws.create(ENDPOINT, urn, inputs, preview=False, timeout=60)
    assert failure.value.resource_id == "late"

    news = {**inputs, "endpointConfigName": working}
    after = aws.update(ENDPOINT, urn, "late", inputs, failure.value.outputs, news, preview=False, timeout=60,
                       ignore_changes=())
    assert boto("sagemaker").describe_endpoint(EndpointName="late")["EndpointStatus"] == "InService"
    aws.delete(ENDPOINT, urn, "late", news, after, timeout=60)


def test_an_update_that_is_rolled_back_is_an_error_with_the_reason(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any], image: str) -> None:
    working = configuration(stand, image, "working")
    broken = configuration(stand, "123456789012.dkr.ecr.eu-west-1.amazonaws.com/nobody:1", "broken")
    resource_id, inputs, outputs = stand.create(ENDPOINT, {"name": "steady", "endpointConfigName": working})

    with pytest.raises(ProviderError, match="went back to working"):
        aws.update(ENDPOINT, stand.urn(ENDPOINT), resource_id, inputs, outputs,
                   {**inputs, "endpointConfigName": broken}, preview=False, timeout=60, ignore_changes=())

    assert boto("sagemaker").describe_endpoint(EndpointName="steady")["EndpointStatus"] == "InService"
