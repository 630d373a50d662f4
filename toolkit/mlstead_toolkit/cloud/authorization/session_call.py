"""Decides the calls that a role's session signs, as they come in over HTTP."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mlstead_toolkit.access.calls import UnknownCall
from mlstead_toolkit.cloud.authorization.asked import asked
from mlstead_toolkit.cloud.authorization.judgement import Verdict
from mlstead_toolkit.cloud.request import NAMES, Call, Environ

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.workshop import Workshop

log = logging.getLogger("mlstead.cloud")
NOT_WITH_A_SESSION = frozenset({"GetSessionToken", "GetFederationToken"})
"""Operations that a user's own credentials call, and a session's never may."""
CODES = {
    "cloudwatch": "AccessDenied", "ec2": "UnauthorizedOperation", "iam": "AccessDenied", "s3": "AccessDenied",
    "sns": "AuthorizationError", "sts": "AccessDenied",
}
"""What services call a refusal, where it is not AccessDeniedException."""
BEFORE = {"ec2": "You are not authorized to perform this operation. "}
"""What services say before they say what is refused."""


def decide(workshop: Workshop, call: Call, operation: str, environ: Environ) -> Verdict:
    """Decide a call by the policies of the session that signed it; an empty verdict where it is no role's.

    Raises:
        ValueError: it cannot be told what is asked.
    """
    caller = workshop.callers.find(call.access_key)
    if caller is None:
        return Verdict()
    if operation in NOT_WITH_A_SESSION:
        return _barred(f"Cannot call {operation} with session credentials")
    try:
        return workshop.judgement.of(caller, asked(call, operation, environ))
    except UnknownCall:
        return _barred(
            f"User: {caller.principal.session_arn} is not authorized to perform: {call.service}:{operation}, because "
            "the local cloud does not know what this operation needs, and so lets no role call it"
        )


def refusal(call: Call, verdict: Verdict) -> tuple[str, str]:
    """Give the code and the message by which a call's service refuses it."""
    service = NAMES.get(call.service, call.service)
    return CODES.get(service, "AccessDeniedException"), BEFORE.get(service, "") + verdict.refused


def _barred(why: str) -> Verdict:
    log.warning("refused: %s", why)
    return Verdict(barred=why)
