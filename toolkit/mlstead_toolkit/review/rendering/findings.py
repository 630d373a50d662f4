"""The review as SARIF 2.1.0, so that a code host shows what it found beside the lines.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from mlstead_toolkit.review.comparison import HEAD
from mlstead_toolkit.review.rendering.visible import visible
from mlstead_toolkit.review.report import PolicyChange, PolicyKind, Review
from mlstead_toolkit.review.told import told
from mlstead_toolkit.review.verdict import Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# Where something is said to be that no line made.
PROGRAM = "infra/__main__.py"
UNREVIEWED, UNDEPLOYABLE = "cannot-be-reviewed", "cannot-be-deployed"
VERDICT_LEVELS = {Verdict.CANNOT_BE_DEPLOYED: "error", Verdict.WEAKENS_A_CONTROL: "warning",
                  Verdict.WIDENS_ACCESS: "warning", Verdict.MAY_LOSE_DATA: "warning", Verdict.DOWNTIME: "warning",
                  Verdict.REPLACES: "note", Verdict.COSTS_MORE: "note", Verdict.SAFE: "none"}
POLICY_LEVELS = {"mandatory": "error", "advisory": "warning"}
KIND_LEVELS = {PolicyKind.EXPIRED: "error", PolicyKind.WEAKENED: "warning", PolicyKind.EXCEPTED: "note",
               PolicyKind.NOT_DECIDED: "note", PolicyKind.UNUSED: "note"}


@dataclass(frozen=True)
class Found:
    """One result before it is SARIF."""

    rule: str
    about: str
    level: str
    message: str
    subject: str
    place: str
    environments: tuple[str, ...]


def sarif(review: Review) -> dict[str, Any]:
    """Give the log of one run: policy findings under their rules' ids, remarks under their verdicts', problems."""
    found = [*_problems(review), *_policies(review)]
    told_already = {(each.subject, each.place) for each in found}
    found += [each for each in _remarks(review)
              if each.rule not in ("weakens-a-control", UNDEPLOYABLE)
              or (each.subject, each.place) not in told_already]
    rules = dict(sorted({each.rule: each.about for each in found}.items()))
    index = {rule: number for number, rule in enumerate(rules)}
    driver = {"name": "mlstead review", "semanticVersion": version("mlstead"),
              "rules": [{"id": rule, "shortDescription": {"text": visible(about)}} for rule, about in rules.items()]}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{
        "tool": {"driver": driver}, "columnKind": "unicodeCodePoints",
        "results": [_result(each, index[each.rule]) for each in found]}]}


def _problems(review: Review) -> Iterator[Found]:
    for each in [*review.problems, *(problem for one in review.environments for problem in one.problems)]:
        where = (each.environment,) if each.environment else ()
        rule, about = (UNDEPLOYABLE, "The change cannot be deployed.") if each.side == HEAD else (
            UNREVIEWED, "An environment could not be reviewed.")
        yield Found(rule, about, "error", _sentences(each.message, f"Fix: {each.fix}" if each.fix else ""), each.side,
                    each.where, where)


def _policies(review: Review) -> Iterator[Found]:
    for each in told({one.environment: one.policies for one in review.environments}):
        change = each.item
        if change.existing or change.kind in (PolicyKind.FIXED, PolicyKind.RESTORED):
            continue
        level = KIND_LEVELS.get(change.kind) or POLICY_LEVELS.get(change.level, "warning")
        yield Found(change.rule, _about(change), level, _policy_message(change), change.subject, change.place,
                    each.environments)


def _about(change: PolicyChange) -> str:
    return f"Guard {change.rule}" if change.kind is PolicyKind.WEAKENED else f"Policy rule {change.rule}"


def _policy_message(change: PolicyChange) -> str:
    facts = {"reason": change.reason, "owner": change.owner, "expires": change.expires}
    told = [f"{name}: {fact}" for name, fact in facts.items() if fact]
    return _sentences(f"{change.subject}: {change.message}", *told, f"Fix: {change.fix}" if change.fix else "")


def _remarks(review: Review) -> Iterator[Found]:
    for each in told({one.environment: one.remarks for one in review.environments}):
        remark = each.item
        yield Found(remark.verdict.words.replace(" ", "-"), f"The change {_does(remark.verdict)}.",
                    VERDICT_LEVELS[remark.verdict], _sentences(f"{remark.subject}: {remark.text}"), remark.subject,
                    remark.place, each.environments)


def _does(verdict: Verdict) -> str:
    return {Verdict.REPLACES: "replaces a resource", Verdict.DOWNTIME: "brings downtime"}.get(verdict, verdict.words)


def _sentences(*parts: str) -> str:
    return visible(" ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part))


def _result(found: Found, index: int) -> dict[str, Any]:
    # No line and no environment: it stays the same finding while the file around it changes.
    identity = "\0".join((found.rule, found.subject, found.message))
    return {"ruleId": found.rule, "ruleIndex": index, "level": found.level, "message": {"text": found.message},
            "locations": [{"physicalLocation": _location(found.place)}],
            "partialFingerprints": {"mlstead/v1": hashlib.sha256(identity.encode()).hexdigest()},
            "properties": {"environments": list(found.environments), "subject": visible(found.subject)}}


def _location(place: str) -> dict[str, Any]:
    file, line = PROGRAM, 1
    if match := re.fullmatch(r"(.+?):([1-9]\d{0,8})(?::\d+)?", place):
        file, line = match[1], int(match[2])
    elif place:
        file = place
    return {"artifactLocation": {"uri": quote(visible(file)), "uriBaseId": "%SRCROOT%"}, "region": {"startLine": line}}
