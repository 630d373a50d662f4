"""What a prediction request may look like, and how it is answered: CSV or JSON, in and out alike."""

import csv
import io
import json
from collections.abc import Sequence

from .features import CATEGORIES, FEATURES

LATE_FROM = 0.5
"""The probability from which a flight is called late."""


class BadRequestError(ValueError):
    """A request that cannot be answered; its text is one sentence for whoever sent it."""


Columns = dict[str, list[object]]


def read_csv(body: bytes) -> Columns:
    """Read one flight a line, no header, values in the order of FEATURES; an empty value is a missing one."""
    try:
        rows = [row for row in csv.reader(io.StringIO(_text(body))) if row]
    except csv.Error as error:
        raise BadRequestError(f"The body is not CSV: {error}.") from error
    if not rows:
        raise BadRequestError("The body holds no row.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(FEATURES):
            raise BadRequestError(f"Row {number} has {len(row)} values, not {len(FEATURES)}: {','.join(FEATURES)}.")
    numbered = list(enumerate(rows, start=1))
    return {name: [_value(name, row[at], number) for number, row in numbered] for at, name in enumerate(FEATURES)}


def read_json(body: bytes) -> Columns:
    """Read {"instances": [{feature: value, …}, …]}; null is a missing value."""
    text = _text(body)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"The body is not JSON: {error}.") from error
    instances = document.get("instances") if isinstance(document, dict) else None
    if not isinstance(instances, list) or not instances or not all(isinstance(row, dict) for row in instances):
        raise BadRequestError('The body must be {"instances": [{…}, …]} with one object, or more, of features.')
    for number, row in enumerate(instances, start=1):
        if unknown := sorted(row.keys() - set(FEATURES)):
            raise BadRequestError(f"Row {number} has unknown features: {', '.join(unknown)}.")
        if missing := [name for name in FEATURES if name not in row]:
            raise BadRequestError(f"Row {number} lacks features: {', '.join(missing)}; null where unknown.")
    numbered = list(enumerate(instances, start=1))
    return {name: [_value(name, row[name], number) for number, row in numbered] for name in FEATURES}


def write_csv(probabilities: Sequence[float]) -> bytes:
    """Answer with one probability a line."""
    return "".join(f"{probability:.6f}\n" for probability in probabilities).encode()


def write_json(probabilities: Sequence[float]) -> bytes:
    """Answer with {"predictions": [{"late": …, "probability": …}, …]}."""
    answers = [{"late": bool(p >= LATE_FROM), "probability": round(float(p), 6)} for p in probabilities]
    return json.dumps({"predictions": answers}).encode()


FORMATS = {"text/csv": (read_csv, write_csv), "application/json": (read_json, write_json)}
"""For each media type, how its bodies are read and how it is answered."""


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequestError("The body is not text in UTF-8.") from error


def _value(name: str, value: object, number: int) -> object:
    if value is None or value == "":
        return None
    if name in CATEGORIES:
        if isinstance(value, str):
            return value
        raise BadRequestError(f"Row {number}: {name} must be text, not {json.dumps(value)}.")
    try:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise ValueError
        return float(value)
    except (ValueError, OverflowError):
        raise BadRequestError(f"Row {number}: {name} must be a number, not {json.dumps(value)}.") from None
