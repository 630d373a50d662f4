"""Decides which roles a role may assume: by the trust of the one and the policies of the other.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from urllib.parse import parse_qsl

from mlstead_toolkit.access import Context, Policies, Policy, Request, evaluate
from mlstead_toolkit.access.request import Value
from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.authorization.caller import Caller, Callers, Origin
from mlstead_toolkit.cloud.authorization.circumstances import circumstances, explained
from mlstead_toolkit.cloud.elsewhere import is_elsewhere
from mlstead_toolkit.cloud.request import Call, Environ, body_of

log = logging.getLogger("mlstead.cloud")
NOT_WITH_A_SESSION = frozenset({"GetSessionToken", "GetFederationToken"})
"""Operations that a user's own credentials call, and a session's never may."""
GIVEN = {
    "ExternalId": "sts:ExternalId", "RoleSessionName": "sts:RoleSessionName", "SourceIdentity": "sts:SourceIdentity",
}
TAGS = "Tags.member."


class StsAuthorization:
    """Decides for one cloud; where IAM or STS are elsewhere, nothing is decided here."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._enforced = not (is_elsewhere("iam") or is_elsewhere("sts"))

    def of_call(self, call: Call, environ: Environ) -> str:
        """Tell why a call is refused; empty where it may be carried out.

        Raises:
            ValueError: it cannot be told what is asked.
        """
        caller = self._callers.find(call.access_key) if self._enforced else None
        if caller is None:
            return ""
        given = _parameters(environ)
        operation = given["Action"]
        refused = ""
        if operation in NOT_WITH_A_SESSION:
            refused = f"Cannot call {operation} with session credentials"
        elif operation == "AssumeRole":
            refused = _assuming(caller, call.region, given)
        if refused:
            log.warning("refused: %s", refused)
        return refused


def _assuming(caller: Caller, region: str, given: dict[str, str]) -> str:
    """Tell why a caller may not assume a role, or not with the tags and the source identity that it brings."""
    from moto.iam.models import iam_backends

    arn = given["RoleArn"]
    role = next((one for one in list(iam_backends[ACCOUNT_ID][PARTITION].roles.values()) if one.arn == arn), None)
    trust = Policy.parse(f"the trust policy of {role.name}", role.assume_role_policy_document) if role else None
    # Where a call comes from is known by the endpoint for S3: calls to STS do not go through that.
    context = Context(circumstances(caller, region, Origin()) | dict(_context(given, role.tags if role else None)))
    for action in _actions(given):
        decision = evaluate(
            Request(caller.principal, action, arn, context),
            Policies(
                caller.identity, trust, caller.boundary, caller.session,
                resource_account=ACCOUNT_ID, resource_must_allow=True, resource_kind="role trust policy",
            ),
        )
        if not decision.allowed:
            return explained(decision)
    return ""


def _actions(given: dict[str, str]) -> Iterator[str]:
    """Give what the trust has to allow.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
    """
    yield "sts:AssumeRole"
    if any(name.startswith(TAGS) for name in given):
        yield "sts:TagSession"
    if "SourceIdentity" in given:
        yield "sts:SetSourceIdentity"


def _context(given: dict[str, str], tags: list[dict[str, str]] | None) -> Iterator[tuple[str, Value]]:
    for name, key in GIVEN.items():
        if name in given:
            yield key, given[name]
    for tag in tags or []:
        yield f"aws:ResourceTag/{tag['Key']}", tag["Value"]
        yield f"iam:ResourceTag/{tag['Key']}", tag["Value"]
    session = {
        given[name]: given.get(f"{name.removesuffix('.Key')}.Value", "")
        for name in given if name.startswith(TAGS) and name.endswith(".Key")
    }
    if session:
        yield "aws:TagKeys", [*session]
        for name, value in session.items():
            yield f"aws:RequestTag/{name}", value
    if transitive := [value for name, value in given.items() if name.startswith("TransitiveTagKeys.member.")]:
        yield "sts:TransitiveTagKeys", transitive


def _parameters(environ: Environ) -> dict[str, str]:
    """Read what is asked, from the form or the address.

    Raises:
        ValueError: moto could read something else.
    """
    given: dict[str, str] = {}
    form = body_of(environ).decode()
    if form and not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        raise ValueError("the body is no form")
    for text in (environ.get("QUERY_STRING", ""), form):
        for name, value in parse_qsl(text, keep_blank_values=True):
            if given.setdefault(name, value) != value:
                raise ValueError(f"{name} is given twice")
    if "Action" not in given:
        raise ValueError("no Action is given")
    return given
