"""An exception to a rule, as somebody agreed to it."""

from __future__ import annotations

import datetime
from fnmatch import fnmatchcase
from typing import Annotated, Protocol

from pydantic import Field, StringConstraints

from mlstead.reviewed_file import Part

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=12)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Named(Protocol):
    """What an exception can be for."""

    @property
    def name(self) -> str:
        """Its name in the program."""

    @property
    def urn(self) -> str:
        """Its URN."""


class ReviewedException(Part):
    """One [[exception]] of policy-exceptions.toml.

    Args:
        rule: the rule that need not hold.
        resource: name of the resource in the program, or its URN; `*` stands for anything.
        reason: why it need not, at least 12 characters.
        owner: who answers for it.
        expires: the last day on which it counts, UTC.
    """

    rule: Name
    resource: Name
    reason: Words
    owner: Name
    expires: Annotated[datetime.date, Field(strict=True)]

    def covers(self, rule: str, resource: Named) -> bool:
        """Tell whether it excuses a resource from a rule."""
        return self.rule == rule and (fnmatchcase(resource.name, self.resource)
                                      or fnmatchcase(resource.urn, self.resource))
