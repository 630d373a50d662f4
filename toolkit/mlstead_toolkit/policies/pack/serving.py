"""What Pulumi's engine is told: every rule as a policy on each resource, and as one on the stack for what it left open.

Pulumi says what a resource depends on only when the whole stack is known. So a rule is tried on each resource before
it is made, and what that does not decide is decided at the end, on the inputs that were seen then.
"""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Final

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.evaluation import evaluate, judge
from mlstead_toolkit.policies.exceptions import FILE, Exceptions, find, read
from mlstead_toolkit.policies.finding import Finding, Verdict
from mlstead_toolkit.policies.level import Level
from mlstead_toolkit.policies.pack import values
from mlstead_toolkit.policies.pack.folder import AT_THE_END, PROGRAM, UNDECIDED
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.rule import Rule
from mlstead_toolkit.policies.stack import Stack

NAME: Final = "mlstead"
EXCEPTIONS: Final = "policy-exceptions"
_LEVELS: Final = {Level.MANDATORY: EnforcementLevel.MANDATORY, Level.ADVISORY: EnforcementLevel.ADVISORY}


def serve() -> None:
    """Serve the pack until the engine ends it."""
    values.keep_secrets_marked()
    PolicyPack(NAME, policies=Pack(_exceptions()).policies())


class Pack:
    """One run of the pack.

    Args:
        exceptions: what was agreed, or the error that says why that cannot be read.
    """

    def __init__(self, exceptions: Exceptions | MlsteadError) -> None:
        self._problem = exceptions if isinstance(exceptions, MlsteadError) else None
        self._exceptions = Exceptions() if isinstance(exceptions, MlsteadError) else exceptions
        self._seen: dict[str, Resource] = {}
        self._open: dict[str, set[str]] = {}  # rule → URNs of what it could not decide
        self._lock = threading.Lock()

    def policies(self) -> list[Policy]:
        """Give two policies to a rule, and the one that speaks for the file of exceptions."""
        return [*map(self._on_resource, RULES), *map(self._on_stack, RULES), StackValidationPolicy(
            EXCEPTIONS, f"{FILE} can be read, and nothing in it has expired.", self._judge_exceptions,
            EnforcementLevel.MANDATORY)]

    def _on_resource(self, rule: Rule) -> Policy:
        def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
            resource = Resource(values.plain(args.props), args.resource_type, args.name, args.urn,
                                args.opts.parent or "", args.opts.protect, linked=False)
            with self._lock:
                self._seen[args.urn] = resource
                stack = _stack(args.urn, tuple(self._seen.values()), complete=False)
            for found in judge(resource, stack, [rule], self._exceptions.agreed):
                if not _tell(found, report):
                    with self._lock:
                        self._open.setdefault(rule.id, set()).add(args.urn)

        return ResourceValidationPolicy(rule.id, rule.title, validate, _LEVELS[rule.level])

    def _on_stack(self, rule: Rule) -> Policy:
        def validate(args: StackValidationArgs, report: ReportViolation) -> None:
            if waiting := self._open.get(rule.id):
                resources = self._linked(args)
                stack = _stack(resources[0].urn, resources, complete=True)
                undecided = [found for found in evaluate(stack, [rule], self._exceptions.agreed)
                             if found.urn in waiting and not _tell(found, report)]
                if undecided:
                    _leave_open(rule, undecided, report)

        return StackValidationPolicy(f"{rule.id}{AT_THE_END}", rule.title, validate, _LEVELS[rule.level])

    def _linked(self, args: StackValidationArgs) -> tuple[Resource, ...]:
        """Give what was seen, with what each depends on; Pulumi now shows outputs, and the rules judge inputs."""
        told = {resource.urn: resource for resource in args.resources}
        return tuple(replace(
            seen, linked=True,
            depends_on=tuple(one.urn for one in told[urn].dependencies),
            property_dependencies={name: tuple(one.urn for one in found)
                                   for name, found in told[urn].property_dependencies.items()},
        ) for urn, seen in self._seen.items() if urn in told)

    def _judge_exceptions(self, _args: StackValidationArgs, report: ReportViolation) -> None:
        if self._problem is not None:
            report(str(self._problem), None)
        for one in self._exceptions.expired:
            report(f"The exception from {one.rule} for {one.resource} has expired: {one.reason} "
                   f"({one.owner}, until {one.expires}).", None)


def _stack(urn: str, resources: tuple[Resource, ...], *, complete: bool) -> Stack:
    parts = urns.parse(urn)
    return Stack(parts.project, parts.stack, resources, complete)


def _tell(found: Finding, report: ReportViolation) -> bool:
    """Report a violation; say whether anything was decided."""
    if found.verdict is Verdict.VIOLATED:
        report(f"{found.message}. {found.rule.fix}", found.urn)
    return found.verdict is not Verdict.NOT_DECIDED


def _leave_open(rule: Rule, undecided: list[Finding], report: ReportViolation) -> None:
    """Say in Pulumi's way what a preview cannot decide; where all is known, what is not decided is refused."""
    if os.environ.get("PULUMI_DRY_RUN") != "true" and rule.level is Level.MANDATORY:
        for found in undecided:
            report(f"{UNDECIDED}{found.message}. {found.rule.fix}", found.urn)
        return
    error = UnknownValueError(UNKNOWN_STRING_VALUE, [])
    error.message = UNDECIDED + "; ".join(f"{found.name}: {found.message}" for found in undecided)
    raise error


def _exceptions() -> Exceptions | MlsteadError:
    try:
        return read(find(Path(os.environ.get(PROGRAM) or os.environ.get("PWD") or ".")))
    except MlsteadError as error:
        return error
