"""What AssumeRole is given for a session, and moto drops: its tags, and the managed policies that narrow it.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
Contract: tests/local/cloud_authorization/test_sts.py.
"""

from __future__ import annotations

import functools
from typing import Any

TAGS, POLICIES = "mlstead_tags", "mlstead_policies"


def install() -> None:
    """Put it around moto's STS."""
    from moto.sts.responses import TokenResponse

    assume = TokenResponse.assume_role

    @functools.wraps(assume)
    def assume_role(response: Any) -> Any:
        answer: Any = assume(response)
        session = answer.result["Credentials"]
        setattr(session, TAGS, {tag["Key"]: tag["Value"] for tag in response._get_param("Tags") or ()})
        setattr(session, POLICIES, [policy["arn"] for policy in response._get_param("PolicyArns") or ()])
        return answer

    TokenResponse.assume_role = assume_role  # type: ignore[method-assign, assignment]


def tags_of(session: object) -> dict[str, str]:
    """Give the tags of a session: they hide tags of the role that have the same name."""
    return dict(getattr(session, TAGS, {}))


def policies_of(session: object) -> list[str]:
    """Give the ARNs of the managed policies that narrow a session."""
    return list(getattr(session, POLICIES, ()))
