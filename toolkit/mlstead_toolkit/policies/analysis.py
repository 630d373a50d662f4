"""The rules as the embedded engine's analyzer: on each resource before it is made, on the whole stack at the end."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.evaluation import evaluate, judge
from mlstead_toolkit.policies.exceptions import Exceptions, find, read
from mlstead_toolkit.policies.finding import Finding, Verdict
from mlstead_toolkit.policies.level import Level
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.rule import Rule
from mlstead_toolkit.policies.stack import Stack


class PolicyViolated(MlsteadError):
    """A mandatory rule does not hold."""


class PolicyAnalysis:
    """Makes the analyzers of a session's runs, and keeps what each has found.

    Args:
        rules: the rules.
    """

    def __init__(self, rules: Sequence[Rule] = RULES) -> None:
        self._rules = rules
        self._analyzers: dict[tuple[str, str], StackAnalyzer] = {}

    def __call__(self, project: str, stack: str, directory: Path) -> StackAnalyzer:
        """Make the analyzer of a run. Raises Refusal for exceptions that cannot be read."""
        made = StackAnalyzer(project, stack, read(find(directory), self._rules), self._rules)
        self._analyzers[project, stack] = made
        return made

    @property
    def reports(self) -> list[Report]:
        """Give what the latest run of each stack has found."""
        return [analyzer.report for analyzer in self._analyzers.values()]


class StackAnalyzer:
    """Judges one run of one stack.

    Args:
        project: Pulumi's name of the project.
        environment: the stack's short name.
        exceptions: what was agreed.
        rules: the rules.
    """

    def __init__(self, project: str, environment: str, exceptions: Exceptions, rules: Sequence[Rule]) -> None:
        self._project, self._environment = project, environment
        self._exceptions, self._rules = exceptions, rules
        self._seen: dict[str, Resource] = {}
        self._lock = threading.Lock()
        self._findings: list[Finding] = []

    def resource(self, state: ResourceState) -> Sequence[MlsteadError]:
        """Say which mandatory rules a resource breaks; what needs the rest of the stack waits for its end."""
        resource = as_resource(state)
        with self._lock:
            self._seen[resource.urn] = resource
            stack = Stack(self._project, self._environment, tuple(self._seen.values()), complete=False)
        found = judge(resource, stack, self._rules, self._exceptions.agreed)
        stopping = [one for one in found if one.stops]
        if stopping:
            with self._lock:
                self._findings += stopping
        return [_refused(one) for one in stopping]

    def stack(self, states: Iterable[ResourceState]) -> Sequence[tuple[str, MlsteadError]]:
        """Judge everything; what a mandatory rule cannot decide though all is known is refused as well."""
        resources = tuple(as_resource(state) for state in states)
        stack = Stack(self._project, self._environment, resources)
        self._findings = evaluate(stack, self._rules, self._exceptions.agreed)
        return [(one.urn, _refused(one)) for one in self._findings
                if one.stops or (one.verdict is Verdict.NOT_DECIDED and one.rule.level is Level.MANDATORY)]

    @property
    def report(self) -> Report:
        """Give what was found."""
        return Report.of(self._project, self._environment, self._findings, self._exceptions)


def as_resource(state: ResourceState) -> Resource:
    """Give what the rules see of a resource of the engine."""
    return Resource(state.inputs, state.type, urns.name_of(state.urn), state.urn, state.parent, state.protect,
                    tuple(state.dependencies),
                    {key: tuple(found) for key, found in state.property_dependencies.items()})


def _refused(finding: Finding) -> PolicyViolated:
    what = "" if finding.verdict is Verdict.VIOLATED else "not decided: "
    return PolicyViolated(f"{finding.rule.id}: {what}{finding.message}.", fix=finding.rule.fix)
