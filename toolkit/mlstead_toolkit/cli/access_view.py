"""Roles, decisions and what was used, on a terminal and as plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.access.deployed import Answer, DeployedRole
from mlstead_toolkit.cli.console import UNBROKEN, out, say

if TYPE_CHECKING:
    from mlstead_toolkit.access import Decision
    from mlstead_toolkit.access.deployed.usage import Granted


def role_data(role: DeployedRole) -> dict[str, Any]:
    """Give a role as plain data."""
    return {"use": role.use, "arn": role.arn, "trusts": trusted(role), "grants": sorted(role.grants),
            "boundary": role.boundary[0] if role.boundary else None}


def trusted(role: DeployedRole) -> list[str]:
    """Name whom a role's trust policy lets assume it; of an account the members that it names, where it names some."""
    listed = json.loads(role.trust)["Statement"]
    allowing = [one for one in (listed if isinstance(listed, list) else [listed]) if one["Effect"] == "Allow"]
    found = [value for one in allowing for value in _principals(one)]
    return sorted({name for value in found for name in (value if isinstance(value, list) else [value])})


def _principals(statement: Mapping[str, Any]) -> list[Any]:
    members = statement.get("Condition", {}).get("ArnLike", {}).get("aws:PrincipalArn")
    whom = statement["Principal"]
    return [members] if members else list(whom.values()) if isinstance(whom, dict) else [whom]


def print_roles(roles: Sequence[DeployedRole]) -> None:
    """Print each role: its use and name, who may assume it, what is granted to it, what bounds it."""
    for role in roles:
        say(f"{role.use}  {role.name}", "bold")
        say(f"  assumed by  {', '.join(map(_whom, trusted(role)))}")
        say(f"  granted     {', '.join(sorted(map(_short, role.grants))) or 'nothing'}")
        say(f"  bounded by  {_short(role.boundary[0]) if role.boundary else 'nothing'}")


def answer_data(role: DeployedRole, answer: Answer) -> dict[str, Any]:
    """Give an answer as plain data."""
    return {"role": role.arn, "allowed": answer.allowed, "decisions": [{
        "action": one.request.action, "resource": one.request.resource, "allowed": one.allowed, "kind": one.kind,
        "policy": one.policy or None, "sid": one.sid or None, "reason": one.reason} for one in answer.decisions]}


def print_answer(role: DeployedRole, answer: Answer) -> None:
    """Print whether it may be done, and what decided each part."""
    say(f"{role.name}: {'allowed' if answer.allowed else 'denied'}", "bold green" if answer.allowed else "bold red")
    for one in answer.decisions:
        say(f"  {one.request.action} on {one.request.resource}")
        say(f"    {_why(one)}")


def _why(decision: Decision) -> str:
    if decision.allowed or not decision.statement:
        return decision.reason
    return f"denied {decision.reason}: {decision.statement}"


def usage_data(used: Mapping[Granted, int]) -> list[dict[str, Any]]:
    """Give what was used as plain data."""
    return [{"use": one.use, "policy": one.policy, "sid": one.sid, "action": one.action, "times": times}
            for one, times in sorted(used.items())]


def print_usage(used: Mapping[Granted, int], *, never: bool) -> None:
    """Print a row for each action that is granted, or for those that nothing has used; then how many there are."""
    from rich.table import Table

    table = Table("role", "policy", "statement", "action", "times", box=None, header_style="bold", pad_edge=False)
    for one, times in sorted(used.items()):
        if not (never and times):
            table.add_row(one.use, _short(one.policy), one.sid, one.action, str(times or "never"))
    out(UNBROKEN).print(table)
    say(f"{sum(1 for times in used.values() if times)} of {len(used)} actions granted were used.")


def _whom(principal: str) -> str:
    if principal.startswith("arn:") and principal.endswith(":root"):
        return f"whom the policies of account {principal.split(':')[4]} let"
    return principal if ":iam::" in principal and ":oidc-provider/" not in principal else _short(principal)


def _short(arn: str) -> str:
    return arn.split(":", 5)[5] if arn.startswith("arn:") else arn


