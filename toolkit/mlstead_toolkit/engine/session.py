"""A session: the programs of one or more stacks, in order, previewed, brought up, refreshed or destroyed."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

from mlstead_toolkit.engine import preloads
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.analyzer import AnalyzerFactory
from mlstead_toolkit.engine.errors import DeploymentFailed, Failure, ProtectedResources
from mlstead_toolkit.engine.plan import Event, EventSink, StackPlan
from mlstead_toolkit.engine.program import Program
from mlstead_toolkit.engine.provider import ProviderFactory
from mlstead_toolkit.engine.stack_run import StackRun
from mlstead_toolkit.engine.values import Properties


@dataclass(frozen=True)
class StackSource:
    """One program and the stack of it that is meant.

    Args:
        directory: the folder of Pulumi.yaml and Pulumi.<stack>.yaml.
        stack: the stack's short name.
        python: the interpreter that has the program's dependencies.
        settings: what it is told in place of what Pulumi.<stack>.yaml says, by namespace:key.
    """

    directory: Path
    stack: str
    python: Path
    settings: Mapping[str, str] = field(default_factory=dict)


def _ignore(event: Event) -> None:
    del event


class Session:
    """Holds the child interpreters; entering starts them at once, one for each interpreter that the sources name.

    Args:
        sources: stacks in order; a later one sees the outputs of an earlier one, planned or real.
        home: MLSTEAD_HOME, where states lie.
        provider: makes configured providers.
        on_event: receives what happens, from several threads, one event at a time.
        parallel: how many operations of providers run at once.
        programs: False where no program will run (destroy, refresh), so that no interpreter is started for nothing.
        analyzers: makes who judges what a program registers; None: nobody does.
    """

    def __init__(self, sources: Sequence[StackSource], *, home: Path, provider: ProviderFactory,
                 on_event: EventSink = _ignore, parallel: int = 16, programs: bool = True,
                 analyzers: AnalyzerFactory | None = None) -> None:
        self._sources = [replace(source, directory=source.directory.resolve()) for source in sources]
        self._home, self._factory, self._on_event, self._parallel = home, provider, on_event, parallel
        self._wanted, self._analyzers = programs, analyzers
        self._programs: dict[Path, Program] = {}
        self._outputs: dict[str, Properties] = {}

    def __enter__(self) -> Session:
        if self._wanted:
            for source in self._sources:
                self._program(source)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._close_programs()

    def _program(self, source: StackSource) -> Program:
        if source.python not in self._programs:
            self._programs[source.python] = Program(source.python, preloads.known(self._home, source.python))
        return self._programs[source.python]

    def _close_programs(self) -> None:
        for program in self._programs.values():
            program.close()
            preloads.remember(self._home, program.python, program.imported)
        self._programs.clear()

    def _run(self, source: StackSource, *, preview: bool) -> StackRun:
        return StackRun(source.directory, source.stack, self._home, self._factory, self._on_event, self._parallel,
                        preview=preview, settings=source.settings, analyzers=self._analyzers)

    def preview(self, *, refresh: bool = False) -> list[StackPlan]:
        """Find out what `up` would do, without doing it.

        Args:
            refresh: whether to read the cloud first, so that drift shows.

        Raises:
            DeploymentFailed: with everything that is wrong, and the plans as far as they are known.
        """
        plans, failures = [], []
        known: dict[str, Properties] = {}
        for source in self._sources:
            run = self._run(source, preview=True)
            run.open()
            self._course(run, source, known, refresh=refresh)
            plans.append(run.plan())
            failures += run.deployment.failures
            if run.qualified_name not in known:
                break
        if failures:
            raise DeploymentFailed(failures, plans)
        return plans

    def up(self, *, refresh: bool = False) -> list[StackPlan]:
        """Bring the stacks to what their programs say; the state is saved throughout.

        Args:
            refresh: whether to read the cloud first.

        Raises:
            DeploymentFailed: with each failure; the stacks after the one that failed are not begun.
        """
        plans: list[StackPlan] = []
        for source in self._sources:
            run = self._run(source, preview=False)
            with run.lock():
                run.open()
                try:
                    self._course(run, source, self._outputs, refresh=refresh)
                finally:
                    run.save()
            plans.append(run.plan())
            if run.deployment.failures:
                self._raise(run, plans)
        return plans

    def _course(self, run: StackRun, source: StackSource, known: dict[str, Properties], *, refresh: bool) -> None:
        def work() -> None:
            if refresh:
                run.refresh()
            else:
                run.refresh_if_new_cloud()
            if not run.deployment.failures:
                run.run_program(self._program(source), known)

        try:
            run.guarded(work)
        except KeyboardInterrupt:
            run.deployment.stop()
            self._close_programs()
            run.deployment.wait_idle()
            raise

    def refresh(self) -> list[StackPlan]:
        """Make the states say what the cloud has; no program runs.

        Raises:
            DeploymentFailed: something could not be read.
        """
        plans = []
        for source in self._sources:
            run = self._run(source, preview=False)
            with run.lock():
                run.open()
                try:
                    run.guarded(run.refresh)
                finally:
                    run.save()
            plans.append(run.plan())
            if run.deployment.failures:
                self._raise(run, plans)
        return plans

    def destroy(self, *, unprotect: bool = False) -> list[StackPlan]:
        """Delete everything, last stack first; no program runs.

        Args:
            unprotect: whether to delete what is protected, too.

        Raises:
            ProtectedResources: something is protected; nothing was touched.
            DeploymentFailed: something could not be deleted; what was deleted is recorded.
        """
        self._close_programs()
        runs = [self._run(source, preview=False) for source in reversed(self._sources)]
        plans: list[StackPlan] = []
        with contextlib.ExitStack() as locks:
            for run in runs:
                locks.enter_context(run.lock())
                run.open()
            if not unprotect:
                _refuse_protected(runs)
            for run in runs:
                self._destroy_one(run, unprotect=unprotect)
                plans.append(run.plan())
                if run.deployment.failures:
                    self._raise(run, plans)
        return plans

    @staticmethod
    def _destroy_one(run: StackRun, *, unprotect: bool) -> None:
        def work() -> None:
            run.refresh_if_new_cloud()
            if not run.deployment.failures:
                run.deletions.run(run.recorder.resources, unprotect=unprotect)

        try:
            run.guarded(work)
        finally:
            run.save()

    @staticmethod
    def _raise(run: StackRun, plans: list[StackPlan]) -> None:
        failures: list[Failure] = run.deployment.failures
        raise DeploymentFailed(failures, plans, done="mend it and run the same again; what was done is recorded")


def _refuse_protected(runs: Sequence[StackRun]) -> None:
    found = [item for run in runs for item in run.recorder.resources if item.protect and not item.delete]
    if found:
        lines = "\n".join(f"  {item.type} {urns.name_of(item.urn)} ({item.id})" for item in found)
        raise ProtectedResources(f"{len(found)} protected resources would be deleted; nothing was touched:\n{lines}",
                                 urns=[item.urn for item in found],
                                 fix="remove `protect` in the program and run up, or allow it by name")
