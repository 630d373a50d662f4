"""The two stacks of `local`: the foundation with mlstead's own interpreter, the project with its environment's.

The order matters for speed: the cloud starts while the environment is looked at, the programs' interpreters start
before anything heavy is imported here, and what prints is imported while they load.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlstead_toolkit.cli.project import DEFAULT_REGION, FOUNDATION, LOCAL, Project
from mlstead_toolkit.home import cloud_port, home_directory

if TYPE_CHECKING:
    from mlstead_toolkit.engine import Properties, Provider, ProviderFactory, Session, StackSource
    from mlstead_toolkit.engine.plan import Event


class EventRelay:
    """Stands between the engine and a view that is not imported yet; what comes earlier is kept for it."""

    def __init__(self) -> None:
        self._sink: Callable[[Event], None] | None = None
        self._early: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Take one event of the engine."""
        if self._sink is None:
            self._early.append(event)
        else:
            self._sink(event)

    def attach(self, sink: Callable[[Event], None]) -> None:
        """Name who shows the events from now on."""
        self._sink = sink
        for event in self._early:
            sink(event)
        self._early.clear()


@dataclass(frozen=True)
class LocalSession:
    """The engine on the local stacks, and the cloud that it works on."""

    engine: Session
    endpoint: str
    project: Project
    python: Path

    def register_image(self, outputs: Properties) -> None:
        """Say to the cloud that this project stands for the images of the repository that its stack exports."""
        from mlstead_toolkit.cloud.control import register_image

        if isinstance(repository := outputs.get("image_repository"), str):
            register_image(self.endpoint, repository, self.project.root, self.python)


@contextmanager
def local_session(project: Project, relay: EventRelay, on_progress: Callable[[str], None]) -> Iterator[LocalSession]:
    """Open the engine on the local stacks, with the local cloud up."""
    from mlstead_toolkit.engine import Session, StackSource
    from mlstead_toolkit.environment import ensure_environment

    home, port = home_directory(), cloud_port()
    with ThreadPoolExecutor(1) as pool:
        cloud = pool.submit(_cloud, home, port)
        python = ensure_environment(project.root, on_progress)
        sources = [foundation_source(), StackSource(project.infra, LOCAL, python)]
        with Session(sources, home=home, provider=local_provider(port), on_event=relay) as session:
            yield LocalSession(session, cloud.result(), project, python)


def foundation_source() -> StackSource:
    """Give the foundation's program, in a wheel or a checkout; it runs with mlstead's own interpreter."""
    from mlstead_toolkit.assets import stack_directory
    from mlstead_toolkit.engine import StackSource

    return StackSource(stack_directory("foundation"), LOCAL, Path(sys.executable))


def local_outputs(project: Project) -> Properties:
    """Give the outputs of the project's local stack; empty where it was never brought up."""
    return _outputs(project.name)


def foundation_outputs() -> Properties:
    """Give the outputs of the local foundation."""
    return _outputs(FOUNDATION)


def _outputs(name: str) -> Properties:
    from mlstead_toolkit.engine import stack_exists, stack_outputs

    home = home_directory()
    return stack_outputs(home, name, LOCAL) if stack_exists(home, name, LOCAL) else {}


def _cloud(home: Path, port: int) -> str:
    from mlstead_toolkit.cloud.control import ensure_running

    return ensure_running(home, port).endpoint


def local_provider(port: int, *, purge: bool = False) -> ProviderFactory:
    """Give what makes the local AWS provider; with `purge` it empties what it deletes."""

    def configure(package: str, configuration: Properties) -> Provider:
        from mlstead_toolkit.aws.provider import provider_factory
        from mlstead_toolkit.aws.target import Target

        target = Target.local(f"http://127.0.0.1:{port}", str(configuration.get("region") or DEFAULT_REGION))
        return provider_factory(target)(package, configuration | ({"purge": True} if purge else {}))

    return configure
