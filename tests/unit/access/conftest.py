"""A decision from plain statements, for the tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mlstead_toolkit.access import Context, Decision, Policies, Policy, Principal, Request, evaluate

sys.path.insert(0, str(Path(__file__).parent))

from people import ROLE

OBJECT = "arn:aws:s3:::lake/flights/a.csv"
Decide = Callable[..., Decision]


@pytest.fixture(scope="session")
def decide() -> Decide:
    """Decide one request by the statements of each kind of policy."""
    def decided(
        who: Principal = ROLE, action: str = "s3:GetObject", resource: str = OBJECT,
        context: Mapping[str, Any] | None = None, *, version: str = "2012-10-17", resource_account: str = "",
        resource_must_allow: bool = False, **statements: Any,
    ) -> Decision:
        named = {kind: Policy.parse(kind, json.dumps({"Version": version, "Statement": given}))
                 for kind, given in statements.items()}
        return evaluate(Request(who, action, resource, Context(context)), Policies(
            [named["identity"]] if "identity" in named else [], named.get("resource_policy"), named.get("boundary"),
            [named["session"]] if "session" in named else [], named.get("endpoint"), resource_account,
            resource_must_allow,
        ))

    return decided
