"""The AWS API of one environment: the local cloud for `local`, else the account that the shell is in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.cli.acting import signing
from mlstead_toolkit.project import DEFAULT_REGION, LOCAL, Project, ProjectError

if TYPE_CHECKING:
    import boto3

    from mlstead_toolkit.aws.target import Target
    from mlstead_toolkit.cli.local_place import LocalPlace

REBUILD = (f"mlstead up {LOCAL} brings back what infra/ says, mlstead data ingest {LOCAL} the data, "
           f"mlstead train {LOCAL} a model")


@dataclass(frozen=True)
class Deployment:
    """A project as one environment has it: the outputs of its stack, and clients for what they name.

    `place` is where `local` stands; None: on the local cloud. `signer` is the use of the role in whose name calls are
    made there; None: what MLSTEAD_AS says; empty: none, they are the developer's own. `signed_in` makes the calls in a
    real account; None: whom the shell is signed in as.
    """

    project: Project
    environment: str
    outputs: dict[str, Any]
    place: LocalPlace | None = None
    signer: str | None = None
    signed_in: boto3.Session | None = None

    @property
    def local(self) -> bool:
        """Whether it runs on this machine."""
        return self.environment == LOCAL

    def output(self, name: str) -> str:
        """Give one output as text, or say that infra/__main__.py does not export it."""
        value = self.outputs.get(name)
        if value is None:
            raise ProjectError(f"The stack {self.environment!r} has no output {name!r}.",
                               where=str(self.project.infra / "__main__.py"),
                               fix=f"export it there, then mlstead up {self.environment}")
        return str(value)

    def client(self, service: str) -> Any:
        """Give a boto client of a service."""
        made_by: Any = self._target if self.local else self.session
        return made_by.client(service)

    @cached_property
    def _target(self) -> Target:
        from mlstead_toolkit.cli.local_place import local_place

        target = (self.place or local_place()).target(str(self.outputs.get("region") or DEFAULT_REGION))
        return signing(target, self.project.name, self.signer)

    @cached_property
    def session(self) -> boto3.Session:
        """Who makes the calls in a real account."""
        import boto3

        return self.signed_in or boto3.Session(region_name=self.outputs.get("region"))


def local_endpoint() -> str:
    """Give the address of the local cloud."""
    from mlstead_toolkit.home import cloud_port

    return f"http://127.0.0.1:{cloud_port()}"


def deployment(project: Project, environment: str) -> Deployment:
    """Find what an environment has deployed.

    Raises:
        ProjectError: nothing is deployed there, or the local cloud does not run, or was restarted since.
    """
    project.require(environment)
    if environment == LOCAL:
        from mlstead_toolkit.cli.local_stack import local_outputs

        outputs = local_outputs(project)
    else:
        from mlstead_toolkit.cli.pulumi_stack import real_outputs

        outputs = real_outputs(project, environment)
    if not outputs:
        raise ProjectError(f"Nothing is deployed in {environment!r} yet.", where=f"stack {project.name}/{environment}",
                           fix=f"mlstead up {environment}")
    if environment == LOCAL:
        require_cloud(project)
    return Deployment(project, environment, outputs)


def require_cloud(project: Project) -> None:
    """Refuse where the local cloud does not run, or not the one that holds the project: what was in it is gone."""
    from mlstead_toolkit.cloud.control import status
    from mlstead_toolkit.engine.stack_store import StackStore
    from mlstead_toolkit.home import cloud_port, home_directory

    home = home_directory()
    found, held_by = status(home, cloud_port()), StackStore(home, project.name, LOCAL).identities()
    if not found.running:
        raise ProjectError("The local cloud does not run, and what was in it went with it.", where=local_endpoint(),
                           fix=REBUILD)
    if held_by and found.boot_id not in held_by.values():
        raise ProjectError(f"The local cloud was restarted, and what {project.name} had in it went with it.",
                           where=local_endpoint(), fix=REBUILD)
