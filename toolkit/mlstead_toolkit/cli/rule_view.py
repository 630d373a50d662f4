"""The rules on a terminal, as a list and one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.console import UNBROKEN, out
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.level import Level
from mlstead_toolkit.policies.rule import Rule
from mlstead_toolkit.project import did_you_mean


def find_rule(name: str) -> Rule:
    """Give the rule of a name, or say which may be meant."""
    by_name = {rule.id: rule for rule in RULES}
    if name not in by_name:
        raise MlsteadError(f"There is no rule {name!r}{did_you_mean(name, by_name)}.", where="the policy pack",
                           fix="mlstead policies list")
    return by_name[name]


def print_rules(rules: Sequence[Rule]) -> None:
    """Print a row for each rule, what is mandatory first."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("rule", "level", "what must hold", "controls"):
        table.add_column(column, overflow="fold")
    for rule in sorted(rules, key=lambda rule: (rule.level is not Level.MANDATORY, rule.id)):
        table.add_row(*map(Text, (rule.id, rule.level.value, rule.title, ", ".join(rule.controls))))
    out(UNBROKEN).print(table, soft_wrap=False)


def print_rule(rule: Rule) -> None:
    """Print all that is known of a rule."""
    console = out()
    console.print(Text.assemble((rule.id, "bold"), f"  {rule.level.value}"))
    for label, text in (("holds", rule.title), ("of", ", ".join(rule.types)), ("asked by", ", ".join(rule.controls)),
                        ("fix", rule.fix)):
        console.print(Text.assemble((f"  {label + ':':<10}", "dim"), text))


def rule_data(rule: Rule) -> dict[str, Any]:
    """Give a rule as plain data."""
    return {"id": rule.id, "level": rule.level.value, "title": rule.title, "controls": list(rule.controls),
            "fix": rule.fix, "types": list(rule.types)}
