"""One run of one stack: what the parts that register, read, refresh and delete share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import goal as goals
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.analyzer import Analyzer
from mlstead_toolkit.engine.configuration import Configuration
from mlstead_toolkit.engine.errors import Failure
from mlstead_toolkit.engine.goal import Goal
from mlstead_toolkit.engine.plan import Diagnostic, Event, EventSink, Operation, PropertyChange, StackPlan, Step
from mlstead_toolkit.engine.plan import StepFinished as Finished
from mlstead_toolkit.engine.plan import StepStarted as Started
from mlstead_toolkit.engine.provider import ProviderError
from mlstead_toolkit.engine.recorder import Recorder
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.secretness import Redactor
from mlstead_toolkit.engine.values import Properties, mask

Result = TypeVar("Result")


class Stopped(Exception):
    """The run has failed or was cancelled; no new work begins."""


class StepFailed(Exception):
    """The step at hand failed; the failure is recorded already."""


class Deployment:
    """What one run knows and has done so far.

    Args:
        configuration: the stack's settings.
        stack: the stack's short name.
        directory: the program's folder.
        preview: whether to look only.
        recorder: the state.
        redactor: takes secrets out of messages.
        on_event: receives events, from several threads, one at a time.
        parallel: how many operations of providers may run at once.
        analyzer: judges what is registered.
    """

    def __init__(self, configuration: Configuration, stack: str, directory: Path, *, preview: bool,
                 recorder: Recorder, redactor: Redactor, on_event: EventSink, parallel: int,
                 analyzer: Analyzer | None = None) -> None:
        self.configuration, self.stack, self.directory = configuration, stack, directory
        self.project, self.preview, self.recorder = configuration.project, preview, recorder
        self.parallel, self.analyzer = parallel, analyzer
        self.lock = threading.RLock()
        self.olds = {item.urn: item for item in recorder.resources if not item.delete and not item.pending_replacement}
        self.states: dict[str, ResourceState] = {}  # registered in this run, by URN
        self.goals: dict[str, Goal] = {}
        self.renamed: dict[str, str] = {}  # registered URN → the URN it was found under
        self.claimed: dict[str, str] = {}  # the other way round
        self.replaced: set[str] = set()
        self.created: set[str] = set()
        self.deleted_early: dict[str, ResourceState] = {}  # deleted before what they depend on was replaced
        self.failures: list[Failure] = []
        self.redactor = redactor
        self.stack_outputs: Properties | None = None
        self._sink, self._sink_lock = on_event, threading.Lock()
        self._slots = threading.BoundedSemaphore(parallel)
        self._stopped = False
        self._busy = 0
        self._idle = threading.Condition()
        self._steps: dict[int, Step] = {}
        self._turn = 0

    # --- the course of the run -------------------------------------------------------------------------------------

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count a request that is being served, so that the end can wait for it."""
        with self._idle:
            self._busy += 1
        try:
            yield
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def wait_idle(self) -> None:
        """Wait until every request that was begun has ended and is recorded."""
        with self._idle:
            while self._busy:
                self._idle.wait()

    def stop(self) -> None:
        """Begin no new work."""
        self._stopped = True

    @property
    def stopped(self) -> bool:
        """Whether no new work begins any more."""
        return self._stopped

    def go_on(self) -> None:
        """Raise Stopped where the run is at its end."""
        if self._stopped:
            raise Stopped

    def fail(self, urn: str, message: str, *, protected: bool = False) -> StepFailed:
        """Record a failure; a run for real stops with it, a preview goes on to find the others."""
        with self.lock:
            failure = Failure(self.stack, urn, self.redactor.clean(message), protected)
            if failure not in self.failures:
                self.failures.append(failure)
        if not self.preview:
            self._stopped = True
        return StepFailed(message)

    def refuse(self, urn: str, error: MlsteadError, goal: Goal | None = None) -> StepFailed:
        """Record an error as the failure of a resource, with the place in the program where that was written."""
        place = goals.place(goal.source_position) if goal is not None else None
        text = str(error) if place is None else f"{error}\n  in:    {place}"
        return self.fail(urn, text)

    def analyze(self, state: ResourceState, goal: Goal) -> None:
        """Refuse a resource that the analyzer forbids, before anything of it is made; a preview judges at its end."""
        if self.preview or self.analyzer is None:
            return
        if refused := [self.refuse(state.urn, error, goal) for error in self.analyzer.resource(state)]:
            raise refused[0]

    def analyze_stack(self) -> None:
        """Have the whole of it judged; what is wrong fails a run for real."""
        if self.analyzer is None:
            return
        for urn, error in self.analyzer.stack(state for state in self.states.values() if not state.external):
            if not self.preview:
                self.refuse(urn, error, self.goals.get(urn))

    # --- steps and events ------------------------------------------------------------------------------------------

    def turn(self) -> int:
        """Take a place in the order of the plan."""
        with self.lock:
            self._turn += 1
            return self._turn

    def plan(self, turn: int, step: Step) -> Step:
        """Put a step into the plan, at a place taken before; 0 is no place."""
        if turn:
            with self.lock:
                self._steps[turn] = step
        return step

    def stack_plan(self) -> StackPlan:
        """Give the plan as far as it is known."""
        with self.lock:
            steps = [self._steps[turn] for turn in sorted(self._steps)]
            outputs = self.stack_outputs
            if outputs is None:
                outputs = next((item.outputs for item in self.olds.values() if item.type == urns.STACK_TYPE), {})
        return StackPlan(self.project, self.stack, steps, mask(outputs))

    def step(self, operation: Operation, state: ResourceState, *, changes: tuple[PropertyChange, ...] = (),
             declared_only: bool = False, delete_before_replace: bool = False) -> Step:
        """Describe what happens to a resource, secrets masked."""
        return Step(operation, state.urn, state.type, urns.name_of(state.urn), state.id, state.parent or None,
                    tuple(state.dependencies), mask(state.inputs), changes, state.protect, state.custom, declared_only,
                    delete_before_replace)

    def operate(self, step: Step, call: Callable[[], Result], *, note: Callable[[Result], str | None] | None = None
                ) -> Result:
        """Do a provider's work: at most `parallel` at once, with its events, a refusal being recorded.

        Raises:
            Stopped: the run ended before it began.
            StepFailed: the provider refused.
        """
        with self._slots:
            self.go_on()
            if self.preview:
                return self._ask(step.urn, call)
            self.emit(Started(self.stack, step))
            begun = time.perf_counter()
            try:
                result = call()
            except MlsteadError as error:
                text = self.redactor.clean(str(error))
                self.emit(Finished(self.stack, step, time.perf_counter() - begun, text))
                raise self.refuse(step.urn, error, self.goals.get(step.urn)) from error
            except Exception as error:
                text = self.redactor.clean(f"{type(error).__name__}: {error}")
                self.emit(Finished(self.stack, step, time.perf_counter() - begun, text))
                raise
            said = note(result) if note else None
            self.emit(Finished(self.stack, step, time.perf_counter() - begun, None,
                               self.redactor.clean(said) if said else None))
            return result

    def operate_quietly(self, urn: str, call: Callable[[], Result]) -> Result:
        """Do a provider's reading: at most `parallel` at once, without events, a refusal being recorded.

        Raises:
            Stopped: the run ended before it began.
            StepFailed: the provider refused.
        """
        with self._slots:
            self.go_on()
            return self._ask(urn, call)

    def _ask(self, urn: str, call: Callable[[], Result]) -> Result:
        try:
            return call()
        except ProviderError as error:
            raise self.refuse(urn, error, self.goals.get(urn)) from error

    def forget(self, state: ResourceState) -> None:
        """Take a resource that is gone out of the state."""
        self.recorder.change(drop=[state])
        if state.urn in self.olds and self.olds[state.urn].serial == state.serial:
            del self.olds[state.urn]

    def renew(self, state: ResourceState) -> None:
        """Put what the cloud says of a resource in the place of what the state said."""
        self.recorder.change(put=[state])
        if state.urn in self.olds and self.olds[state.urn].serial == state.serial:
            self.olds[state.urn] = state

    def emit(self, event: Event) -> None:
        """Hand an event on."""
        with self._sink_lock:
            self._sink(event)

    def say(self, severity: str, message: str, urn: str = "") -> None:
        """Hand on a message, secrets taken out."""
        self.emit(Diagnostic(self.stack, severity, self.redactor.clean(message), urn))
