"""What is unknown never passes: whatever of a bad example is not known yet, its rule has something to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from stack_builder import Example

from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import Rule, Stack
from mlstead_toolkit.policies.evaluation import evaluate
from mlstead_toolkit.policies.finding import Verdict


def test_a_bad_example_never_passes_for_what_is_unknown_of_it(rule: Rule, all_examples: dict[str, Example]) -> None:
    passed = [place for bad in all_examples[rule.id].bad for place, stack in _less_known(bad)
              if not evaluate(stack, [rule])]
    assert passed == []


def test_a_rule_says_when_it_cannot_decide(rule: Rule, all_examples: dict[str, Example]) -> None:
    of_rule = all_examples[rule.id]
    found = [finding for one in (*of_rule.good, *of_rule.bad)
             for stack in (replace(one, complete=False), *(less for _, less in _less_known(one)))
             for finding in evaluate(stack, [rule])]
    assert Verdict.NOT_DECIDED in {finding.verdict for finding in found}
    assert [finding.message for finding in found if "defect of the rule" in finding.message] == []


def _less_known(stack: Stack) -> Iterator[tuple[str, Stack]]:
    """Give the stack again and again, each time with another value unknown."""
    for number, one in enumerate(stack.resources):
        for place, properties in _each_unknown(one.properties):
            if properties is UNKNOWN:
                continue
            changed = (*stack.resources[:number], replace(one, properties=properties), *stack.resources[number + 1:])
            yield f"{one.type} {place}", replace(stack, resources=changed)


def _each_unknown(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from ((f".{name}{place}", {**value, name: less}) for place, less in _each_unknown(inner))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from ((f"[{number}]{place}", [*value[:number], less, *value[number + 1:]])
                        for place, less in _each_unknown(inner))
    if value is not None:
        yield "", UNKNOWN
