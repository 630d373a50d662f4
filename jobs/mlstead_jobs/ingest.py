"""Ingest as a processing job: `python -m mlstead_jobs.ingest --tables tables.toml --rules gates.toml --raw s3://…`."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_jobs.container import run
from mlstead_jobs.lease import SECONDS
from mlstead_jobs.zones import zone_of

logger = logging.getLogger(__name__)


def main() -> None:
    """Take in what was delivered; what cannot be read is refused, and no reason to fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", required=True, type=Path, help="what describes the tables, tables.toml")
    parser.add_argument("--rules", required=True, type=Path, help="what says how they are split, gates.toml")
    parser.add_argument("--raw", required=True, help="the project's part of raw, s3://bucket/project")
    parser.add_argument("--quarantine", required=True, help="the project's part of quarantine")
    parser.add_argument("--lease-seconds", type=float, default=SECONDS,
                        help="after how long without a word another run takes over")
    arguments = parser.parse_args()
    run(lambda: _ingest(arguments), tells=MlsteadError)


def _ingest(arguments: argparse.Namespace) -> None:
    from mlstead.catalog.table_definitions import read_tables
    from mlstead.ingestion.gate_definitions import read_gates
    from mlstead_jobs.ingestion.run import ingest

    tables = read_tables(arguments.tables)
    done = ingest(zone_of(arguments.raw), zone_of(arguments.quarantine), tables, read_gates(arguments.rules, tables),
                  logger.info, arguments.lease_seconds)
    logger.info("%s", done)


if __name__ == "__main__":
    main()
