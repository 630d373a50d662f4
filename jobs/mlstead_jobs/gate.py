"""The gates as a processing job: `python -m mlstead_jobs.gate --tables tables.toml --rules gates.toml --raw s3://…`."""

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
    """Judge what was ingested; what fails is quarantined, and no reason to fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", required=True, type=Path, help="what describes the tables, tables.toml")
    parser.add_argument("--rules", required=True, type=Path, help="what is demanded of them, gates.toml")
    parser.add_argument("--raw", required=True, help="the project's part of raw, s3://bucket/project")
    parser.add_argument("--quarantine", required=True, help="the project's part of quarantine")
    parser.add_argument("--curated", required=True, help="the project's part of curated")
    parser.add_argument("--token-key", help="ARN of the KMS key that tokens are made under")
    parser.add_argument("--table", help="the one table to judge")
    parser.add_argument("--batch", help="the one batch of it to judge: month=04")
    parser.add_argument("--lease-seconds", type=float, default=SECONDS,
                        help="after how long without a word another run takes over")
    arguments = parser.parse_args()
    if arguments.batch and not arguments.table:
        parser.error("--batch needs --table")
    run(lambda: _gate(arguments), tells=MlsteadError)


def _gate(arguments: argparse.Namespace) -> None:
    from mlstead.catalog.table_definitions import read_tables
    from mlstead.ingestion.gate_definitions import read_gates
    from mlstead_jobs.gates.run import run_gates
    from mlstead_jobs.personal.tokens import derived

    tables = read_tables(arguments.tables)
    rules = read_gates(arguments.rules, tables)
    project = arguments.raw.rstrip("/").rpartition("/")[2]
    tokens = derived(arguments.token_key, project) if arguments.token_key and rules.tokenises() else None
    only = (arguments.table, arguments.batch) if arguments.table else None
    done = run_gates(zone_of(arguments.raw), zone_of(arguments.quarantine), zone_of(arguments.curated), tables, rules,
                     tokens, only, logger.info, arguments.lease_seconds)
    logger.info("%s", done)


if __name__ == "__main__":
    main()
