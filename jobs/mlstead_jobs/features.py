"""Keeps personal data out of features, unless gates.toml lets a column in and says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mlstead.catalog.table_definitions import Tables, read_tables
from mlstead.errors import MlsteadError
from mlstead.ingestion.gate_definitions import read_gates


class PersonalFeature(MlsteadError):
    """A feature is personal data, and nothing admits it."""


def check_features(columns: Iterable[str], tables_path: str | Path, gates_path: str | Path) -> Mapping[str, str]:
    """Refuse features that are tagged pii in raw or curated; a token is personal data too: it stands for one person.

    Args:
        columns: the names of the features, as they are called in raw or curated.
        tables_path: tables.toml.
        gates_path: gates.toml.

    Returns:
        The columns that are admitted in spite of it, and why: for the log.

    Raises:
        PersonalFeature: names each column, where it is tagged, and what to write.
        Refusal: one of the files is missing or wrong.
    """
    tables = read_tables(tables_path)
    admitted = read_gates(gates_path, tables).admitted
    tagged = {column: places for column in dict.fromkeys(columns) if (places := _tagged(column, tables))}
    if refused := [column for column in tagged if column not in admitted]:
        raise PersonalFeature(
            "\n".join(f"{column} would be a feature, but is tagged pii in {' and '.join(tagged[column])}."
                      for column in refused),
            where=str(Path(tables_path).resolve()),
            fix=f"leave {', '.join(refused)} out; or say in {Path(gates_path).name} why not: [features] admitted = {{ "
                + ", ".join(f'{column} = "the reason"' for column in refused) + " }",
        )
    return {column: admitted[column] for column in tagged}


def _tagged(column: str, tables: Tables) -> list[str]:
    return [
        f"[{zone}.{name}]" for zone in ("raw", "curated") for name, table in tables.get(zone, {}).items()
        if column in table.columns and (table.columns[column].sensitivity or table.sensitivity) == "pii"
    ]
