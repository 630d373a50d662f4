"""Values of properties as a reader wants them: the unknown and the secret named, long ones shortened."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any, Final

from mlstead_toolkit.engine.values import UNKNOWN, Archive, Asset, ResourceReference

LONGEST: Final = 100


def show(value: Any) -> str:
    """Give a value as JSON on one line, shortened where it is long."""
    if value is UNKNOWN:
        return "output<string>"
    if isinstance(value, Asset):
        return f"asset({value.path or value.uri or 'text'})"
    if isinstance(value, Archive):
        return f"archive({value.path or value.uri or 'assets'})"
    if isinstance(value, str) and value == "[secret]":
        return value
    return shortened(json.dumps(plain(value), ensure_ascii=False))


def plain(value: Any) -> Any:
    """Give a value as plain JSON: what is unknown becomes the text that the plan shows."""
    if value is UNKNOWN:
        return "output<string>"
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (Asset, Archive)):
        return show(value)
    return value


def shortened(text: str) -> str:
    """Cut a text that is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"


def written(value: Any) -> str:
    """Give a value on one line as a review shows it: text without quotes, the same on every machine."""
    if value is UNKNOWN:
        return "known after the deployment"
    if isinstance(value, (Asset, Archive)):
        name = PurePath(value.path).name if value.path else getattr(value, "uri", None) or "given in the program"
        return f"{name} (SHA-256 {value.hash[:12]})" if value.hash else name
    if isinstance(value, ResourceReference):
        return written(value.urn.rpartition("::")[2] if value.id is None else value.id)
    return shortened(_line(value))


def told_apart(before: Any, after: Any) -> tuple[str, str]:
    """Write two values that differ so that it shows: "1" is not 1, and a long text differs where it differs.

    What is not there is "".
    """
    if before is None or after is None:
        return "" if before is None else written(before), "" if after is None else written(after)
    one, other = written(before), written(after)
    if one != other or UNKNOWN in (before, after):
        return one, other
    one, other = _line(before), _line(after)
    if one == other:
        return show(before), show(after)
    start = next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
                 min(len(one), len(other))) - LONGEST // 3
    return shortened(f"…{one[start:]}"), shortened(f"…{other[start:]}")


def _line(value: Any) -> str:
    if isinstance(value, str) and value.strip() == value != "":
        return " ".join(value.split())
    if isinstance(value, (dict, list)):
        return json.dumps(_settled(value), ensure_ascii=False)
    return show(value)


def _settled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _settled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_settled(inner) for inner in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return written(value)
