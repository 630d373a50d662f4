"""What the engine refuses or could not do; every one of these is an MlsteadError."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlstead.errors import MlsteadError

if TYPE_CHECKING:
    from mlstead_toolkit.engine.plan import StackPlan


class EngineError(MlsteadError):
    """The engine cannot go on."""


class NotSupported(EngineError):
    """The program asks for a part of Pulumi that the embedded engine leaves to the real one."""


class StateError(EngineError):
    """A state file cannot be read or written."""


class StackLocked(StateError):
    """Another process is changing the stack."""


class PassphraseError(EngineError):
    """The passphrase does not open the secrets of a stack."""


class ProgramError(EngineError):
    """The program could not be loaded or raised an error."""


class ProtectedResources(EngineError):
    """Something protected would be deleted; `urns` lists all of it."""

    def __init__(self, what: str, *, urns: Sequence[str], where: str | None = None, fix: str | None = None) -> None:
        super().__init__(what, where=where, fix=fix)
        self.urns = tuple(urns)


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that failed: the resource's URN ("" for the program itself) and a message without secrets."""

    stack: str
    urn: str
    message: str


class DeploymentFailed(EngineError):
    """A preview or a change failed; `failures` says what, `plans` holds what is known of every stack so far."""

    def __init__(self, failures: Sequence[Failure], plans: Sequence[StackPlan] = (), *, done: str = "") -> None:
        self.failures, self.plans = tuple(failures), list(plans)
        lines = []
        for failure in self.failures:
            name = failure.urn.rsplit("::", 1)[-1]
            lines.append(f"{name}: {failure.message}" if name else failure.message)
        what = "\n".join(lines) or "the deployment failed"
        super().__init__(what, fix=None if "\n  fix: " in what else done or None)
