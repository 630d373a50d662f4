"""Read and write the same Parquet as data_way.py, by the same library, with no gates, through the same four places.

usage: data_floor.py LANDING FOLDER (run in the project's environment; FOLDER is emptied first)
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from pathlib import Path

import pandas as pd

FEATURES = ["carrier", "origin", "dest", "sched_dep_time", "sched_arr_time", "day", "distance", "late"]


def main() -> None:
    """Run it once; print its seconds without imports, and its peak memory."""
    landing, folder = map(Path, sys.argv[1:])
    shutil.rmtree(folder, ignore_errors=True)
    for zone in ("raw", "curated", "features"):
        (folder / zone).mkdir(parents=True)
    started = time.perf_counter()
    rows = 0
    for month in range(1, 13):
        for table in ("weather", "flights"):
            name = f"{table}-{month:02d}.parquet"
            frame = pd.read_parquet(landing / table / name)
            frame.to_parquet(folder / "raw" / name, index=False)
            frame = pd.read_parquet(folder / "raw" / name)
            frame.to_parquet(folder / "curated" / name, index=False)
            rows += len(frame)
        weather = pd.read_parquet(folder / "curated" / f"weather-{month:02d}.parquet")
        flights = pd.read_parquet(folder / "curated" / f"flights-{month:02d}.parquet")
        joined = flights.assign(late=flights["arr_delay"] > 15).merge(
            weather.drop(columns=["year", "month", "day", "hour"]), on=["origin", "time_hour"], how="left")
        joined[[*FEATURES, *weather.columns[5:-1]]].to_parquet(
            folder / "features" / f"flights-{month:02d}.parquet", index=False)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main()
