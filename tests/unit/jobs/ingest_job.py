"""A month to deliver, and ingestion as a process of its own, which may be made to die at a write."""

from __future__ import annotations

import os
import subprocess
import sys

HEADER = "month,carrier,delay,distance,at\n"
JANUARY = HEADER + "1,UA,2.5,1400,2013-01-01T10:00:00Z\n1,AA,,1089,2013-01-02T11:00:00Z\n"


def job(lake, *more: str, before: str = "") -> subprocess.Popen[str]:
    """Start the job in a process of its own, as a processing job runs it; `before` is code that it runs first."""
    (lake.folder / "tables.toml").write_text(lake.tables)
    (lake.folder / "gates.toml").write_text(lake.gates)
    code = f"import sys\n{before}\nfrom mlstead_jobs.ingest import main\nmain()"
    arguments = ["--tables", "tables.toml", "--rules", "gates.toml", "--raw", lake.raw.uri(), "--quarantine",
                 lake.quarantine.uri(), *more]
    environment = os.environ | {"SAGEMAKER_BASE_DIR": str(lake.folder / "opt")}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=lake.folder, env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


KILLED = """
import os, signal
from mlstead_jobs.folder_zone import FolderZone
write = FolderZone.write
def dies(self, key, body, **how):
    if {point!r} in key:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(self, key, body, **how)
FolderZone.write = dies
"""
