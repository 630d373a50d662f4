"""Policies, compiled once for each text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from mlstead.errors import MlsteadError
from mlstead_toolkit.access.principal import Reach
from mlstead_toolkit.access.request import Request
from mlstead_toolkit.access.statement import Statement


class PolicyError(MlsteadError):
    """A policy cannot be read."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document.

    Args:
        name: what it is called in a decision, such as its ARN or the name of an inline policy.
        denials: its Deny statements.
        allowances: its Allow statements.
    """

    name: str
    denials: tuple[Statement, ...]
    allowances: tuple[Statement, ...]

    @staticmethod
    @lru_cache(maxsize=2048)
    def parse(name: str, document: str) -> Policy:
        """Read a document. Raises PolicyError for what AWS would not take for one."""
        try:
            body = json.loads(document)
            # Variables came with this version; in older ones `${` is text.
            variables = body.get("Version") == "2012-10-17"
            listed = body.get("Statement", [])
            statements = [
                Statement.parse(statement, variables=variables)
                for statement in (listed if isinstance(listed, list) else [listed])
            ]
        except (ValueError, TypeError, AttributeError) as error:
            raise PolicyError(f"The policy cannot be read: {error}", where=name, fix="correct the document") from error
        return Policy(
            name,
            tuple(statement for statement in statements if statement.denies),
            tuple(statement for statement in statements if not statement.denies),
        )

    def denying(self, request: Request) -> Statement | None:
        """Give the statement that denies a request."""
        return next((statement for statement in self.denials if statement.applies(request)), None)

    def allowing(self, request: Request) -> tuple[Reach, Statement | None]:
        """Give the statement that allows a request, and how it reaches who asks: the one that reaches furthest."""
        best: tuple[Reach, Statement | None] = (Reach.NONE, None)
        for statement in self.allowances:
            reach = statement.applies(request)
            if reach > best[0]:
                best = (reach, statement)
                if reach is Reach.PERSON:
                    break
        return best
