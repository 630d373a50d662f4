"""Which modules the programs of an interpreter imported last: its next process imports them while nobody waits."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from mlstead_toolkit.engine.stack_store import replace_file

_FIRST = ("pulumi_aws", "mlstead")


def known(home: Path, python: Path) -> list[str]:
    """Give the modules to import; a memory that is missing or damaged costs time, nothing else."""
    with contextlib.suppress(OSError, ValueError):
        names = json.loads(_file(home, python).read_text(encoding="utf-8"))
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return [*_FIRST, *(name for name in names if name not in _FIRST)]
    return list(_FIRST)


def remember(home: Path, python: Path, names: Sequence[str]) -> None:
    """Keep what was imported."""
    if names and set(names) - set(known(home, python)):
        with contextlib.suppress(OSError):
            replace_file(_file(home, python), json.dumps(names).encode(), durable=False)


def _file(home: Path, python: Path) -> Path:
    return home / "modules" / f"{hashlib.sha256(str(python).encode()).hexdigest()[:16]}.json"
