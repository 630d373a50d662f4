"""What the engine asks of a provider: the shape of Pulumi's provider protocol, in process.

Property values arrive without Secret wrappers (see values.py) and may hold UNKNOWN in a preview. A provider raises
ProviderError for what the cloud or its own rules refuse; anything else it raises is a defect. Methods are called from
several threads at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine.values import Properties

ChangeKind = Literal["add", "delete", "update"]


class ProviderError(MlsteadError):
    """The cloud, or the provider before it, refused an operation."""


class PartialFailure(ProviderError):
    """An operation failed after the resource had come to exist: `resource_id` and `outputs` say what is there now."""

    def __init__(self, what: str, *, resource_id: str, outputs: Properties, where: str | None = None,
                 fix: str | None = None) -> None:
        super().__init__(what, where=where, fix=fix)
        self.resource_id, self.outputs = resource_id, outputs


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """One property that the provider refuses: `property` is a path such as "rules[0].id", reason a sentence."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Inputs with defaults and automatic names filled in, and what is wrong with them."""

    inputs: Properties
    failures: tuple[CheckFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class DiffResult:
    """What would change: paths such as "tags.owner" or "rules[0].id", each with its kind.

    `replaces` lists the changed paths that only a new resource can take; `delete_before_replace` says that old and new
    cannot stand side by side.
    """

    changes: dict[str, ChangeKind] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    delete_before_replace: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything differs."""
        return bool(self.changes)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A resource as the cloud has it: its id, the inputs that would make it so, and its outputs."""

    resource_id: str
    inputs: Properties
    outputs: Properties


class Provider(Protocol):
    """One configured provider: a package such as `aws` in one region and account of one target."""

    def identity(self) -> str:
        """Name the cloud behind the provider; another answer than last time means that everything in it is new."""

    def declared_only(self, type_: str) -> bool:
        """Whether nothing at the target implements the type: it is recorded in the state and listed by `up`."""

    def secret_outputs(self, type_: str) -> tuple[str, ...]:
        """Name the outputs of a type that are secret whatever its inputs."""

    def check(self, type_: str, urn: str, olds: Properties | None, news: Properties, random_seed: bytes) -> CheckResult:
        """Validate the inputs and fill defaults and the automatic name (kept from `olds` where there is one)."""

    def diff(self, type_: str, resource_id: str, old_inputs: Properties, old_outputs: Properties, news: Properties,
             ignore_changes: tuple[str, ...]) -> DiffResult:
        """Compare checked inputs with what the state says. Pure: no call to the cloud."""

    def create(self, type_: str, urn: str, news: Properties, *, preview: bool, timeout: float | None
               ) -> tuple[str, Properties]:
        """Create it, wait until it is usable, read it back; in a preview only predict the outputs (id may be "")."""

    def read(self, type_: str, resource_id: str, inputs: Properties, outputs: Properties) -> ReadResult | None:
        """Read it back from the cloud; None where it is gone. Empty inputs and outputs: it is being imported."""

    def recover(self, type_: str, urn: str, inputs: Properties, since: float, held: frozenset[str] = frozenset()
                ) -> str | None:
        """Find the id of a resource whose creation was cut off after the time `since` (epoch seconds), if it exists.

        `held` are the ids of the type that the state has already: they belong to others that look the same.
        """

    def update(self, type_: str, urn: str, resource_id: str, old_inputs: Properties, old_outputs: Properties,
               news: Properties, *, preview: bool, timeout: float | None, ignore_changes: tuple[str, ...]
               ) -> Properties:
        """Change it in place and read it back; in a preview only predict the outputs."""

    def delete(self, type_: str, urn: str, resource_id: str, inputs: Properties, outputs: Properties,
               *, timeout: float | None) -> str | None:
        """Delete it; what is already gone is no error. A note comes back where something stays, as a key does."""

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Answer a function such as aws:index/getCallerIdentity:getCallerIdentity."""


class ProviderFactory(Protocol):
    """Makes a configured provider from a package name and its configuration (`aws:region` gives `region`)."""

    def __call__(self, package: str, configuration: Properties) -> Provider:
        """Configure, or raise ProviderError for a package or a setting that is not known."""
