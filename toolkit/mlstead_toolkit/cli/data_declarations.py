"""What a project declares of its data, as far as its commands must know: tables.toml, and the rules in gates.toml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlstead.catalog.table_definitions import read_tables
from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.data_folders import folders
from mlstead_toolkit.project import Project, did_you_mean

TABLES, RULES = "tables.toml", "gates.toml"


class DataError(MlsteadError):
    """Data cannot be delivered, found or let pass as it was asked for."""


@dataclass(frozen=True)
class Declarations:
    """What is declared.

    Args:
        tables: those that can be delivered.
        relations: by table, the tables that each of its batches needs beside it, and whether these have batches, too.
        rules: by table, the digest of its rules, as a report names it.
        folders: by table, what the names of its batches are like.
    """

    tables: tuple[str, ...]
    relations: dict[str, dict[str, bool]]
    rules: dict[str, str]
    folders: dict[str, str]

    def require(self, table: str) -> str:
        """Give the table back, or say which there are."""
        if table in self.tables:
            return table
        raise DataError(
            f"{table!r} is no table of the raw zone{did_you_mean(table, self.tables)}.", where=TABLES,
            fix=f"one of {_listed(self.tables)}; a new one starts with: mlstead data infer FILE --table {table}")


def declarations(project: Project) -> Declarations:
    """Read the project's two files, as the jobs do.

    Raises:
        Refusal: one is missing, or something in it is wrong.
    """
    from mlstead.ingestion.gate_definitions import read_gates

    gates = read_gates(project.root / RULES, read_tables(project.root / TABLES)).gates
    relations = {table: {other: gates[other].rules.batch is not None for other in gate.rules.relations}
                 for table, gate in gates.items()}
    return Declarations(tuple(gates), relations, {table: gate.sha256 for table, gate in gates.items()},
                        {table: folders(gate) for table, gate in gates.items()})


def raw_tables(project: Project) -> tuple[str, ...]:
    """Name the tables of raw that tables.toml describes."""
    return tuple(read_tables(project.root / TABLES).get("raw", {}))


def package(project: Project) -> str:
    """Name the project's own Python package: the one below src/.

    Raises:
        DataError: there is none, or more than one.
    """
    found = sorted(path.parent.name for path in (project.root / "src").glob("*/__init__.py"))
    if len(found) != 1:
        raise DataError(f"The project has {_listed(found) if found else 'no package'} below src/; one is expected.",
                        where=str(project.root / "src"), fix="name a file: mlstead data ingest ENV PATH --table TABLE")
    return found[0]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
