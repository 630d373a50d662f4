"""The gates' rules as Glue Data Quality knows them: an option beside the gates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_aws import glue

from mlstead.catalog.table_definitions import Table
from mlstead.catalog.tables import Tables
from mlstead.component import Component
from mlstead.context import Context
from mlstead.ingestion.gate_definitions import Gate, read_gates
from mlstead.ingestion.gate_rules import ColumnRules, is_number


@dataclass(frozen=True)
class DataQualityArgs:
    """Arguments of DataQuality.

    Args:
        context: where it lives and whose it is.
        tables: the project's tables.
        gates: path of gates.toml, relative to the program's folder.
    """

    context: Context
    tables: Tables
    gates: str | Path


class DataQuality(Component):
    """A Glue Data Quality ruleset for each table in curated that gates.toml has rules for.

    Whoever may run an evaluation in Glue finds them at the table. Not every rule has a counterpart: what holds for a
    batch alone (at most so many rows, its age, its relations) and what personal data was replaced in are left to the
    gates (https://docs.aws.amazon.com/glue/latest/dg/dqdl.html).
    """

    def __init__(self, name: str, args: DataQualityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        curated = args.tables.described.get("curated", {})
        for title, gate in read_gates(args.gates, args.tables.described).gates.items():
            if title in curated and (rules := ruleset(gate, curated[title])):
                glue.DataQualityRuleset(
                    f"{name}-{title}",
                    name=f"{args.context.name}-{title}",
                    description=f"The gates' rules for {title} of {args.context.name}",
                    ruleset=rules,
                    target_table={
                        "database_name": args.tables.database("curated"),
                        "table_name": args.tables.names["curated"][title],
                    },
                    tags=self.tags,
                    opts=self._child(depends_on=[args.tables]),
                )
        self.register_outputs({})


def ruleset(gate: Gate, curated: Table) -> str:
    """Write the rules of a gate in Glue's language, for the whole table in curated; empty where none can be.

    Args:
        gate: what is demanded of the table.
        curated: the table in curated.
    """
    there = curated.columns.keys() | curated.partitions.keys()
    rules = [*_of_table(gate, there)]
    for column, about in gate.rules.columns.items():
        if column in there:
            rules += _of_column(column, about)
    return f"Rules = [{', '.join(rules)}]" if rules else ""


def _of_table(gate: Gate, there: set[str]) -> Iterator[str]:
    rules = gate.rules
    if rules.rows:
        yield f"RowCount >= {rules.rows.at_least}"  # as many as one batch has, the table has
    batch = [rules.batch.column] if rules.batch and rules.batch.column not in rules.key else []
    key = [*rules.key, *batch]  # a key is unique in its batch
    masked = {each for each, about in rules.columns.items() if about.personal and about.personal.action == "mask"}
    if rules.key and there >= set(key) and not masked & set(key):
        yield f"IsPrimaryKey {' '.join(map(_name, key))}"


def _of_column(column: str, about: ColumnRules) -> Iterator[str]:
    name = _name(column)
    masked = about.personal is not None and about.personal.action == "mask"
    if about.required and not masked:
        yield f"IsComplete {name}"
    if about.missing_at_most is not None and not masked:
        yield f"Completeness {name} >= {round(1 - about.missing_at_most, 6)}"
    if about.personal and about.personal.action in ("mask", "tokenise"):
        return  # the values are no longer those that the rules speak of
    where = "" if about.required else f' where "{column} is not null"'
    # Glue's own `between` excludes both ends.
    for rule, bounds in (("ColumnValues", about.between), ("ColumnLength", about.length)):
        if bounds and all(map(is_number, bounds)):
            yield f"{rule} {name} >= {bounds[0]}{where}"
            yield f"{rule} {name} <= {bounds[1]}{where}"
    if about.mean_between:
        yield f"Mean {name} >= {about.mean_between[0]}"
        yield f"Mean {name} <= {about.mean_between[1]}"
    if about.one_of:
        yield f"ColumnValues {name} in [{', '.join(map(_value, about.one_of))}]{where}"
    if about.matches:
        yield f"ColumnValues {name} matches {_name(f'^(?:{about.matches})$')}{where}"


def _name(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _value(value: str | int) -> str:
    return str(value) if isinstance(value, int) else _name(value)
