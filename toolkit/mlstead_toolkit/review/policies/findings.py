"""Findings of the rules, and exceptions from them, that are there on one side alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.finding import Finding, Verdict
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.policies.reviewed_exception import ReviewedException
from mlstead_toolkit.review.policies.pairs import Pairs
from mlstead_toolkit.review.report import PolicyChange, PolicyKind

_LEVELS: Final = {rule.id: rule.level.value for rule in RULES}
# What Pulumi appends to a name by itself says nothing.
_SUFFIX: Final = re.compile(r"-[0-9a-f]{7}\b")

_OPEN: Final = "not decided"

Key = tuple[str, str, str]
"""Rule, resource as the head calls it, and what the message means."""


def finding_changes(before: Report, after: Report, pairs: Pairs) -> Iterator[PolicyChange]:
    """Tell what became of the findings of both sides."""
    old = {key: one for one in before.findings for key in _keys(one, pairs)}
    new = {_key(one.urn, one): one for one in after.findings}
    for key, found in new.items():
        was = old.get(key)
        match found.verdict:
            case Verdict.VIOLATED if was is None or was.verdict is not Verdict.VIOLATED:
                yield _change(PolicyKind.NEW, found, pairs.place(found.urn))
            case Verdict.EXCEPTED:
                yield _excepted(found, was, pairs.place(found.urn))
            case Verdict.NOT_DECIDED if was is None:
                yield _change(PolicyKind.NOT_DECIDED, found, pairs.place(found.urn))
    for was in before.findings:
        urn = pairs.head(was.urn)
        if was.verdict is not Verdict.NOT_DECIDED and new.keys().isdisjoint([*_keys(was, pairs),
                                                                             (was.rule.id, urn, _OPEN)]):
            yield _change(PolicyKind.FIXED, was, pairs.place(urn))


def exception_changes(before: Report, after: Report) -> Iterator[PolicyChange]:
    """Tell of exceptions that have expired, and of those that excuse nothing; what the base has too is existing."""
    for kind, message, old, new in (
        (PolicyKind.EXPIRED, "the exception has expired", before.expired, after.expired),
        (PolicyKind.UNUSED, "the exception excuses nothing any more", before.unused, after.unused),
    ):
        for one in dict.fromkeys(new):
            yield PolicyChange(kind, one.rule, _LEVELS.get(one.rule, ""), _subject(one), message, _FIXES[kind],
                               one.reason, one.owner, str(one.expires), one in old)


_FIXES: Final = {
    PolicyKind.EXPIRED: "take it out of policy-exceptions.toml, or have it agreed anew",
    PolicyKind.UNUSED: "take it out of policy-exceptions.toml",
}


def _excepted(found: Finding, was: Finding | None, place: str) -> PolicyChange:
    old, new = was.exception if was else None, found.exception
    if old is None or new is None:
        return _change(PolicyKind.EXCEPTED, found, place)
    if new.expires > old.expires:
        return _change(PolicyKind.EXCEPTED, found, place, f"{found.message} (excepted until {old.expires} so far)")
    return _change(PolicyKind.EXCEPTED, found, place, existing=True)


def _change(kind: PolicyKind, found: Finding, place: str, message: str = "", *, existing: bool = False
            ) -> PolicyChange:
    agreed = found.exception
    return PolicyChange(
        kind, found.rule.id, found.rule.level.value, found.name, message or found.message,
        "" if kind is PolicyKind.FIXED else found.rule.fix, agreed.reason if agreed else "",
        agreed.owner if agreed else "", str(agreed.expires) if agreed else "", existing,
        place,
    )


def _keys(found: Finding, pairs: Pairs) -> list[Key]:
    """Give what the head may call a finding of the base: its message may have the name that the resource had."""
    urn = pairs.head(found.urn)
    renamed = replace(found, message=found.message.replace(found.name, urns.name_of(urn)))
    return list(dict.fromkeys(_key(urn, one) for one in (found, renamed)))


def _key(urn: str, found: Finding) -> Key:
    return found.rule.id, urn, _OPEN if found.verdict is Verdict.NOT_DECIDED else _SUFFIX.sub("", found.message)


def _subject(one: ReviewedException) -> str:
    return urns.name_of(one.resource) if one.resource.startswith("urn:") else one.resource


def new_rules(changes: Sequence[PolicyChange]) -> set[tuple[str, str]]:
    """Give the rules that are newly broken, each with the resource's name."""
    return {(one.rule, one.subject) for one in changes
            if one.kind in (PolicyKind.NEW, PolicyKind.EXCEPTED) and not one.existing}
