"""Runs ingestion and the gates again and again, each time in a process of its own that may be killed.

Reads a line of JSON for each run, {"zones": [RAW, QUARANTINE, CURATED], "tables": …, "rules": …, "kill": MOMENT or
null, "after": SECONDS or null}, and prints one, {"signal": …, "code": …, "moments": …, "seconds": …}. A moment is just
before or just after something is written: a row group, an object, and between an object's content and its name. The
runs are forks of this process, which has imported everything and done nothing, so that none costs a second of imports.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mlstead.catalog.table_definitions import read_tables
from mlstead.ingestion.gate_definitions import read_gates
from mlstead_jobs.bucket_zone import BucketZone
from mlstead_jobs.folder_zone import FolderZone
from mlstead_jobs.gates import raw_file
from mlstead_jobs.gates.run import run_gates
from mlstead_jobs.ingestion import batch_file
from mlstead_jobs.ingestion.run import ingest
from mlstead_jobs.personal.tokens import Tokens
from mlstead_jobs.zones import zone_of


class Moments:
    """Counts the moments of a run, and ends the process at one of them."""

    def __init__(self, kill: int | None) -> None:
        self.count, self._kill, self._main = 0, kill, threading.get_ident()

    def pass_by(self) -> None:
        if threading.get_ident() != self._main:
            return  # the lease is renewed whenever it is
        if self.count == self._kill:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1

    def around(self, owner: Any, name: str) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def watched(*args: Any, **kwargs: Any) -> Any:
            self.pass_by()
            result = original(*args, **kwargs)
            self.pass_by()
            return result

        setattr(owner, name, watched)


def run(job: dict[str, Any]) -> int:
    moments = Moments(job["kill"])
    for zone in (FolderZone, BucketZone):
        moments.around(zone, "write")
        moments.around(zone, "upload")
    moments.around(Path, "replace")
    moments.around(pq.ParquetWriter, "write_table")
    raw_file.ROWS = batch_file.ROWS = 400
    tables = read_tables(job["tables"])
    rules = read_gates(job["rules"], tables)
    raw, quarantine, curated = map(zone_of, job["zones"])
    ingest(raw, quarantine, tables, rules, lambda _: None, 1)
    run_gates(raw, quarantine, curated, tables, rules, Tokens(b"0" * 32), None, lambda _: None, 1)
    return moments.count


def forked(job: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if not child:
        try:
            os.write(writing, str(run(job)).encode())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writing)
    if job.get("after") is not None:
        time.sleep(job["after"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    told = os.read(reading, 20)
    os.close(reading)
    return {"signal": os.WTERMSIG(status), "code": os.WEXITSTATUS(status), "moments": int(told or 0),
            "seconds": time.monotonic() - began}


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(forked(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
