"""No web page reaches the local cloud through the user's browser."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from mlstead_toolkit.cloud.control import CloudStatus

BODY = json.dumps({"repository": "x", "root": "/", "python": "/bin/sh"}).encode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example:4566"},
    ],
)
@pytest.mark.parametrize("path", ["/_mlstead/images", "/_mlstead/stop", "/"])
def test_a_request_from_a_page_is_refused(cloud: CloudStatus, headers: dict[str, str], path: str) -> None:
    request = urllib.request.Request(cloud.endpoint + path, BODY, {"Content-Type": "text/plain", **headers})
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(request)
    assert raised.value.code == 403


@pytest.mark.parametrize("host", ["localhost", "bucket.s3.localhost", "127.0.0.1"])
def test_names_of_this_machine_are_answered(cloud: CloudStatus, host: str) -> None:
    port = cloud.endpoint.rsplit(":", 1)[1]
    request = urllib.request.Request(f"{cloud.endpoint}/_mlstead/status", headers={"Host": f"{host}:{port}"})
    with urllib.request.urlopen(request) as answer:
        assert json.loads(answer.read())["boot_id"] == cloud.boot_id
