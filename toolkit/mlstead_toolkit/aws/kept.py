"""What was found out once and holds for long, kept beside the states: a file of each kind, named after its source."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from mlstead_toolkit.home import home_directory


def load(kind: str, source: str) -> Any:
    """Give what is kept of a kind ("limits"); None where nothing is, or only of another source."""
    try:
        return json.loads(_path(kind, source).read_text())
    except (OSError, ValueError):
        return None


def store(kind: str, source: str, content: object) -> None:
    """Keep something in place of what was kept of its kind; a disk that does not take it only costs time."""
    path = _path(kind, source)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(content))
        for older in path.parent.glob(f"aws-{kind}-*.json"):
            older.unlink(missing_ok=True)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)


def _path(kind: str, source: str) -> Path:
    return home_directory() / "cache" / f"aws-{kind}-{hashlib.sha256(source.encode()).hexdigest()[:16]}.json"
