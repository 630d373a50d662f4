"""The account that an environment stands in: what the project says of it, and the one way to ask it."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from mlstead_toolkit.doctor.answers import read
from mlstead_toolkit.doctor.backend_address import Backend, backend_of
from mlstead_toolkit.doctor.finding import NotSignedIn, Unseen
from mlstead_toolkit.project import Project

if TYPE_CHECKING:
    import boto3

    from mlstead import Context, ProjectSettings

_MAIN_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_CONNECT, _READ, _ATTEMPTS = 3, 15, 2  # seconds, seconds, calls: whoever asks waits for the answer


@dataclass
class Account:
    """An environment's account as the shell is signed in to it.

    Args:
        project: whose environment it is.
        environment: its name.
        settings: what infra/Pulumi.<environment>.yaml sets for the project, checked.
        region: where it says that the stack lives.
        written: that file as it is written.
        foundation: infra/foundation.<environment>.json; empty where there is none.
    """

    project: Project
    environment: str
    settings: ProjectSettings
    region: str
    written: dict[str, Any]
    foundation: dict[str, Any]
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def ask(self, service: str, operation: str, *, region: str = "", **parameters: Any) -> dict[str, Any] | None:
        """Call an operation, "GetRole"; None: there is nothing of that name.

        Raises:
            Unseen: the caller may not ask it, or nobody here answers it.
            Unreachable: AWS cannot be asked at all.
        """
        from botocore import xform_name

        try:
            answer: dict[str, Any] = getattr(self._client(service, region), xform_name(operation))(**parameters)
        except Exception as error:
            read(error, service, operation)
            return None
        return answer

    def ask_anywhere(self, service: str, operation: str, **parameters: Any) -> dict[str, Any] | None:
        """Ask in the environment's region, else in the partition's main one: a region not enabled knows nobody."""
        try:
            return self.ask(service, operation, **parameters)
        except NotSignedIn:
            main = _MAIN_REGIONS.get(self._session.get_partition_for_region(self.region), self.region)
            return self.ask(service, operation, region=main, **parameters)

    def pages(self, service: str, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
        """Give what lies under a key of every page of a list."""
        from botocore import xform_name

        try:
            for page in self._client(service, "").get_paginator(xform_name(operation)).paginate(**parameters):
                yield from page[key]
        except Exception as error:
            read(error, service, operation)

    @property
    def name(self) -> str:
        """What its own things are called: <project>-<environment>."""
        return f"{self.project.name}-{self.environment}"

    @property
    def settings_file(self) -> str:
        """The file that sets the environment, as it is told."""
        return f"infra/Pulumi.{self.environment}.yaml"

    @cached_property
    def caller(self) -> dict[str, str]:
        """Who asks: Account and Arn."""
        answer = self.ask_anywhere("sts", "GetCallerIdentity") or {}
        return {"Account": str(answer["Account"]), "Arn": str(answer["Arn"])}

    @cached_property
    def context(self) -> Context:
        """Where the stack would live, by its settings and who asks."""
        from mlstead import Context

        return Context(self.project.name, self.environment, self.region, self.caller["Account"],
                       self.caller["Arn"].split(":")[1])

    @cached_property
    def backend(self) -> Backend:
        """Where Pulumi keeps states, from here."""
        return backend_of(self.project.infra)

    def state(self, project: str, stack: str) -> list[dict[str, Any]] | None:
        """Give the resources of a stack as the backend's bucket records them; None: it was never deployed.

        Raises:
            Unseen: states do not lie in a bucket, or may not be read there.
        """
        if not self.backend.bucket:
            raise Unseen("the state lies in no S3 bucket")
        for suffix, opened in ((".json", bytes), (".json.gz", gzip.decompress)):
            found = self.ask("s3", "GetObject", region=self.backend.region, Bucket=self.backend.bucket,
                             Key=f"{self.backend.prefix}.pulumi/stacks/{project}/{stack}{suffix}")
            if found is not None:
                latest = json.loads(opened(found["Body"].read()))["checkpoint"]["latest"] or {}
                return list(latest.get("resources") or [])
        return None

    def _client(self, service: str, region: str) -> Any:
        from botocore.config import Config

        key = (service, region or self.region)
        with self._lock:  # a session makes one client at a time
            if key not in self._clients:
                self._clients[key] = cast(Any, self._session).client(service, region_name=key[1], config=Config(
                    connect_timeout=_CONNECT, read_timeout=_READ, max_pool_connections=32,
                    retries={"mode": "standard", "total_max_attempts": _ATTEMPTS}))
            return self._clients[key]

    @cached_property
    def _session(self) -> boto3.Session:
        import boto3

        return boto3.Session()
