"""Infer a table's description and first rules: `python -m mlstead_jobs.infer PATH --table orders [--batch month]`.

Prints JSON: `tables`, for tables.toml, and `gates`, for gates.toml. `mlstead data infer` appends them.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from mlstead.errors import MlsteadError


def infer(path: Path, table: str, batch: str | None = None) -> dict[str, str]:
    """Describe a CSV or Parquet file, or a folder of them.

    Args:
        path: the file or folder.
        table: what to call its table.
        batch: the column that splits it into batches; None: guessed.

    Raises:
        MlsteadError: it cannot be read, or the name or the column is none.
    """
    from mlstead.catalog.column_type import NAME
    from mlstead.ingestion.gate_rules import guess
    from mlstead_jobs.inference.columns import column_sample
    from mlstead_jobs.inference.definitions import batch_by, gates_text, guess_batch, tables_text
    from mlstead_jobs.inference.sample import sample
    from mlstead_jobs.personal.detector import Detector
    from mlstead_jobs.personal.guess import looks_personal

    if not NAME.fullmatch(table):
        raise MlsteadError(f"{table!r} is no name of a table.", where="--table",
                           fix="begin with a small letter; small letters, digits and _ are allowed")
    rows, count = sample(path)
    detector = Detector()
    columns = {}
    for name in rows.column_names:
        column = column_sample(name, rows[name].combine_chunks())
        kind = looks_personal(column.cells.to_pandas().rename(name), detector)
        columns[name] = dataclasses.replace(column, personal=kind)
    if batch and batch not in columns:
        raise MlsteadError(f"{path.name} has no column {batch}.{guess(batch, columns)}", where="--batch",
                           fix=f"the columns are {', '.join(columns)}")
    by = batch_by(batch, columns) if batch else guess_batch(columns)
    all_rows = count == rows.num_rows
    seen = f"{path.name}: {count:,} rows" + ("" if all_rows else f", of which {rows.num_rows:,} were looked at")
    return {"tables": tables_text(table, columns, by, seen),
            "gates": gates_text(table, columns, by, seen, all_rows=all_rows)}


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="a CSV or Parquet file, or a folder of them")
    parser.add_argument("--table", required=True, help="what to call its table")
    parser.add_argument("--batch", help="the column that splits it into batches")
    arguments = parser.parse_args()
    try:
        sys.stdout.write(json.dumps(infer(arguments.path, arguments.table, arguments.batch)))
    except MlsteadError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
