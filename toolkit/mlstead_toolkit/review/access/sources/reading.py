"""Policies read from a resource; what is not known or is none says nothing here: unread.py tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from mlstead_toolkit.policies.block import Block, Malformed
from mlstead_toolkit.policies.statement import statements
from mlstead_toolkit.review.access.permission import Holder, Permission, Realm, permissions_of


def says(
    block: Block, path: str, realm: Realm, source: str, *, holder: Holder | None = None, within: str = "",
    subject: str = "",
) -> tuple[Permission, ...]:
    """Give what a policy says; the arguments are those of permissions_of."""
    written = block.properties.get(path)
    if isinstance(written, str):
        return _says(written, realm, source, holder, within, subject)  # what both sides have is read once
    return _read(Block({"policy": written}), realm, source, holder, within, subject)


def several(value: object) -> list[str]:
    """Give texts where there may be one, many or none."""
    if value is None:
        return []
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def blocks(value: object) -> list[Mapping[str, Any]]:
    """Give the blocks where there may be one, many or none; what is not known is none."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, Mapping)]


@lru_cache(maxsize=4096)
def _says(text: str, realm: Realm, source: str, holder: Holder | None, within: str, subject: str
          ) -> tuple[Permission, ...]:
    return _read(Block({"policy": text}), realm, source, holder, within, subject)


def _read(block: Block, realm: Realm, source: str, holder: Holder | None, within: str, subject: str
          ) -> tuple[Permission, ...]:
    try:
        found = statements(block, "policy")
    except Malformed:
        return ()
    return tuple(permissions_of(found, realm, source, holder=holder, within=within, subject=subject))
