"""One stack from its state to its state: preview, up, refresh, destroy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import configuration as configurations
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.analyzer import AnalyzerFactory
from mlstead_toolkit.engine.change import Changer
from mlstead_toolkit.engine.deletion import Deletions
from mlstead_toolkit.engine.deployment import Deployment
from mlstead_toolkit.engine.deployment_format import Snapshot
from mlstead_toolkit.engine.invokes import Invokes
from mlstead_toolkit.engine.plan import EventSink, StackPlan
from mlstead_toolkit.engine.program import Program, ProgramRun
from mlstead_toolkit.engine.provider import ProviderFactory
from mlstead_toolkit.engine.provider_registry import ProviderRegistry
from mlstead_toolkit.engine.reading import Reader
from mlstead_toolkit.engine.recorder import Recorder
from mlstead_toolkit.engine.recovery import Recovery
from mlstead_toolkit.engine.refresh import Refresher
from mlstead_toolkit.engine.registrar import Registrar
from mlstead_toolkit.engine.replacement import Replacements
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.secretness import Redactor
from mlstead_toolkit.engine.stack_references import StackReferences
from mlstead_toolkit.engine.stack_store import ORGANIZATION, StackStore
from mlstead_toolkit.engine.state_store import MemoryStore, StateStore
from mlstead_toolkit.engine.values import Properties

_ENGINE_ENDED = "Resource monitor has terminated"


class StackRun:
    """One run of one stack.

    Args:
        directory: the program's folder.
        stack: the stack's short name.
        home: where states lie; None: the state is in memory, secure settings stay sealed, and other stacks are those
            that are handed to the run.
        factory: makes providers.
        on_event: receives events.
        parallel: how many operations of providers run at once.
        preview: whether to look only.
        settings: what the program is told in place of what the stack's file says.
        analyzers: makes who judges what is registered.
        resources: what a state in memory begins with.
    """

    def __init__(self, directory: Path, stack: str, home: Path | None, factory: ProviderFactory, on_event: EventSink,
                 parallel: int, *, preview: bool, settings: Mapping[str, str],
                 analyzers: AnalyzerFactory | None = None, resources: Sequence[ResourceState] = ()) -> None:
        self.configuration = configurations.load(directory, stack, home, settings)
        project = self.configuration.project
        self.qualified_name = f"{ORGANIZATION}/{project}/{stack}"
        self.store: StateStore = MemoryStore(resources) if home is None else StackStore(home, project, stack)
        self.preview = preview
        self.raised_at = ""  # path:line of the program's own, where it raised
        self._asked: dict[int, str] = {}  # what providers call their cloud, by object, asked once a run
        self._directory, self._home, self._stack = directory, home, stack
        self._factory, self._on_event, self._parallel = factory, on_event, parallel
        self._analyzers = analyzers

    def open(self) -> None:
        """Read the state and set the parts up; settles what a killed run left, in a run for real on disk too."""
        self.snapshot: Snapshot = self.store.load(self.configuration.salt)
        if self.store.resumed and not self.preview:
            self.store.save(self.snapshot)
        self._journal = None if self.preview else self.store.journal()
        self.recorder = Recorder(self.snapshot, self._journal)
        if half_replaced := [item for item in self.snapshot.resources if item.pending_replacement]:
            self.recorder.change(drop=half_replaced)  # another engine deleted them and was to make them again
        redactor = Redactor(on_first=(lambda: None) if self.preview else self.store.warm)
        for text in self.configuration.secret_texts:
            redactor.learn(text, secret=True)
        analyzer = None
        if self._analyzers is not None:
            analyzer = self._analyzers(self.configuration.project, self._stack, self._directory)
        self.deployment = Deployment(self.configuration, self._stack, self._directory, preview=self.preview,
                                     recorder=self.recorder, redactor=redactor, on_event=self._on_event,
                                     parallel=self._parallel, analyzer=analyzer)
        self.providers = ProviderRegistry(self.deployment, self._factory)
        self._changer = Changer(self.deployment, self.providers)
        self.deletions = Deletions(self.deployment, self._changer)
        self._settled = bool(self.snapshot.pending)
        if self.snapshot.pending:
            Recovery(self.deployment, self.providers).run(self.snapshot)

    def lock(self) -> AbstractContextManager[object]:
        """Give the lock that a run for real holds from opening to saving."""
        return self.store.lock()

    def refresh(self, *, report: bool = True) -> None:
        """Read everything."""
        Refresher(self.deployment, self.providers).run(report=report)

    def refresh_if_new_cloud(self) -> None:
        """Read everything behind a provider whose cloud is another than last time."""
        known = self.store.identities()
        changed = {urn for urn, identity in self._identities().items() if known.get(urn) != identity}
        if changed:
            Refresher(self.deployment, self.providers).run(providers=changed, report=False)

    def run_program(self, program: Program, known: dict[str, Properties]) -> None:
        """Run the program, serve what it registers, then delete what it registers no more.

        Args:
            program: the process to run it in.
            known: outputs of other stacks, by qualified name, before any state; this stack's are added.
        """
        from mlstead_toolkit.engine.monitor import Monitor, served

        deployment = self.deployment
        references = StackReferences(self._home, self.configuration.project, known)
        replacements = Replacements(deployment, self.providers, self._changer)
        registrar = Registrar(deployment, self.providers, self._changer, replacements)
        reader = Reader(deployment, self.providers, registrar, references)
        monitor = Monitor(deployment, registrar, reader, Invokes(deployment, self.providers, references))
        with served(monitor) as address:
            order = ProgramRun(
                directory=self._directory, main=self.configuration.main, project=self.configuration.project,
                stack=self._stack, organization=ORGANIZATION, address=address, preview=self.preview,
                config=self.configuration.settings, secret_keys=self.configuration.secret_keys)
            try:
                error = program.run(order, lambda line: deployment.say("info", line))
            except BaseException:
                deployment.stop()
                raise
            finally:
                if deployment.stopped:
                    deployment.wait_idle()
            deployment.wait_idle()
        if error is not None and not (deployment.failures and error["message"].startswith(_ENGINE_ENDED)):
            where = error.get("where")
            self.raised_at = where or error.get("line") or ""
            deployment.fail("", error["message"] + (f"\n  where: {where}" if where else ""))
            return
        if error is not None or (deployment.failures and not self.preview):
            return
        deployment.analyze_stack()
        if deployment.failures and not self.preview:
            return  # before anything is deleted: a stack that must not be takes nothing with it
        self._record_outputs(registrar)
        self.deletions.run(self.deletions.unwanted())
        if not deployment.failures or self.preview:
            known[self.qualified_name] = deployment.stack_outputs or {}

    def _record_outputs(self, registrar: Registrar) -> None:
        root = next((item for item in self.deployment.states.values() if item.type == urns.STACK_TYPE), None)
        if root is not None and self.deployment.stack_outputs is not None:
            registrar.record_outputs(root, self.deployment.stack_outputs)

    def save(self) -> None:
        """Write the state, if anything changed in it."""
        if self.preview or self._journal is None:
            return
        snapshot = self.recorder.finish(self.deployment.claimed)
        if self._journal.used or self._settled:
            self._journal.close()
            self.store.save(snapshot)
        self.store.save_identities(self._identities())

    def _identities(self) -> dict[str, str]:
        found = {}
        for urn, provider in self.providers.in_use().items():
            if id(provider) not in self._asked:
                self._asked[id(provider)] = provider.identity()
            found[urn] = self._asked[id(provider)]
        return found

    def plan(self) -> StackPlan:
        """Give the plan, or what was done."""
        return self.deployment.stack_plan()

    def guarded(self, work: Callable[[], None]) -> None:
        """Do a part of the run; what the engine itself refuses becomes a failure of the run."""
        try:
            work()
        except MlsteadError as error:
            self.deployment.refuse("", error)
