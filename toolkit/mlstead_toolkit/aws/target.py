"""Where the AWS calls go: an address for each service, what it covers, and one shared client for each.

The local cloud takes every service today; another target (LocalStack) takes the services that it has by naming them in
`endpoints`, the rest stays where `default` points.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.failures import silent, translate

ACCOUNT: Final = "123456789012"
_CONNECTIONS: Final = 32


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a service (http://127.0.0.1:4566) and what is behind it."""

    address: str
    coverage: Coverage = Coverage.SIMULATED


@dataclass
class Target:
    """A cloud: its name, its region and account, and an endpoint for each service that differs from the default."""

    name: str
    region: str
    default: Endpoint
    account: str = ACCOUNT
    partition: str = "aws"
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _session: Any = field(default=None, repr=False)

    @classmethod
    def local(cls, endpoint: str, region: str, account: str = ACCOUNT) -> Target:
        """Give the local cloud at an address such as http://127.0.0.1:4566."""
        return cls("local", region, Endpoint(endpoint.rstrip("/")), account)

    def in_region(self, region: str) -> Target:
        """Give the same cloud as seen from another region; the two share their clients."""
        return replace(self, region=region)

    def endpoint(self, service: str) -> Endpoint:
        """Give the endpoint that takes a service."""
        return self.endpoints.get(service, self.default)

    def client(self, service: str, region: str | None = None) -> Any:
        """Give the shared client of a service; made when first asked for, safe for use by many threads."""
        key = (service, region or self.region)
        client = self._clients.get(key)
        if client is None:
            with self._lock:
                client = self._clients.get(key) or self._new_client(*key)
                self._clients[key] = client
        return client

    def call(self, service: str, operation: str, arguments: Mapping[str, Any], *, region: str | None = None,
             where: str | None = None) -> dict[str, Any]:
        """Call an operation ("CreateBucket"); what the cloud refuses is raised as ProviderError that names `where`."""
        from botocore import xform_name

        method = getattr(self.client(service, region), xform_name(operation))
        try:
            answer: dict[str, Any] = method(**arguments)
        except Exception as error:
            refusal = translate(error, service, operation, self.endpoint(service).address, where)
            if refusal is None:
                raise
            raise refusal from None
        return answer

    def identity(self) -> str:
        """Name the process behind the default endpoint: the local cloud's boot id, or a mark left in a plain moto."""
        import http.client
        import json
        from urllib.parse import urlsplit

        place = urlsplit(self.default.address)
        connection = http.client.HTTPConnection(place.hostname or "127.0.0.1", place.port or 80, timeout=10)
        try:
            connection.request("GET", "/_mlstead/status")
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200 and b"boot_id" in body:
                return str(json.loads(body)["boot_id"])
            return _moto_mark(connection)
        except (OSError, http.client.HTTPException, ValueError):
            raise silent(self.default.address) from None
        finally:
            connection.close()

    def _new_client(self, service: str, region: str) -> Any:
        from botocore.config import Config
        from botocore.session import Session

        if self._session is None:
            # The user's own AWS files and proxies have no say in how the local cloud is reached.
            nothing = {"profile": (None, None, None, None), "config_file": (None, None, os.devnull, None),
                       "credentials_file": (None, None, os.devnull, None)}
            self._session = Session(session_vars=nothing)
        config = Config(
            max_pool_connections=_CONNECTIONS, parameter_validation=False, connect_timeout=5, read_timeout=120,
            retries={"mode": "standard", "total_max_attempts": 2}, s3={"addressing_style": "path"}, proxies={},
            request_checksum_calculation="when_required", response_checksum_validation="when_required")
        return self._session.create_client(
            service, region_name=region, endpoint_url=self.endpoint(service).address, config=config,
            aws_access_key_id="mlstead", aws_secret_access_key="mlstead")  # noqa: S106 - the local cloud's, not a secret


def _moto_mark(connection: Any) -> str:
    """Give a plain moto server's mark, set where there is none: its memory, and so the mark, ends with the process."""
    import json
    import secrets

    name = "mlstead::identity"
    connection.request("GET", f"/moto-api/state-manager/get-transition?model_name={name}")
    answer = connection.getresponse()
    body = answer.read()
    known = json.loads(body).get("times") if answer.status == 200 else None
    if known is not None:
        return f"moto-{known}"
    mark = secrets.randbits(48)
    setting = {"model_name": name, "transition": {"progression": "manual", "times": mark}}
    connection.request("POST", "/moto-api/state-manager/set-transition", json.dumps(setting),
                       {"content-type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return f"moto-{mark}" if answer.status in (200, 201) else "moto"
