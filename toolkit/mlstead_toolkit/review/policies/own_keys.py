"""Keys of one's own that a resource is no longer encrypted with, whichever property names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import UNKNOWN, reveal
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.type_pattern import is_one_of

_PROPERTY: Final = re.compile(r"kms.*key|key.*kms|^encryptionKey", re.IGNORECASE)
_OF_AWS: Final = re.compile(r"\balias/aws/")
# The condition of a policy, and the like, are the access section's.
_ELSEWHERE: Final = frozenset({"policy", "assumeRolePolicy", "pipelineDefinition", "tags", "tagsAll"})


def lost_keys(before: ResourceState, after: ResourceState) -> Iterator[str]:
    """Tell of each property that named a key of one's own and now names none, or AWS's.

    Whether none will do is for the rules to say, where there are some for the type: hardware may encrypt by itself.
    """
    now = dict(_keys(after.inputs))
    for path, key in _keys(before.inputs):
        instead = now.get(path, "")
        if _own(key) and not _own(instead) and (instead or not key_rules(after.type)):
            named = f"AWS's {instead.partition('alias/')[2]}" if instead else "none"
            yield f"{path} named a key of one's own, and now {named}"


@cache
def key_rules(type_: str) -> frozenset[str]:
    """Give the rules that ask for a key, of a type of resource."""
    return frozenset(rule.id for rule in RULES
                     if ("key" in rule.id or "encrypted" in rule.id) and is_one_of(type_, rule.types))


def _keys(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    value = reveal(value)
    if isinstance(value, dict):
        for name, inner in sorted(value.items()):
            inner_path = f"{path}.{name}" if path else name
            if _PROPERTY.search(name) and (isinstance(inner, str) or inner is UNKNOWN):
                yield inner_path, str(inner)
            elif name not in _ELSEWHERE:
                yield from _keys(inner, inner_path)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _keys(inner, f"{path}[{place}]")


def _own(key: str) -> bool:
    return bool(key) and not _OF_AWS.search(key)
