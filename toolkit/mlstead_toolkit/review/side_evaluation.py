"""One side, evaluated in one environment after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.errors import Failure
from mlstead_toolkit.engine.plan import Event, Step
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.stack_run import StackRun
from mlstead_toolkit.engine.values import Properties, mask
from mlstead_toolkit.policies.analysis import PolicyAnalysis
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.review import order
from mlstead_toolkit.review.comparison import Graph, Problem
from mlstead_toolkit.review.programs import Programs
from mlstead_toolkit.review.references import References
from mlstead_toolkit.review.sides.side import Side
from mlstead_toolkit.review.symbolic.provider import SymbolicProviders

_PARALLEL: Final = 16


@dataclass(frozen=True)
class Evaluation:
    """One side in one environment.

    Args:
        graph: what the program describes; None where it could not be run to its end.
        resources: the same as a run of the other side begins with it: default providers included.
        steps: what bringing the stack there would do.
        renamed: URN → the URN it was found under.
        problems: what went wrong.
        notes: what could not be known.
        places: URN → file:line.
        project: Pulumi's name of the project; "" where its files could not be read.
        asked: whether it read the foundation's outputs.
    """

    graph: Graph | None = None
    resources: tuple[ResourceState, ...] = ()
    steps: tuple[Step, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    project: str = ""
    asked: bool = False


def evaluate(side: Side, environment: str, programs: Programs, references: References, account: str, *,
             before: Sequence[ResourceState] = (), settings: Mapping[str, str] | None = None) -> Evaluation:
    """Run a side's program in one environment, against resources that were there before, without any cloud.

    Args:
        side: where it is.
        environment: the stack's short name.
        programs: the interpreters.
        references: answers for the foundation.
        account: the account's number, or a symbol.
        before: the other side's resources.
        settings: what stands in place of the stack's settings.
    """
    root, infra = side.root.resolve(), side.infra.resolve()
    taken = frozenset((item.type, urns.name_of(item.urn)) for item in before)
    providers = SymbolicProviders(account, taken)
    told = _Problems(side, environment, root)
    try:
        run = StackRun(infra, environment, None, providers, _ignore, _PARALLEL, preview=True, settings=settings or {},
                       resources=before)
        analyzer = PolicyAnalysis()(run.configuration.project, environment, infra)
        run.open()
        program = programs.of(side)
        run.guarded(lambda: run.run_program(program, references))
    except MlsteadError as error:
        return Evaluation(problems=(told.error(error),))
    deployment = run.deployment
    states = [deployment.states[urn] for urn in sorted(deployment.states)]
    resources = order.plain(order.ordered(states), root, spell=False)  # as the next run's program writes them, too
    folder = infra.relative_to(root).as_posix()
    places = order.places(resources, folder)
    lines = {**order.places(before, folder), **places}
    unsaid = [failure for failure in deployment.failures if not failure.protected]  # the steps say those
    problems = tuple(told.failures(unsaid, lines, run.raised_at))
    project = run.configuration.project
    if any(not failure.urn for failure in deployment.failures):
        return Evaluation(problems=problems, project=project, places=places)
    own = order.plain([state for state in resources if not urns.is_default_provider(state.urn)], root)
    analyzer.stack(state for state in own if not state.external)
    graph = Graph(own, mask(order.in_order(deployment.stack_outputs or {}, root)), _read(own),
                  _sorted(analyzer.report))
    steps = order.ordered_steps(run.plan().steps, own, before, root)
    return Evaluation(graph, resources, steps, dict(sorted(deployment.renamed.items())), problems,
                      tuple(_notes(providers)), places, project, asked=references.asked)


def _ignore(event: Event) -> None:
    del event


def _read(states: Sequence[ResourceState]) -> dict[str, Properties]:
    found = {str(state.id): mask(state.outputs.get("outputs") or {}) for state in states
             if state.type == urns.STACK_REFERENCE_TYPE}
    return dict(sorted(found.items()))


def _sorted(report: Report) -> Report:
    findings = sorted(report.findings, key=lambda one: (one.rule.id, one.urn, one.message))
    return replace(report, findings=tuple(findings))


def _notes(providers: SymbolicProviders) -> Iterator[str]:
    if providers.unchecked:
        yield f"Nothing here checks {', '.join(sorted(providers.unchecked))}: AWS will, when it is deployed."
    if providers.asked:
        yield f"What {', '.join(sorted(providers.asked))} would find is not known here: symbols stand for it."


@dataclass(frozen=True)
class _Problems:
    """Turns what the engine says into problems, with places relative to the repository's root."""

    side: Side
    environment: str
    root: Path

    def error(self, error: MlsteadError) -> Problem:
        where = self._relative(error.where or "")
        return Problem(self.environment, self.side.label, self._relative(error.what), where,
                       self._relative(error.fix or ""))

    def failures(self, failures: Sequence[Failure], places: Mapping[str, str], raised_at: str) -> Iterator[Problem]:
        for failure in sorted(failures, key=lambda one: (one.urn, one.message)):
            yield self._failure(failure, places, raised_at)

    def _failure(self, failure: Failure, places: Mapping[str, str], raised_at: str) -> Problem:
        parts: dict[str, list[str]] = {"": []}
        name = ""
        for line in self._relative(failure.message).splitlines():
            if match := re.match(r" {2}(where|fix|in): +(.*)", line):
                name, line = match[1], match[2]
            parts.setdefault(name, []).append(line)
        found = {key: "\n".join(lines) for key, lines in parts.items()}
        message, where = found[""], found.get("where", "")
        place = found.get("in") or places.get(failure.urn, "") or self._relative("" if failure.urn else raised_at)
        if place and where and where != place:
            message = f"{message} ({where})"
        if failure.urn:
            message = f"{urns.name_of(failure.urn)}: {message}"
        return Problem(self.environment, self.side.label, message, place or where, found.get("fix", ""))

    def _relative(self, text: str) -> str:
        return text.replace(f"{self.root}/", "").replace(str(self.root), ".")
