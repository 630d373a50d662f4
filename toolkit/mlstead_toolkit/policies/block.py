"""Properties as a rule reads them: nothing unknown passes for a value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlstead_toolkit.engine import property_path
from mlstead_toolkit.engine.values import UNKNOWN, Secret, contains_unknown, reveal


class NotDecided(Exception):
    """A rule needs what only the cloud will tell; the text names it."""


class Malformed(Exception):
    """A property cannot be read as what it has to be."""


@dataclass(frozen=True)
class Block:
    """A resource's properties, or a block inside them.

    Paths are as Pulumi writes them: `vpcConfig.subnets`, `rules[0].id`, `tags["mlstead:project"]`.

    Args:
        properties: names as pulumi-aws has them on the wire, in camelCase. UNKNOWN and Secret may stand in them.
    """

    properties: Mapping[str, Any]

    def value(self, path: str) -> Any:
        """Give what stands at a path, secrets in clear; None where there is nothing.

        Raises:
            NotDecided: it, something in it or something on the way to it is unknown.
        """
        value = self._found(path)
        if contains_unknown(value):
            raise NotDecided(path)
        return reveal(value)

    def get(self, path: str, default: Any) -> Any:
        """Give what stands at a path, or what AWS takes where there is nothing. Raises NotDecided."""
        value = self.value(path)
        return default if value is None else value

    def flag(self, path: str, default: bool = False) -> bool:
        """Give a yes or no, also where it was written as text. Raises NotDecided."""
        value = self.get(path, default)
        return value.lower() == "true" if isinstance(value, str) else bool(value)

    def document(self, path: str) -> dict[str, Any]:
        """Give a policy or another JSON document as data; empty where there is none.

        Raises:
            NotDecided: it is not known yet.
            Malformed: it is no JSON object.
        """
        return as_document(self.value(path), path)

    def has(self, path: str) -> bool:
        """Tell whether something stands at a path: a list does, whatever of it is unknown. Raises NotDecided."""
        return self._found(path) is not None

    def filled(self, path: str) -> bool:
        """Tell whether more than an empty text, list or block stands at a path. Raises NotDecided."""
        return bool(self._found(path))

    def blocks(self, path: str) -> Iterator[Block]:
        """Give the blocks of a list, or the one block that stands there, each to be read by itself.

        Raises:
            NotDecided: the list is unknown, or one of its blocks is.
        """
        value = self._found(path)
        for inner in value if isinstance(value, list) else [] if value is None else [value]:
            bare = inner.value if isinstance(inner, Secret) else inner
            if bare is UNKNOWN:
                raise NotDecided(path)
            if isinstance(bare, Mapping):
                yield Block(bare)

    def _found(self, path: str) -> Any:
        """Give what stands at a path, in which there may be unknowns and secrets. Raises NotDecided where it is one."""
        value: Any = self.properties
        for part in property_path.parse(path):
            value = _inside(value, part)
        if isinstance(value, Secret):
            value = value.value
        if value is UNKNOWN:
            raise NotDecided(path)
        return value


def as_document(value: Any, path: str) -> dict[str, Any]:
    """Give what stands at a path as a JSON object; empty where there is none. Raises Malformed."""
    try:
        document = json.loads(value) if isinstance(value, str) else value or {}
    except ValueError as error:
        raise Malformed(f"{path} is no JSON document") from error
    if not isinstance(document, dict):
        raise Malformed(f"{path} is no JSON object")
    return document


def _inside(value: Any, part: str | int) -> Any:
    if isinstance(value, Secret):
        value = value.value
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None
