"""Types as rules name them: a token, or a pattern such as aws:sagemaker/*."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache


@lru_cache(maxsize=65536)
def is_one_of(type_: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a type is meant; asked for every rule and resource, so it is remembered."""
    return any(fnmatchcase(type_, one) for one in patterns)
