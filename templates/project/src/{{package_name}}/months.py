"""Months are the batches of this project: how they are written in settings, and how they are laid out in the lake."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def parse_months(text: str) -> list[int]:
    """Read `1,2,3` as months.

    Raises:
        ValueError: something is not a month, or nothing is left.
    """
    months = []
    for part in text.split(","):
        if not part.strip().isdecimal() or not 1 <= int(part) <= 12:
            raise ValueError(f"{text!r} is not a list of months: write numbers from 1 to 12 with commas, 1,2,3.")
        months.append(int(part))
    return sorted(set(months))


def write_month(parts: Iterable["pd.DataFrame"], directory: Path, month: int) -> None:
    """Write one month's rows, part by part, as directory/month=01/part-0.parquet, replacing what was there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = directory / f"month={month:02d}" / "part-0.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = iter(parts)
    first = pa.Table.from_pandas(next(parts), preserve_index=False)
    with pq.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for part in parts:
            writer.write_table(pa.Table.from_pandas(part, schema=first.schema, preserve_index=False))


def read_months(directory: Path, months: Iterable[int]) -> "pd.DataFrame":
    """Read the rows of some months, each a folder month=01 of Parquet files.

    Raises:
        FileNotFoundError: a month is not there.
    """
    import pandas as pd

    files = [file for month in months for file in month_files(directory, month)]
    return pd.concat([pd.read_parquet(file, partitioning=None) for file in files], ignore_index=True)


def month_files(directory: Path, month: int) -> list[Path]:
    """Give the Parquet files of a month, directory/month=01/*.parquet.

    Raises:
        FileNotFoundError: the month is not there.
    """
    path = directory / f"month={month:02d}"
    if not path.is_dir():
        raise FileNotFoundError(f"Month {month} is not in {directory}.")
    return sorted(path.glob("*.parquet"))
