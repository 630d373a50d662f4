"""The gates of a project as its gates.toml describes them, held against the tables of tables.toml."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mlstead.catalog.table_definitions import Tables
from mlstead.ingestion.gate_checks import (
    check_admitted,
    check_folders,
    check_partitions,
    check_table,
    file_columns,
)
from mlstead.ingestion.gate_rules import (
    Batch,
    ColumnRules,
    Features,
    Fresh,
    Name,
    Relation,
    Rows,
    TableRules,
)
from mlstead.refusal import Refusal
from mlstead.reviewed_file import Part, guess, read_toml, refusal

_ROW_RULES = ("required", "matches", "one_of", "between", "length")
_BATCH_RULES = ("missing_at_most", "mean_between")
_RULES: TypeAdapter[dict[str, TableRules]] = TypeAdapter(dict[Name, TableRules])


@dataclass(frozen=True)
class Gate:
    """What stands between a table's raw and its curated batches.

    Args:
        table: the table's name.
        columns: the columns of raw's files, in order, and their types as Glue writes them.
        rules: what is demanded.
    """

    table: str
    columns: Mapping[str, str]
    rules: TableRules

    @property
    def sha256(self) -> str:
        """Give the digest of what is demanded of this table; other tables' rules do not change it."""
        said = self.rules.model_dump(exclude_defaults=True, warnings=False), list(self.columns.items())
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()

    @property
    def personal_sha256(self) -> str:
        """Give the digest of what becomes of personal data."""
        said = {name: about.personal.action for name, about in self.rules.columns.items() if about.personal}
        kinds = {name: about.kind for name, about in self.rules.columns.items() if about.kind}
        return hashlib.sha256(json.dumps([said, kinds], sort_keys=True).encode()).hexdigest()

    def rule_ids(self) -> list[str]:
        """Give the rules that a release can waive, as reports name them: rows, between:distance, relation:weather."""
        rules = self.rules
        found = ["shrunk", *(name for name in ("key", "rows") if getattr(rules, name))]
        found += [f"fresh:{rules.fresh.column}"] if rules.fresh else []
        found += [f"relation:{table}" for table in rules.relations]
        return found + [
            f"{rule}:{column}" for column, about in rules.columns.items() for rule in (*_ROW_RULES, *_BATCH_RULES)
            if getattr(about, rule) not in (None, False)
        ]


@dataclass(frozen=True)
class GateDefinitions:
    """The gates of a project.

    Args:
        gates: table → gate, of every table in raw; a table comes after those that it relates to.
        admitted: columns tagged pii that may be features after all → the reason.
    """

    gates: Mapping[str, Gate]
    admitted: Mapping[str, str]

    def tokenises(self) -> bool:
        """Say whether any column is tokenised."""
        return any(column.personal is not None and column.personal.action == "tokenise"
                   for gate in self.gates.values() for column in gate.rules.columns.values())


def read_gates(path: str | Path, tables: Tables) -> GateDefinitions:
    """Read gates.toml.

    Args:
        path: the file.
        tables: what tables.toml describes.

    Raises:
        Refusal: there is no such file, or something in it is wrong; names the file, the place, and what to write.
    """
    file = Path(path).resolve()
    said = read_toml(file, "There is no description of gates.",
                     "write what is demanded of each table: [flights], key = […]; an empty file demands nothing")
    raw = tables.get("raw", {})
    _refuse_unknown_tables([name for name in said if name != "features"], raw, file)
    try:
        rules = _RULES.validate_python({name: about for name, about in said.items() if name != "features"})
        features = Features.model_validate(said.get("features", {}))
    except ValidationError as error:
        inside = ("features",) if error.title == "Features" else ()
        raise refusal(file, ({**problem, "loc": (*inside, *problem["loc"])} for problem in error.errors()),
                      lambda place: _model(place).model_fields) from None
    gates = {
        name: Gate(name, file_columns(table, rules.get(name, TableRules())), rules.get(name, TableRules()))
        for name, table in raw.items()
    }
    check_folders(tables, file)
    for name, gate in gates.items():
        check_table(name, gate.rules, {each: other.rules for each, other in gates.items()}, tables, file)
        check_partitions(name, gate.rules.batch, tables, file)
    check_admitted(features.admitted, tables, file)
    return GateDefinitions({name: gates[name] for name in _in_order(gates, file)}, features.admitted)


def _in_order(gates: Mapping[str, Gate], file: Path) -> list[str]:
    try:
        return list(TopologicalSorter({name: sorted(gate.rules.relations) for name, gate in gates.items()}
                                      ).static_order())
    except CycleError as error:
        around = " → ".join(error.args[1][::-1])
        raise Refusal(f"Relations lead back to where they began: {around}.", where=str(file),
                      fix="take one of them out: a table waits for those that it relates to") from None


def _refuse_unknown_tables(names: list[str], known: Mapping[str, Any], file: Path) -> None:
    for name in names:
        if name not in known:
            raise Refusal(f"[{name}] is no table of raw.{guess(name, [*known, 'features'])}", where=str(file),
                          fix=f"tables.toml describes {', '.join(f'[raw.{each}]' for each in known) or 'none'}")


def _model(inside: list[str]) -> type[Part]:
    """Give the part that a place holds: table, table.rows, table.columns.name, table.relations.name."""
    match inside:
        case ["features"]:
            return Features
        case [_, "columns", *_]:
            return ColumnRules
        case [_, "relations", *_]:
            return Relation
        case [_, name]:
            parts: dict[str, type[Part]] = {"batch": Batch, "rows": Rows, "fresh": Fresh}
            return parts[name]
    return TableRules
