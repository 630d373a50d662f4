"""A reviewed file of a project, tables.toml or gates.toml: read, and what is wrong in it put into words."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from mlstead.refusal import Refusal

Keys = Callable[[list[str]], Iterable[str]]
"""Gives the keys that a place takes, from the names that lead to it."""


class Part(BaseModel):
    """A part of such a file: nothing in it is unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_toml(file: Path, missing: str, fix: str) -> dict[str, Any]:
    """Read the file.

    Args:
        file: where it is.
        missing: what to say where there is none.
        fix: what to write then.

    Raises:
        Refusal: there is no such file, or it is no TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refusal(missing, where=str(file), fix=fix) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"This is no TOML: {error}.", where=str(file), fix="correct that line") from None


def refusal(file: Path, problems: Iterable[Mapping[str, Any]], keys: Keys) -> Refusal:
    """Say all that pydantic has found wrong, each place with what to write there."""
    told = dict(_explain(problem, keys) for problem in problems)
    return Refusal("\n".join(told), where=str(file), fix="; ".join(dict.fromkeys(told.values())))


def guess(word: str, known: Iterable[str]) -> str:
    """Give what was probably meant, as a sentence to append; nothing where nothing is close."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _explain(problem: Mapping[str, Any], keys: Keys) -> tuple[str, str]:
    *inside, last = [str(part) for part in problem["loc"] if part != "[key]"]
    place, whole, given = f"[{'.'.join(inside)}]", f"[{'.'.join([*inside, last])}]", problem["input"]
    if problem["loc"][-1] == "[key]":
        return f"{place} {last} is no name.", "begin with a small letter or _; small letters, digits and _ are allowed"
    match problem["type"]:
        case "extra_forbidden":
            known = list(keys(inside))
            return f"{place} has no key {last}.{guess(last, known)}", f"{place} takes {', '.join(known)}"
        case "missing":
            return f"{place} does not say its {last}.", f"add {last} = … to {place}"
        case "dict_type" | "model_type":
            return f"{whole} is {given!r}, which says too little.", f"write a table: {whole}, and keys below it"
        case "tuple_type":
            return f"{place} {last} is {given!r}, which is no list.", f"write {last} = [{given!r}]"
        case "too_short" if isinstance(given, dict):
            return f"{whole} is empty.", f"name a column below it: {whole} year = \"int\""
    reason = problem["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    if isinstance(given, dict):
        return f"{whole}: {reason}.", f"correct {whole}"
    return f"{place} {last} is {given!r}, but {reason}.", f"correct {last} in {place}"
