"""A delivered file as a stream of chunks, so that its size does not matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from mlstead_jobs.ingestion.chunk import Chunk, OpenFile, Unreadable
from mlstead_jobs.ingestion.csv_file import open_csv
from mlstead_jobs.ingestion.parquet_file import open_parquet


def _called(name: str) -> str:
    """Give a name that Glue and Athena take: small letters, digits and _, a letter first."""
    if name.startswith("_"):
        return name
    plain = re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
    return plain if plain[:1].isalpha() else f"column_{plain}".rstrip("_")


def _renamed(chunk: Chunk, names: list[str]) -> Chunk:
    return replace(chunk, columns=dict(zip(names, chunk.columns.values(), strict=True)))


@contextmanager
def open_table(file: Path) -> Iterator[OpenFile]:
    """Open a CSV or Parquet file; its columns are called as in tables.toml: Customer ID is customer_id.

    Raises:
        Unreadable: it is neither, or broken, when it is opened or further on while its chunks are read.
    """
    name = file.name.lower()
    if not name.endswith((".csv", ".csv.gz", ".parquet")):
        raise Unreadable(f"{file.name} is neither .csv, .csv.gz nor .parquet.")
    if not file.stat().st_size:
        raise Unreadable("The file is empty.")
    try:
        with (open_parquet if name.endswith(".parquet") else open_csv)(file) as table:
            names = [_called(name) for name in table.schema.names]
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise Unreadable(f"More than one column is called {', '.join(twice)}.")
            schema = pa.schema([field.with_name(name) for field, name in zip(table.schema, names, strict=True)])
            yield OpenFile(schema, (_renamed(chunk, names) for chunk in table.chunks))
    except UnicodeDecodeError:
        raise Unreadable("The names of the columns are not UTF-8.") from None
    except (pa.ArrowException, OSError, EOFError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # this machine's disk, not the file
        raise Unreadable(f"The file is broken: {(str(error).splitlines() or ['it ends too soon'])[0]}") from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        # One file that nobody foresaw does not keep all others out. The text of the error may hold its cells.
        raise Unreadable(f"Something in it cannot be read ({type(error).__name__}).") from error
