"""Automatic names, as Pulumi makes them: the logical name, a dash and seven hexadecimal digits."""

from __future__ import annotations

import hashlib
import re
import secrets

from mlstead_toolkit.aws.schema import AutomaticName
from mlstead_toolkit.engine.values import UNKNOWN, Properties, PropertyValue

_DIGITS = 7


def logical_name(urn: str) -> str:
    """Give the last part of a URN."""
    return urn.rsplit("::", 1)[-1]


def name_resource(rule: AutomaticName, urn: str, inputs: Properties, olds: Properties | None, seed: bytes) -> None:
    """Fill the name where the program gave none: the old automatic one where there is one, else a new one."""
    if inputs.get(rule.property) is not None:
        return
    if rule.plain:
        inputs[rule.property] = logical_name(urn)
        return
    prefix = inputs.get(rule.prefix_property) if rule.prefix_property else None
    if prefix is UNKNOWN:
        inputs[rule.property] = UNKNOWN
        return
    old = (olds or {}).get(rule.property)
    if isinstance(old, str) and (old.startswith(prefix) if isinstance(prefix, str) else looks_automatic(old)):
        inputs[rule.property] = old
        return
    suffix = rule.suffix(inputs) if rule.suffix else ""
    stem = prefix if isinstance(prefix, str) else f"{rule.before}{logical_name(urn)}-"
    stem = stem[: rule.maximum - _DIGITS - len(suffix)]
    name = stem + _random_digits(seed, urn) + suffix
    inputs[rule.property] = name.lower() if rule.lower else name


def looks_automatic(name: PropertyValue) -> bool:
    """Tell whether a name ends as automatic ones do; a name that a person wrote hardly ever does."""
    return isinstance(name, str) and re.search(rf"-[0-9a-f]{{{_DIGITS}}}(\.fifo)?$", name) is not None


def _random_digits(seed: bytes, urn: str) -> str:
    if not seed:
        return secrets.token_hex(4)[:_DIGITS]
    return hashlib.sha256(seed + b"\0" + urn.encode()).hexdigest()[:_DIGITS]
