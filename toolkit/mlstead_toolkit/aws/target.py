"""Where the AWS calls go: an address for each service, what it covers, and one shared client for each.

The local cloud takes every service; beside LocalStack, which takes those that it has, it is the companion for the rest.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from mlstead_toolkit.aws.endpoint import Endpoint
from mlstead_toolkit.aws.failures import translate
from mlstead_toolkit.aws.localstack import SERVICES, START, UNREAD

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.credentials import RoleCredentials

ACCOUNT: Final = "123456789012"
_CONNECTIONS: Final = 32


@dataclass
class Target:
    """A cloud: its name, its region and account, and an endpoint for each service that differs from the default.

    `runs_jobs` says whether the default endpoint's jobs and endpoints find there what they read and write; `unread`
    names, by type, the properties of which no answer tells what they are; `signer` is the role that signs in place of
    the endpoints' own keys.
    """

    name: str
    region: str
    default: Endpoint
    account: str = ACCOUNT
    partition: str = "aws"
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    runs_jobs: bool = True
    unread: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signer: RoleCredentials | None = field(default=None, repr=False)
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _session: Any = field(default=None, repr=False)

    @classmethod
    def local(cls, endpoint: str, region: str, account: str = ACCOUNT) -> Target:
        """Give the local cloud at an address such as http://127.0.0.1:4566."""
        return cls("local", region, Endpoint(endpoint.rstrip("/")), account)

    @classmethod
    def localstack(cls, endpoint: str, companion: str, region: str, account: str = ACCOUNT) -> Target:
        """Give a LocalStack for the services that it has, and a local cloud beside it for the rest.

        LocalStack takes an access key id of twelve digits for the account.
        """
        taken = {service: Endpoint(endpoint.rstrip("/"), behind, account, "LocalStack", START)
                 for service, behind in SERVICES.items()}
        return cls("localstack", region, Endpoint(companion.rstrip("/")), account, endpoints=taken, runs_jobs=False,
                   unread=UNREAD)

    def in_region(self, region: str) -> Target:
        """Give the same cloud as seen from another region; the two share their clients."""
        return replace(self, region=region)

    def signed_by(self, signer: RoleCredentials) -> Target:
        """Give the same cloud as a role calls it."""
        return replace(self, signer=signer, _clients={}, _lock=threading.Lock())

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
            refusal = translate(error, service, operation, self.endpoint(service), where)
            if refusal is None:
                raise
            raise refusal from None
        return answer

    def identity(self) -> str:
        """Name the processes behind the endpoints: one that starts anew is empty, and names itself otherwise."""
        from mlstead_toolkit.aws.identity import cloud_identity, localstack_identity

        others = {endpoint.address: endpoint for endpoint in self.endpoints.values()}
        others.pop(self.default.address, None)
        return " ".join([cloud_identity(self.default), *map(localstack_identity, others.values())])

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
        endpoint, signer = self.endpoint(service), self.signer
        return self._session.create_client(
            service, region_name=region, endpoint_url=endpoint.address, config=config,
            aws_access_key_id=signer.access_key if signer else endpoint.access_key,
            aws_secret_access_key=signer.secret_key if signer else "mlstead",  # the local cloud's, not a secret
            aws_session_token=signer.session_token if signer else None)
