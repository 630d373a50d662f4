"""Where `local` stands: on the local cloud, or on LocalStack with another local cloud beside it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from mlstead_toolkit.cli.acting import signing
from mlstead_toolkit.home import cloud_port, companion_port, home_directory
from mlstead_toolkit.project import DEFAULT_REGION, LOCAL

if TYPE_CHECKING:
    from mlstead_toolkit.aws.target import Target
    from mlstead_toolkit.engine import Properties, Provider, ProviderFactory

ADDRESS = "MLSTEAD_LOCALSTACK"


class LocalTarget(StrEnum):
    """What `local` can stand on."""

    LOCAL = "local"
    LOCALSTACK = "localstack"


@dataclass(frozen=True)
class LocalPlace:
    """A home of states, a local cloud of its own on `port`, and LocalStack's address where that takes what it has."""

    home: Path
    port: int
    localstack: str | None = None

    @property
    def words(self) -> str:
        """What to type after a command's name to mean this place."""
        return LOCAL if self.localstack is None else f"{LOCAL} --target {LocalTarget.LOCALSTACK}"

    @property
    def endpoint(self) -> str:
        """The address of the local cloud."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> str:
        """Have the local cloud up, and give its address.

        Raises:
            MlsteadError: it cannot be started, or LocalStack, which is the user's to start, does not answer.
        """
        from mlstead_toolkit.cloud.control import PortBusy, ensure_running

        if self.localstack is None:
            return ensure_running(self.home, self.port).endpoint
        from mlstead_toolkit.aws.localstack import SERVICES

        try:
            self._forget_another_localstack()
            return ensure_running(self.home, self.port, SERVICES).endpoint
        except PortBusy as busy:
            fix = str(busy.fix).replace("MLSTEAD_CLOUD_PORT", "MLSTEAD_COMPANION_PORT")
            raise PortBusy(busy.what, where=busy.where, fix=fix) from busy

    def _forget_another_localstack(self) -> None:
        """Empty the local cloud when LocalStack is new: what stood beside the old one names its keys and roles."""
        from mlstead_toolkit.aws.identity import localstack_identity
        from mlstead_toolkit.cloud.control import stop

        mark, session = self.home / "session", localstack_identity(self.target(DEFAULT_REGION).endpoint("s3"))
        if not mark.exists() or mark.read_text(encoding="utf-8") != session:
            stop(self.home, self.port)
            mark.write_text(session, encoding="utf-8")

    def target(self, region: str) -> Target:
        """Give what the AWS calls go to."""
        from mlstead_toolkit.aws.target import Target

        if self.localstack is None:
            return Target.local(self.endpoint, region)
        return Target.localstack(self.localstack, self.endpoint, region)

    def provider(self, project: str, *, purge: bool = False) -> ProviderFactory:
        """Give what makes the local AWS provider.

        Args:
            project: whose role signs, where MLSTEAD_AS names one.
            purge: whether it empties what it deletes.
        """

        def configure(package: str, configuration: Properties) -> Provider:
            from mlstead_toolkit.aws.provider import provider_factory

            target = signing(self.target(str(configuration.get("region") or DEFAULT_REGION)), project)
            return provider_factory(target)(package, configuration | ({"purge": True} if purge else {}))

        return configure

    def outputs(self, stack: str) -> Properties:
        """Give the outputs of a stack that stands here; empty where it was never brought up."""
        from mlstead_toolkit.engine import stack_exists, stack_outputs

        return stack_outputs(self.home, stack, LOCAL) if stack_exists(self.home, stack, LOCAL) else {}


def refuse_target(environment: str, target: LocalTarget) -> None:
    """Refuse --target for a real account."""
    from mlstead_toolkit.project import ProjectError

    if environment != LOCAL and target is not LocalTarget.LOCAL:
        raise ProjectError(f"{environment!r} is a real account: it does not stand on {target}.",
                           where=f"--target {target}", fix=f"name the environment {LOCAL}, or leave --target out")


def local_place(target: LocalTarget = LocalTarget.LOCAL) -> LocalPlace:
    """Find the place by what the environment variables say."""
    if target is LocalTarget.LOCAL:
        return LocalPlace(home_directory(), cloud_port())
    home = home_directory() / target
    home.mkdir(exist_ok=True, mode=0o700)
    return LocalPlace(home, companion_port(), _address())


def _address() -> str:
    from mlstead.errors import MlsteadError

    address = os.environ.get(ADDRESS, "http://127.0.0.1:4566")
    form = re.fullmatch(r"http://[A-Za-z0-9.-]+(?::(\d{1,5}))?/?", address)
    if form is None or not 0 < int(form[1] or 80) < 65536:
        raise MlsteadError(f"{address!r} is not the address of a LocalStack.", where=ADDRESS,
                           fix="write it as http://127.0.0.1:4566, or unset it")
    return address.rstrip("/")
