"""A CSV file as a stream of chunks: UTF-8 or nearly, with a header, its columns between commas, semicolons, tabs or |.

Everything is read as bytes, so that no cell is lost to a guess of its type. A line with too few or too many cells
keeps its place among the rows, with nothing in its cells and the text beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from mlstead_jobs.ingestion.cells import MISSING
from mlstead_jobs.ingestion.chunk import Chunk, OpenFile, Unreadable

_BLOCK = 1 << 20  # bytes; a line must fit in, and Arrow reads some 30 ahead


@contextmanager
def open_csv(file: Path) -> Iterator[OpenFile]:
    """Open a CSV file, compressed with gzip or not; what is wrong with it is raised as Arrow says it."""
    delimiter = _delimiter(file)
    with _reader(file, delimiter, {}, lambda _: "skip") as first:
        names = first.schema.names
    malformed: list[pc.InvalidRow] = []

    def keep(row: pc.InvalidRow) -> str:
        malformed.append(row)
        return "skip"

    with _reader(file, delimiter, dict.fromkeys(names, pa.binary()), keep) as reader:
        yield OpenFile(reader.schema, _closed(file, _chunks(reader, malformed)))


def _content(file: Path) -> pa.NativeFile:
    return pa.input_stream(file, compression="gzip" if file.name.lower().endswith(".gz") else None)


def _reader(file: Path, delimiter: str, types: dict[str, pa.DataType], handler: object) -> pc.CSVStreamingReader:
    return pc.open_csv(
        _content(file),
        # Rows have numbers only where they are read one block after the other.
        read_options=pc.ReadOptions(use_threads=False, block_size=_BLOCK),
        parse_options=pc.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=handler),
        convert_options=pc.ConvertOptions(
            column_types=types, null_values=list(MISSING), strings_can_be_null=True, quoted_strings_can_be_null=False,
        ),
    )


def _delimiter(file: Path) -> str:
    """Give what stands between the header's names: what there is most of, a comma if nothing."""
    with _content(file) as content:
        header = content.read(65_536).partition(b"\n")[0]
    return max(",;\t|", key=lambda each: header.count(each.encode()))


def _chunks(reader: pc.CSVStreamingReader, malformed: list[pc.InvalidRow]) -> Iterator[Chunk]:
    number = 2  # of the next line that is a row; the first is the header
    for batch in reader:
        if batch.num_rows:
            places, lines, number = _places(batch.num_rows, malformed, number)
            yield _chunk(batch, places, lines)
    if malformed:  # after the last row
        lines = {place: row.text for place, row in enumerate(malformed)}
        yield Chunk({field.name: pa.nulls(len(lines), field.type) for field in reader.schema}, len(lines), lines)
        malformed.clear()


def _closed(file: Path, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Refuse a file that ends within quotes: Arrow takes all lines after the opening quote for one cell."""
    chunk = None
    for chunk in chunks:
        yield chunk
    if chunk and (chunk.rows - 1 in chunk.lines
                  or any(b"\n" in (cells[-1].as_py() or b"") for cells in chunk.columns.values())):
        with _content(file) as content:
            quotes = sum(block.count(b'"') for block in iter(lambda: content.read(_BLOCK), b""))
        if quotes % 2:
            raise Unreadable("A quote is opened and never closed: the file was cut off, or a quote stands alone.")


def _places(rows: int, malformed: list[pc.InvalidRow], number: int) -> tuple[list[int], dict[int, str], int]:
    """Put malformed lines among a block's rows, where they stood.

    Returns:
        The place of each malformed line among the block's own rows, its text by its place among all, the next number.
    """
    before: list[int] = []
    lines: dict[int, str] = {}
    while malformed and malformed[0].number < number + rows + len(before):
        row = malformed.pop(0)
        lines[row.number - number] = row.text
        before.append(row.number - number - len(before))
    return before, lines, number + rows + len(before)


def _chunk(batch: pa.RecordBatch, before: list[int], lines: dict[int, str]) -> Chunk:
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    if before:
        take = np.insert(np.arange(batch.num_rows, dtype=np.float64), before, np.nan)
        indices = pa.array(take, from_pandas=True).cast(pa.int64())
        columns = {name: cells.take(indices) for name, cells in columns.items()}
    return Chunk(columns, batch.num_rows + len(before), lines)
