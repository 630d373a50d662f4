"""Patterns of SageMaker instance types, as policies name them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlstead.refusal import Refusal

_PATTERN = re.compile(r"ml\.[a-z0-9-]+\.([a-z0-9]+|\*)")


def check_patterns(patterns: Sequence[str], where: str) -> None:
    """Refuse what leaves the family open, and so would allow any price."""
    for pattern in patterns:
        if not _PATTERN.fullmatch(pattern):
            raise Refusal(f"{pattern!r} names no family of instances.", where=where,
                          fix="write ml.<family>.<size> or ml.<family>.*, such as ml.m5.*")
    if not patterns:
        raise Refusal("No instance type is allowed.", where=where, fix="name at least one, such as ml.m5.*")
