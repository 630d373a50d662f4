"""A machine whose `local` stands on LocalStack: the real command, told so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployed import Deployed
from machine import REGION, Machine

from mlstead_toolkit.aws import Target

ON_LOCALSTACK = ("--target", "localstack")


@dataclass
class LocalStackMachine(Machine):
    """Like any machine; `localstack` is LocalStack's address, `companion` the port of the local cloud beside it."""

    localstack: str = ""
    companion: int = 0

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"MLSTEAD_LOCALSTACK": self.localstack,
                                      "MLSTEAD_COMPANION_PORT": str(self.companion)}

    @property
    def states(self) -> Path:
        """The home that the states and the local cloud beside LocalStack have for themselves."""
        return self.home / "localstack"

    @property
    def target(self) -> Target:
        return Target.localstack(self.localstack, f"http://127.0.0.1:{self.companion}", REGION)

    def client(self, service: str, *, beside: bool = False) -> Any:
        """Give a client of what takes the service; with `beside` of the local cloud, whatever it shall take."""
        import boto3

        endpoint = self.target.default if beside else self.target.endpoint(service)
        return boto3.client(service, endpoint_url=endpoint.address, region_name=REGION,
                            aws_access_key_id=endpoint.access_key, aws_secret_access_key="mlstead")


class DeployedOnLocalStack(Deployed):
    """Foundation and project as they stand there; `said` is what the command said when they were up."""

    machine: LocalStackMachine

    def __init__(self, machine: LocalStackMachine) -> None:
        super().__init__(machine)
        self.said = machine.succeed("up", "local", *ON_LOCALSTACK).out

    def state(self, project: str) -> list[dict[str, Any]]:
        file = self.machine.states / f".pulumi/stacks/{project}/local.json"
        return json.loads(file.read_text())["checkpoint"]["latest"]["resources"]
