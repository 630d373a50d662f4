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
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mlstead_toolkit.cli.acting import signing
from mlstead_toolkit.cli.local_place import LocalPlace, local_place
from mlstead_toolkit.project import ACTING_AS, DEFAULT_REGION, FOUNDATION, LOCAL, Project, ProjectError, acting_as

if TYPE_CHECKING:
    from mlstead_toolkit.engine import Properties, Session, StackSource
    from mlstead_toolkit.engine.plan import Event
    from mlstead_toolkit.policies.analysis import PolicyAnalysis
    from mlstead_toolkit.policies.report import Report


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
    """The engine on the local stacks, the cloud that it works on, and what the rules say of the stacks."""

    engine: Session
    endpoint: str
    project: Project
    python: Path
    policies: PolicyAnalysis

    @property
    def reports(self) -> list[Report]:
        """What the rules found in the latest preview or change."""
        return self.policies.reports

    def register_image(self, outputs: Properties) -> None:
        """Say to the cloud that this project stands for the images of the repository that its stack exports."""
        from mlstead_toolkit.cloud.control import register_image

        if isinstance(repository := outputs.get("image_repository"), str):
            register_image(self.endpoint, repository, self.project.root, self.python)


@contextmanager
def local_session(project: Project, place: LocalPlace, relay: EventRelay, on_progress: Callable[[str], None]
                  ) -> Iterator[LocalSession]:
    """Open the engine on the local stacks, with the local cloud up."""
    from mlstead_toolkit.engine import Session, StackSource
    from mlstead_toolkit.environment import ensure_environment

    with ThreadPoolExecutor(1) as pool:
        cloud = pool.submit(place.start)
        python = ensure_environment(project.root, on_progress)
        region = _region(project)
        settings = {} if place.localstack is None else {f"{project.name}:model": "none"}  # nothing serves it there
        sources = [*_foundation(place, region), StackSource(project.infra, LOCAL, python, settings)]
        policies = cache(_policies)
        with Session(sources, home=place.home, provider=place.provider(project.name), on_event=relay,
                     analyzers=lambda *run: policies()(*run)) as session:
            _refuse_two_regions(project, place, region)
            endpoint = cloud.result()
            signing(place.target(region or DEFAULT_REGION), project.name)  # a role that is not there is told first
            yield LocalSession(session, endpoint, project, python, policies())


def _foundation(place: LocalPlace, region: str | None) -> list[StackSource]:
    """Give the foundation, to be brought up too; under a role it has to stand, since that is no role of a project's."""
    if not acting_as():
        return [foundation_source(region)]
    if not place.outputs(FOUNDATION):
        raise ProjectError(f"The local foundation is not up, and it is not {acting_as()}'s to bring up.",
                           where=f"{ACTING_AS}={acting_as()}", fix=f"unset {ACTING_AS}; mlstead up {place.words}")
    return []


def _policies() -> PolicyAnalysis:
    from mlstead_toolkit.policies.analysis import PolicyAnalysis

    return PolicyAnalysis()


def foundation_source(region: str | None = None) -> StackSource:
    """Give the foundation's program, in a wheel or a checkout; it runs with mlstead's own interpreter.

    Args:
        region: where it is to stand; None: where its own settings say.
    """
    from mlstead_toolkit.assets import stack_directory
    from mlstead_toolkit.engine import StackSource

    settings = {"aws:region": region} if region else {}
    return StackSource(stack_directory("foundation"), LOCAL, Path(sys.executable), settings)


def _region(project: Project) -> str | None:
    """Give the region that the project's settings name; None: they name none, which its program refuses."""
    from mlstead_toolkit.engine import configuration

    return configuration.load(project.infra, LOCAL, None).settings.get("aws:region")


def _refuse_two_regions(project: Project, place: LocalPlace, region: str | None) -> None:
    """Refuse a project in another region than the foundation, which the first project of this machine has chosen."""
    stands = place.outputs(FOUNDATION).get("region")
    if region and stands and stands != region:
        raise ProjectError(
            f"The local foundation stands in {stands}, and this project is to stand in {region}.",
            where=str(project.settings_file(LOCAL)),
            fix=f"write aws:region: {stands} there; or take the foundation down with mlstead destroy {place.words}, "
                "typed in each project that uses it")


def local_outputs(project: Project) -> Properties:
    """Give the outputs of the project's local stack; empty where it was never brought up."""
    return local_place().outputs(project.name)


def foundation_outputs() -> Properties:
    """Give the outputs of the local foundation."""
    return local_place().outputs(FOUNDATION)
