"""Types of columns as Glue and Athena write them."""

from __future__ import annotations

import re

NAME = re.compile(r"[a-z_][a-z0-9_]{0,127}")

# https://docs.aws.amazon.com/athena/latest/ug/data-types.html
_PRIMITIVE = re.compile(
    r"boolean|tinyint|smallint|int|bigint|float|double|string|binary|date|timestamp"
    r"|decimal\(\d{1,2}(, ?\d{1,2})?\)|(char|varchar)\(\d{1,5}\)"
)
_ELSEWHERE = {
    "bool": "boolean", "int8": "tinyint", "int16": "smallint", "int32": "int", "integer": "int", "int64": "bigint",
    "long": "bigint", "float32": "float", "float64": "double", "str": "string", "text": "string", "object": "string",
    "large_string": "string", "bytes": "binary", "date32": "date", "datetime": "timestamp", "datetime64": "timestamp",
}


def check_column_type(text: str) -> str:
    """Give the type back.

    Raises:
        ValueError: Glue knows no such type; says what it would be called.
    """
    if not _known(text):
        guess = _ELSEWHERE.get(text.lower())
        raise ValueError(
            f"Glue calls that {guess}" if guess else
            "it should be boolean, int, bigint, double, decimal(10,2), string, date, timestamp, array<…>, map<…,…>, "
            "struct<name:…> or another type of Athena"
        )
    return text


def _known(text: str) -> bool:
    if _PRIMITIVE.fullmatch(text):
        return True
    if not text.endswith(">"):
        return False
    outer, parts = split_type(text)
    match outer:
        case "array":
            return len(parts) == 1 and _known(parts[0])
        case "map":
            return len(parts) == 2 and all(map(_known, parts))
        case "struct":
            fields = [part.partition(":") for part in parts]
            return all(NAME.fullmatch(name) is not None and _known(type_) for name, _, type_ in fields)
    return False


def split_type(text: str) -> tuple[str, list[str]]:
    """Give what a type is made of: array<int> is array of int, map<string,int> map of string and int."""
    outer, _, rest = text.partition("<")
    return outer, _split(rest.removesuffix(">"))


def _split(text: str) -> list[str]:
    """Split at the commas that are in no brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts
