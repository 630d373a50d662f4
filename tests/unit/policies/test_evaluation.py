"""A rule that meets an unknown never passes, one that fails does not either, and no message shows a secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mlstead_toolkit.engine.values import UNKNOWN, Secret
from mlstead_toolkit.policies import Level, Malformed, Resource, Rule, Stack
from mlstead_toolkit.policies.evaluation import evaluate
from mlstead_toolkit.policies.finding import Finding, Verdict
from mlstead_toolkit.policies.rule import Check


def rule(check: Check, level: Level = Level.MANDATORY) -> Rule:
    return Rule("thing-held", level, ("test 1",), "It holds.", "Hold it.", ("aws:x/thing:*",), check)


def found(check: Check, **properties: Any) -> list[Finding]:
    thing = Resource(properties, "aws:x/thing:Thing", "one", "urn:pulumi:dev::shop::aws:x/thing:Thing::one")
    other = Resource(properties, "aws:x/other:Other", "two", "urn:pulumi:dev::shop::aws:x/other:Other::two")
    return evaluate(Stack("shop", "dev", (thing, other)), [rule(check)])


def _large(resource: Resource, stack: Stack) -> Iterator[str]:
    if resource.value("size") > 3:
        yield "it is large"
    for part in resource.blocks("parts"):
        if part.value("size") > 3:
            yield f"a part of it is large: {part.value('size')}"


def test_a_rule_judges_its_types_only_and_says_nothing_of_what_holds() -> None:
    assert found(_large, size=1) == []
    assert [(one.name, one.verdict, one.message) for one in found(_large, size=4)] == [
        ("one", Verdict.VIOLATED, "it is large")]


def test_what_is_unknown_is_not_decided_and_says_what() -> None:
    assert [(one.verdict, one.message, one.stops) for one in found(_large, size=UNKNOWN)] == [
        (Verdict.NOT_DECIDED, "size is not known yet", False)]


def test_what_is_wrong_is_wrong_whatever_else_is_unknown() -> None:
    verdicts = [one.verdict for one in found(_large, size=1, parts=[{"size": 9}, {"size": UNKNOWN}])]
    assert verdicts == [Verdict.VIOLATED]
    assert [one.verdict for one in found(_large, size=1, parts=[{"size": 1}, {"size": UNKNOWN}])] == [
        Verdict.NOT_DECIDED]


def test_a_rule_that_fails_has_decided_nothing() -> None:
    (one,) = found(_large, size="four")
    assert one.verdict is Verdict.NOT_DECIDED and "TypeError" in one.message and "defect of the rule" in one.message


def test_what_cannot_be_read_is_wrong() -> None:
    def check(resource: Resource, stack: Stack) -> Iterator[str]:
        raise Malformed("policy is no JSON document")
        yield

    assert [(one.verdict, one.message) for one in found(check)] == [
        (Verdict.VIOLATED, "policy is no JSON document")]


@pytest.mark.parametrize("value", [Secret("swordfish"), Secret({"inner": ["swordfish"]})])
def test_a_secret_is_judged_and_not_shown(value: Secret) -> None:
    def check(resource: Resource, stack: Stack) -> Iterator[str]:
        yield f"it is {resource.value('word')}"

    (one,) = found(check, word=value)
    assert "swordfish" not in one.message and "[secret]" in one.message


def test_a_secret_of_another_resource_is_not_shown_either() -> None:
    def check(resource: Resource, stack: Stack) -> Iterator[str]:
        yield f"it is {[one.value('word') for one in stack.of('aws:x/other:Other')]}"

    thing = Resource({}, "aws:x/thing:Thing", "one", "urn:1")
    other = Resource({"word": Secret("swordfish")}, "aws:x/other:Other", "two", "urn:2")
    (one,) = evaluate(Stack("shop", "dev", (thing, other)), [rule(check)])
    assert one.message == "it is ['[secret]']"


def test_an_advisory_rule_stops_nothing() -> None:
    def check(resource: Resource, stack: Stack) -> Iterator[str]:
        yield "it could be better"

    assert found(check)[0].stops
    thing = Resource({}, "aws:x/thing:Thing", "one", "urn")
    assert not evaluate(Stack("shop", "dev", (thing,)), [rule(check, Level.ADVISORY)])[0].stops
