"""Take a year of flights through ingest, the gates and features, in folders, as the jobs of a project do.

usage: data_way.py PROJECT LANDING FOLDER (run in the project's environment; FOLDER is emptied first)
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Run it once; print its seconds without imports, and its peak memory."""
    project, landing, folder = map(Path, sys.argv[1:])
    os.chdir(project)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(landing, folder / "raw/landing")

    from mlstead.catalog.table_definitions import read_tables
    from mlstead.ingestion.gate_definitions import read_gates
    from mlstead_jobs.gates.run import run_gates
    from mlstead_jobs.ingestion.run import ingest
    from mlstead_jobs.personal.tokens import Tokens
    from mlstead_jobs.zones import zone_of

    prepare = import_module("flight_delays.prepare").prepare
    tables = read_tables(Path("tables.toml"))
    rules = read_gates(landing.parent / "gates.toml", tables)
    raw, quarantine, curated = (zone_of(str(folder / zone)) for zone in ("raw", "quarantine", "curated"))
    started = time.perf_counter()
    taken = ingest(raw, quarantine, tables, rules, _nothing)
    judged = run_gates(raw, quarantine, curated, tables, rules, Tokens(b"0" * 32), None, _nothing)
    prepare(list(range(1, 13)), folder / "curated/flights", folder / "curated/weather", folder / "features")
    seconds = time.perf_counter() - started
    if taken.rows != judged.rows or judged.rows != judged.curated + judged.quarantined or not judged.curated:
        raise SystemExit(f"the books do not add up: {taken}; {judged}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": judged.rows, "quarantined": judged.quarantined, "seconds": seconds, "peak_mib": peak}))


def _nothing(_: str) -> None:
    return None


if __name__ == "__main__":
    main()
