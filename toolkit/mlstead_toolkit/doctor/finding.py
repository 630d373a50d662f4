"""What a check found, and the two ways in which it finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mlstead_toolkit.doctor.account import Account

_NEEDS = "needs "
PLATFORM = "ask the platform team"


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Args:
        ok: whether it is as it should be; None: it may not be looked at.
        found: what was found.
        fix: what to type, or whom to ask for what; only where something is off.
    """

    ok: bool | None
    found: str
    fix: str | None = None


Part: TypeAlias = "Callable[[Account], Iterable[Finding]]"


@dataclass(frozen=True)
class Check:
    """A theme that is looked at: its parts answer each for itself, and none keeps another from answering."""

    name: str
    parts: tuple[Part, ...]


class Unseen(Exception):
    """Something may not be looked at, or is not answered for here.

    Args:
        found: why; `needs iam:GetRole` where an action is missing.
        code: AWS's own word for it; empty: nobody was asked.
    """

    def __init__(self, found: str, code: str = "") -> None:
        super().__init__(found)
        self.code = code


class Unreachable(Exception):
    """Nothing in AWS can be asked: no network, or no credentials.

    Args:
        found: what is missing.
        fix: what to type.
    """

    def __init__(self, found: str, fix: str) -> None:
        super().__init__(found)
        self.found, self.fix = found, fix


class NotSignedIn(Unreachable):
    """AWS answers, and does not know who asks."""


def well(found: str) -> Finding:
    """Find something as it should be."""
    return Finding(True, found)


def off(found: str, fix: str) -> Finding:
    """Find something that keeps a deployment from going through."""
    return Finding(False, found, fix)


def together(findings: Iterable[Finding]) -> Finding:
    """Make one finding of several: where something is off, that alone is told, with what may not be looked at."""
    every = list(dict.fromkeys(findings))
    broken = [finding for finding in every if finding.ok is False]
    unseen = [finding for finding in every if finding.ok is None]
    seen = broken or [finding for finding in every if finding.ok]
    fixes = dict.fromkeys(finding.fix for finding in broken if finding.fix)
    told = dict.fromkeys([*(finding.found for finding in seen), *_unseen(unseen)])
    return Finding(False if broken else None if unseen else True, "; ".join(told), "; then ".join(fixes) or None)


def _unseen(findings: Iterable[Finding]) -> Iterator[str]:
    """Say in one sentence which actions are missing."""
    reasons = [finding.found for finding in findings]
    actions = dict.fromkeys(reason.removeprefix(_NEEDS) for reason in reasons if reason.startswith(_NEEDS))
    others = [reason for reason in reasons if not reason.startswith(_NEEDS)]
    for reason in [*([_NEEDS + ", ".join(actions)] if actions else []), *others]:
        yield f"may not be looked at: {reason}"
