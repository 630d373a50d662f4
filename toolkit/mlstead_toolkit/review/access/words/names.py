"""Names without what every name of a project has, and without what differs from environment to environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mlstead_toolkit.review.accounts import without_account

_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ABBREVIATIONS: Final = {"vpc": "VPC", "url": "URL", "api": "API", "acl": "ACL", "lf": "LF", "kms": "KMS", "iam": "IAM"}
_SHORTEST: Final = 4


@dataclass(frozen=True)
class Naming:
    """How names of one environment of a project are told.

    Args:
        project: Pulumi's name of the project.
        environment: the stack's short name.
        accounts: that are the environment's own.
        symbols: what stands in ARNs and is another in every environment → what to write for it.
    """

    project: str
    environment: str
    accounts: frozenset[str]
    symbols: Mapping[str, str]

    def short(self, name: str) -> str:
        """Drop path, project and environment from a name: `training` of flight-delays-dev-training."""
        name = name.removeprefix(f"/mlstead/{self.project}/{self.environment}/")
        name = name.removeprefix(f"mlstead/{self.project}/{self.environment}/")
        for start in (f"{self.project}-{self.environment}", self.project):
            if name == start or name.startswith((f"{start}-", f"{start}/", f"{start}_")):
                name = name[len(start):].lstrip("-/_")
                break
        return self.plain(name)

    def plain(self, text: str) -> str:
        """Write a text so that it is the same in every environment: accounts, keys and generated names as symbols."""
        if self._symbols:
            text = self._symbols.sub(lambda found: self.symbols[found[0]], text)
        return self._environment.sub("⟨environment⟩", without_account(text, self.accounts))

    @cached_property
    def _symbols(self) -> re.Pattern[str] | None:
        chosen = sorted((each for each in self.symbols if len(each) >= _SHORTEST), key=lambda each: (-len(each), each))
        either = "|".join(map(re.escape, chosen))
        return re.compile(f"(?<![A-Za-z0-9_-])(?:{either})(?![A-Za-z0-9_-])") if chosen else None

    @cached_property
    def _environment(self) -> re.Pattern[str]:
        return re.compile(f"(?<![A-Za-z0-9⟨]){re.escape(self.environment)}(?![A-Za-z0-9])")


def spaced(camel: str) -> str:
    """Write a class's name as words: `model package group`."""
    words = [word for part in re.split(r"[-_]", camel) for word in _CAPITAL.sub(" ", part).lower().split()]
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def unique(words: Iterable[str]) -> list[str]:
    """Drop repetitions, in order."""
    return list(dict.fromkeys(words))
