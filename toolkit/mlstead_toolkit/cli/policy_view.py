"""What the rules found, on a terminal and as data: what stops a deployment first, what was agreed last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from rich.text import Text

from mlstead_toolkit.cli.console import out
from mlstead_toolkit.policies.analysis import PolicyViolated
from mlstead_toolkit.policies.exceptions import FILE
from mlstead_toolkit.policies.finding import Finding, Verdict
from mlstead_toolkit.policies.level import Level
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.policies.reviewed_exception import ReviewedException

_SHOWN = 4
"""Names of resources in a line; --json has them all."""


def show(reports: Sequence[Report], *, everything: bool = False) -> None:
    """List what does not plainly hold; `everything` names each rule and resource that waits for what is unknown."""
    for level, title, style in ((Level.MANDATORY, "Policies violated", "bold red"),
                                (Level.ADVISORY, "Policies advise otherwise", "bold yellow")):
        _section(title, style, [line for report in reports for found in report.having(Verdict.VIOLATED)
                                if found.rule.level is level for line in _violation(report, found)])
    _section("Exceptions that have expired", "bold red",
             [_agreed(report, one) for report in reports for one in report.expired])
    _section("Policies not decided before what they need is known", "bold",
             [line for report in reports for line in _undecided(report, everything=everything)])
    _section("Policies excepted", "bold", [
        f"{report.project}: {found.rule.id}, {found.name}: {found.exception.reason} ({_until(found.exception)})"
        for report in reports for found in report.having(Verdict.EXCEPTED) if found.exception])
    _section("Exceptions that excuse nothing", "bold yellow",
             [_agreed(report, one) for report in reports for one in report.unused])


def show_later(before: Sequence[Report], after: Sequence[Report]) -> None:
    """List what was found only once everything was known."""
    known = {found for report in before for found in report.findings}
    show([replace(report, findings=tuple(found for found in report.findings if found not in known), expired=(),
                  unused=()) for report in after])


def refuse(reports: Sequence[Report], fix: str) -> None:
    """Raise PolicyViolated where nothing may be deployed.

    Args:
        reports: one for each stack.
        fix: what to do once it is mended.
    """
    broken = [found for report in reports for found in report.stopping]
    expired = [one for report in reports for one in report.expired]
    if not broken and not expired:
        return
    told = [*_counted(broken), *([f"{_number(len(expired), 'exception')} in {FILE} expired"] if expired else [])]
    raise PolicyViolated(
        f"{' and '.join(told)}; nothing was changed.",
        where=", ".join(dict.fromkeys([*(found.name for found in broken), *(one.resource for one in expired)])),
        fix=f"mend what is listed, or have an exception agreed in {FILE}; {fix}")


def as_data(reports: Iterable[Report]) -> dict[str, list[dict[str, Any]]]:
    """Give it all as plain data, for a script."""
    reports = list(reports)
    return {
        "findings": [finding_data(report, found) for report in reports for verdict in Verdict
                     for found in report.having(verdict)],
        "expired": [_exception_data(report, one) for report in reports for one in report.expired],
        "unused": [_exception_data(report, one) for report in reports for one in report.unused],
    }


def finding_data(report: Report, found: Finding) -> dict[str, Any]:
    """Give a finding as plain data."""
    agreed = {"exception": _exception_data(report, found.exception)} if found.exception else {}
    return {"stack": report.project, "environment": report.environment, "rule": found.rule.id,
            "level": found.rule.level.value, "verdict": found.verdict.value, "resource": found.name, "urn": found.urn,
            "message": found.message, "fix": found.rule.fix, "controls": list(found.rule.controls)} | agreed


def _exception_data(report: Report, one: ReviewedException) -> dict[str, Any]:
    return {"stack": report.project} | one.model_dump(mode="json")


def _section(title: str, style: str, lines: Sequence[str]) -> None:
    if lines:
        out().print(Text(f"{title}:", style=style))
    for line in lines:
        out().print(Text(f"    {line}"))


def _violation(report: Report, found: Finding) -> Iterator[str]:
    yield f"{report.project}: {found.rule.id}, {found.name}: {found.message}"
    yield f"    fix: {found.rule.fix}"


def _undecided(report: Report, *, everything: bool) -> Iterator[str]:
    waiting: dict[str, list[str]] = {}
    for found in report.having(Verdict.NOT_DECIDED):
        waiting.setdefault(found.rule.id, []).append(found.name)
    if everything:
        yield from (f"{report.project}: {rule}: {_few(names)}" for rule, names in waiting.items())
    elif waiting:
        resources = len({name for names in waiting.values() for name in names})
        yield (f"{report.project}: {_number(len(waiting), 'rule')} on {_number(resources, 'resource')}; `mlstead up` "
               "decides them before it makes anything of it (--diff lists them)")


def _few(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _agreed(report: Report, one: ReviewedException) -> str:
    return f"{report.project}: {one.rule}, {one.resource}: {one.reason} ({_until(one)})"


def _until(one: ReviewedException) -> str:
    return f"{one.owner}, until {one.expires}"


def _counted(broken: Sequence[Finding]) -> list[str]:
    number = len({found.rule.id for found in broken})
    return [f"{_number(number, 'mandatory rule')} {'is' if number == 1 else 'are'} broken"] if broken else []


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
