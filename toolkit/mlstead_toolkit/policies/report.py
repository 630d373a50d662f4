"""What the rules say of one stack, and what of that stops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlstead_toolkit.policies.exceptions import Exceptions
from mlstead_toolkit.policies.finding import Finding, Verdict
from mlstead_toolkit.policies.reviewed_exception import ReviewedException


@dataclass(frozen=True)
class Report:
    """The verdicts on a stack.

    Args:
        project: Pulumi's name of the project.
        environment: the stack's short name.
        findings: what does not plainly hold.
        expired: exceptions that have expired: the stack is not deployed while the file has one.
        unused: exceptions that excuse nothing.
    """

    project: str
    environment: str
    findings: tuple[Finding, ...]
    expired: tuple[ReviewedException, ...] = ()
    unused: tuple[ReviewedException, ...] = ()

    @classmethod
    def of(cls, project: str, environment: str, findings: Sequence[Finding], exceptions: Exceptions) -> Report:
        """Put it together."""
        return cls(project, environment, tuple(findings), exceptions.expired,
                   tuple(exceptions.unused(findings, environment)))

    def having(self, verdict: Verdict) -> list[Finding]:
        """Give the findings of a verdict, what is mandatory first."""
        return sorted((one for one in self.findings if one.verdict is verdict), key=_order)

    @property
    def stopping(self) -> list[Finding]:
        """Give what nothing may be deployed with."""
        return sorted((one for one in self.findings if one.stops), key=_order)

    @property
    def stops(self) -> bool:
        """Whether nothing may be deployed."""
        return bool(self.stopping or self.expired)


def _order(finding: Finding) -> tuple[bool, str, str]:
    return finding.rule.level != "mandatory", finding.rule.id, finding.name
