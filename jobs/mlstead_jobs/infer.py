"""Infer a table's description and first rules: `python -m mlstead_jobs.infer PATH --table orders [--batch month]`.

Prints JSON: `tables`, for tables.toml, and `gates`, for gates.toml. `mlstead data infer` appends them.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlstead.errors import MlsteadError

if TYPE_CHECKING:
    import pandas as pd

    from mlstead.ingestion.gate_rules import Kind
    from mlstead_jobs.inference.columns import ColumnSample
    from mlstead_jobs.personal.detector import Detector

LOOKED_AT = 1000  # different values of a column
_READABLE = "name a .csv, .csv.gz or .parquet file with a line of names and rows below it, or a folder of them"


def infer(path: Path, table: str, batch: str | None = None) -> dict[str, str]:
    """Describe a CSV or Parquet file, or a folder of them.

    Args:
        path: the file or folder.
        table: what to call its table.
        batch: the column that splits it into batches, of dates or times by the month; None: guessed.

    Raises:
        MlsteadError: it cannot be read, or the name or the column is none.
    """
    from mlstead.catalog.column_type import NAME
    from mlstead.reviewed_file import guess
    from mlstead_jobs.inference.columns import column_sample
    from mlstead_jobs.inference.definitions import batch_by, gates_text, guess_batch, tables_text
    from mlstead_jobs.inference.sample import sample
    from mlstead_jobs.ingestion.chunk import Unreadable
    from mlstead_jobs.personal.detector import Detector

    if not NAME.fullmatch(table):
        raise MlsteadError(f"{table!r} is no name of a table.", where="--table",
                           fix="begin with a small letter; small letters, digits and _ are allowed")
    try:
        rows, count, lines = sample(path)
    except Unreadable as error:
        raise MlsteadError(error.what, where=error.where or str(path), fix=error.fix or _READABLE) from None
    detector = Detector()
    columns = {name: _judged(column_sample(name, rows[name].combine_chunks()), detector) for name in rows.column_names}
    if batch and batch not in columns:
        raise MlsteadError(f"{path.name} has no column {batch}.{guess(batch, columns)}", where="--batch",
                           fix=f"the columns are {', '.join(columns)}")
    if batch and columns[batch].missing == 1:
        raise MlsteadError(f"{batch} has no values.", where="--batch", fix="choose a column that has some")
    if batch and not columns[batch].is_told:
        raise MlsteadError(f"{batch} looks personal, and folders would be called by it.", where="--batch",
                           fix="choose a column that is not personal")
    if batch and columns[batch].type == "string" and len(columns[batch].distinct()) > LOOKED_AT:
        raise MlsteadError(f"{batch} has more than {LOOKED_AT:,} different texts, and each would be a batch.",
                           where="--batch", fix="choose a column of dates or one with few values")
    by = batch_by(batch, columns) if batch else guess_batch(columns)
    all_rows = count == rows.num_rows
    seen = f"{path.name}: {count:,} rows" + ("" if all_rows else f", of which {rows.num_rows:,} were looked at")
    left_out = f"; no rows: {lines:,} of its lines, which go to quarantine when they are ingested" if lines else ""
    return {"tables": tables_text(table, columns, by, seen),
            "gates": gates_text(table, columns, by, seen + left_out, all_rows=all_rows)}


def _judged(column: ColumnSample, detector: Detector) -> ColumnSample:
    """Say what personal data a column holds; whole numbers that are somebody's become text, as what replaces them."""
    from mlstead_jobs.personal.census_names import is_name
    from mlstead_jobs.personal.guess import looks_personal

    cells = column.cells.to_pandas().rename(column.name)
    if kind := looks_personal(cells, detector):
        if column.is_whole:
            return dataclasses.replace(column, type="string", cells=column.cells.cast("string"), personal=kind)
        return dataclasses.replace(column, personal=kind)
    texts = column.distinct()[:LOOKED_AT] if column.type == "string" else []
    names = 2 * sum(map(is_name, texts)) >= len(texts) > 0
    return dataclasses.replace(column, holds=_kinds(cells, detector), names=names)


def _kinds(cells: pd.Series[Any], detector: Detector) -> tuple[Kind, ...]:
    """Give the kinds of personal data that some cells hold: those values are written nowhere."""
    try:
        different = cells.dropna().drop_duplicates()
    except TypeError:  # lists
        different = cells.dropna()
    found = detector.scan(different.head(LOOKED_AT))
    return tuple(sorted({span.kind for spans in found.values() for span in spans}))


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="a CSV or Parquet file, or a folder of them")
    parser.add_argument("--table", required=True, help="what to call its table")
    parser.add_argument("--batch", help="the column that splits it into batches; of dates or times, by the month")
    arguments = parser.parse_args()
    try:
        sys.stdout.write(json.dumps(infer(arguments.path, arguments.table, arguments.batch)))
    except MlsteadError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
