"""What the engine refuses or could not do; every one of these is an MlsteadError."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlstead.errors import MlsteadError

if TYPE_CHECKING:
    from mlstead_toolkit.engine.plan import StackPlan


MANY = 3
"""So many failures of the same words are told one by one."""


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
    """One thing that failed: the resource's URN ("" for the program itself) and a message without secrets.

    `protected` is whether the plan has the step all the same, which is refused for its resource's protection alone.
    """

    stack: str
    urn: str
    message: str
    protected: bool = False


class DeploymentFailed(EngineError):
    """A preview or a change failed; `failures` says what, `plans` holds what is known of every stack so far."""

    def __init__(self, failures: Sequence[Failure], plans: Sequence[StackPlan] = (), *, done: str = "") -> None:
        self.failures, self.plans = tuple(failures), list(plans)
        what = "\n".join(_told(self.failures)) or "the deployment failed"
        super().__init__(what, fix=None if "\n  fix: " in what else done or None)


def _told(failures: Sequence[Failure]) -> list[str]:
    """Give each failure its text, but one text to many that failed alike: a cloud that went away fails everything."""
    alike: dict[str, list[Failure]] = {}
    for failure in failures:
        alike.setdefault(failure.message.partition("\n")[0], []).append(failure)
    lines = []
    for group in alike.values():
        names = [failure.urn.rsplit("::", 1)[-1] for failure in group]
        if len(group) <= MANY:
            lines += [f"{name}: {failure.message}" if name else failure.message
                      for name, failure in zip(names, group, strict=True)]
        else:
            lines.append(f"{names[0]} and {len(group) - 1} more: {group[0].message}")
    return lines
