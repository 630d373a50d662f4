"""Every rule lets its good examples pass, and its bad examples trip it and no other."""

from __future__ import annotations

from stack_builder import Example

from mlstead_toolkit.policies import Rule
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.evaluation import evaluate
from mlstead_toolkit.policies.finding import Verdict


def test_every_rule_has_examples_and_every_example_a_rule(all_examples: dict[str, Example]) -> None:
    assert set(all_examples) == {rule.id for rule in RULES}


def test_no_two_rules_share_a_name() -> None:
    names = [rule.id for rule in RULES]
    assert len(names) > 100 and len(names) == len(set(names))


def test_a_good_example_trips_nothing(rule: Rule, all_examples: dict[str, Example]) -> None:
    for good in all_examples[rule.id].good:
        assert any(rule.judges(one) for one in good.resources), "the rule has no say in its own example"
        assert _told(evaluate(good)) == []


def test_a_bad_example_trips_its_rule_and_no_other(rule: Rule, all_examples: dict[str, Example]) -> None:
    assert all_examples[rule.id].good and all_examples[rule.id].bad
    for bad in all_examples[rule.id].bad:
        found = evaluate(bad)
        assert {(one.rule.id, one.verdict) for one in found} == {(rule.id, Verdict.VIOLATED)}, _told(found)


def test_a_rule_says_what_it_wants_where_from_and_what_to_do(rule: Rule) -> None:
    assert rule.id == rule.id.lower() and " " not in rule.id
    assert rule.controls and rule.types
    for text in (rule.title, rule.fix):
        assert text[0].isupper() or not text[0].isalpha()
        assert text.endswith(".")


def _told(findings: list) -> list[str]:
    return [f"{one.rule.id} {one.verdict} {one.name}: {one.message}" for one in findings]
