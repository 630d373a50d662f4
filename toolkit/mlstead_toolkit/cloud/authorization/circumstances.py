"""What is alike in deciding every call of a role: the context keys, and how a refusal is told."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from mlstead_toolkit.access import Decision
from mlstead_toolkit.access.request import Value
from mlstead_toolkit.cloud.account import ACCOUNT_ID
from mlstead_toolkit.cloud.authorization.caller import Caller, Origin
from mlstead_toolkit.cloud.control import HOST


def circumstances(caller: Caller, region: str, origin: Origin | None) -> dict[str, Value]:
    """Give the context keys of every call.

    The loopback address has no TLS and needs none: a call counts as sent over it, as it must be on AWS.

    Args:
        caller: who calls.
        region: that is called.
        origin: where the call comes from; None: a service makes it for him, from nowhere that policies know.
    """
    now = time.time()
    keys: dict[str, Value] = {
        "aws:SecureTransport": True,
        "aws:RequestedRegion": region,
        "aws:CurrentTime": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "aws:EpochTime": int(now),
        "aws:PrincipalType": "AssumedRole",
        "aws:userid": caller.user_id,
        "aws:ViaAWSService": origin is None,
        "aws:ResourceAccount": ACCOUNT_ID,
    }
    if origin is None:
        return keys
    if origin.vpc:
        return keys | {"aws:SourceVpc": origin.vpc, "aws:SourceVpce": origin.endpoint}
    return keys | {"aws:SourceIp": HOST}


def explained(refusal: Decision) -> str:
    """Give a refusal in AWS's words, and the statement that refuses for whoever has to mend it."""
    return f"{refusal.message} ({refusal.statement})" if refusal.statement else refusal.message
