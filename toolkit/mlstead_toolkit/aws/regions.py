"""The regions that there are, read out of botocore's list without importing botocore: a third of a millisecond."""

from __future__ import annotations

import difflib
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from mlstead_toolkit.engine.provider import ProviderError


@cache
def regions() -> dict[str, str]:
    """Give every region of every partition with its description, the pseudo-region of global services left out."""
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ProviderError("botocore is not installed.", where="aws:region", fix="mlstead doctor")
    listed = json.loads((Path(spec.origin).parent / "data" / "partitions.json").read_text())
    return {name: facts.get("description", name) for partition in listed["partitions"]
            for name, facts in partition["regions"].items() if not name.endswith("-global")}


def unknown_region(name: str) -> str | None:
    """Say that a region does not exist, with the nearest that do; None where it exists."""
    known = regions()
    if name in known:
        return None
    near = sorted(difflib.get_close_matches(name, list(known), n=3, cutoff=0.6))
    return f"there is no AWS region {name!r}" + (f"; near it are {', '.join(near)}" if near else "")


def require_region(name: str, where: str) -> None:
    """Refuse a region that does not exist."""
    if fault := unknown_region(name):
        raise ProviderError(f"{fault[0].upper()}{fault[1:]}.", where=where,
                            fix="write one that exists, such as eu-west-1, in the stack's settings")
