"""Reviewed files of these tests: places, with * for any characters, and the reason why what is found there stays."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def read(name: str, table: str) -> list[dict[str, Any]]:
    """Give the entries of a file, each with a reason that says something."""
    entries = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))[table]
    assert all(len(entry["reason"]) >= 12 and entry["places"] for entry in entries)
    return entries


def covered(entry: dict[str, Any], place: str) -> bool:
    return any(fnmatchcase(place, pattern) for pattern in entry["places"])


def said(first: str, lines: Iterable[str]) -> str:
    return "\n".join([first, *sorted(lines)])
