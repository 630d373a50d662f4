"""Give the quarantined rows of a batch out for mending: raw's columns, and which row of which batch each one is.

`python -m mlstead_jobs.rows QUARANTINED.parquet --batch month=04 --content sha256:… --to rows.csv`; prints how many
rows there were.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from mlstead_jobs.ingestion.chunk import ROWS

FIRST = ("_batch", "_content", "_row", "_rules")


def write_rows(quarantined: Path, batch: str, content: str, to: Path) -> int:
    """Write the rows of a quarantine file, a chunk at a time, and give how many; the file appears once it is whole.

    Nobody else on the machine may read it: personal data is often what a row was kept back for.

    Args:
        quarantined: the Parquet file, with the columns _row and _rules.
        batch: the batch's folder, which goes into the column _batch.
        content: its manifest's `origin`, which goes into the column _content: rows of other content are not mended.
        to: the file to write; its name ends in .csv or .parquet.
    """
    source = pq.ParquetFile(quarantined)
    others = [name for name in source.schema_arrow.names if name not in FIRST]
    aside = to.with_name(f".{to.name}.new")
    fields = [source.schema_arrow.field(name) for name in ("_row", "_rules", *others)]
    schema = pa.schema([pa.field("_batch", pa.string()), pa.field("_content", pa.string()), *fields])
    rows = 0
    writing = pq.ParquetWriter if to.suffix == ".parquet" else pc.CSVWriter
    aside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept, \
                writing(kept, schema) as writer:
            for chunk in source.iter_batches(ROWS):
                said = [pa.array([each] * chunk.num_rows) for each in (batch, content)]
                named = [*said, *(chunk.column(field.name) for field in fields)]
                writer.write_batch(pa.record_batch(named, schema=schema))
                rows += chunk.num_rows
        aside.replace(to)
    finally:
        aside.unlink(missing_ok=True)
    return rows


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("quarantined", type=Path, help="the quarantine file, fetched")
    parser.add_argument("--batch", required=True, help="its batch, month=04")
    parser.add_argument("--content", required=True, help="what was delivered: the origin that its manifest gives")
    parser.add_argument("--to", required=True, type=Path, help="the file to write, .csv or .parquet")
    arguments = parser.parse_args()
    sys.stdout.write(f"{write_rows(arguments.quarantined, arguments.batch, arguments.content, arguments.to)}\n")


if __name__ == "__main__":
    main()
