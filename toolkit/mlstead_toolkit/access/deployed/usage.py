"""What is granted, held against what was used: by the record of calls that the local cloud keeps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlstead_toolkit.access.deployed.roles import DeployedRole
from mlstead_toolkit.access.pattern import Pattern
from mlstead_toolkit.access.request import Context

_NOTHING = Context()


@dataclass(frozen=True, slots=True, order=True)
class Granted:
    """One action of one statement of a role's policies, as it stands there.

    Args:
        use: of the role.
        policy: name of the inline policy, or ARN of the attached one.
        sid: of the statement.
        action: as the statement has it, with its wildcards.
    """

    use: str
    policy: str
    sid: str
    action: str


def granted(role: DeployedRole) -> Iterator[Granted]:
    """Give every action that the policies of a role allow."""
    for policy, text in role.grants.items():
        listed = json.loads(text)["Statement"]
        for statement in listed if isinstance(listed, list) else [listed]:
            if statement["Effect"] == "Allow":
                actions = statement.get("Action", [])
                for action in actions if isinstance(actions, list) else [actions]:
                    yield Granted(role.use, policy, statement.get("Sid", ""), action)


def usage(roles: Iterable[DeployedRole], calls: Iterable[Mapping[str, Any]]) -> dict[Granted, int]:
    """Count how often each action was what allowed a call; 0: never.

    Args:
        roles: whose grants.
        calls: lines of the record: `principal` is the role's ARN, `needs` says which statement allowed which action.
    """
    allowed: Counter[tuple[str, str, str]] = Counter(
        (call["principal"], need["by"], need["action"])
        for call in calls for need in call.get("needs", ()) if need.get("by"))
    return {one: sum(
        times for (principal, by, action), times in allowed.items()
        if principal == role.arn and by == _by(role, one) and _covers(one.action, action))
        for role in roles for one in granted(role)}


def _by(role: DeployedRole, one: Granted) -> str:
    return f"{role.called(one.policy)} / {one.sid or 'a statement without Sid'}"


def _covers(listed: str, action: str) -> bool:
    return bool(Pattern(listed, "wildcard", variables=False, ignore_case=True).matches(action, _NOTHING))
