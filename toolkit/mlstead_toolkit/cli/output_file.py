"""The file that `--output` names: refused before the work where it could not be written after it, and written whole."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from mlstead.errors import MlsteadError


def refuse_place(file: Path) -> None:
    """Refuse, before the work, a file that could not be written after it."""
    if not file.absolute().parent.is_dir():
        raise MlsteadError("The folder of the file is not there.", where=str(file), fix=f"mkdir -p {file.parent}")
    if file.is_dir():
        raise MlsteadError("That is a folder, not a file.", where=str(file), fix=f"--output {file / 'review.md'}")


def write(file: Path, text: str) -> None:
    """Write a file so that a reader meets the old content or the new one."""
    aside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(file)
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
