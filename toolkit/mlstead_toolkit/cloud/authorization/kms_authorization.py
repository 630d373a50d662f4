"""Decides which roles derive codes from an HMAC key: by the key's policy, and theirs where it leaves it to the account.

https://docs.aws.amazon.com/kms/latest/developerguide/hmac-authz.html
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from mlstead_toolkit.access import Context, Policies, Policy, Request, evaluate
from mlstead_toolkit.cloud.account import ACCOUNT_ID
from mlstead_toolkit.cloud.authorization.caller import Callers, Origin
from mlstead_toolkit.cloud.authorization.circumstances import circumstances, explained
from mlstead_toolkit.cloud.elsewhere import is_elsewhere
from mlstead_toolkit.cloud.message_code import OPERATIONS
from mlstead_toolkit.cloud.request import Call, Environ, body_of

if TYPE_CHECKING:
    from moto.kms.models import Key

log = logging.getLogger("mlstead.cloud")


class KmsAuthorization:
    """Decides for one cloud; where KMS or IAM are elsewhere, nothing is decided here."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._enforced = not (is_elsewhere("kms") or is_elsewhere("iam"))

    def of_call(self, call: Call, environ: Environ) -> str:
        """Tell why a call is refused; empty where it may be carried out.

        Raises:
            ValueError: it cannot be told what is asked.
        """
        if not self._enforced or call.operation not in OPERATIONS:
            return ""
        caller = self._callers.find(call.access_key)
        asked = json.loads(body_of(environ))
        key = _key(str(asked.get("KeyId")), call.region)
        if caller is None or key is None:
            return ""
        # Where a call comes from is known by the endpoint for S3: calls to KMS do not go through that.
        context = Context(circumstances(caller, call.region, Origin()) | {
            "kms:CallerAccount": caller.principal.account, "kms:MacAlgorithm": str(asked.get("MacAlgorithm")),
            "kms:KeySpec": key.key_spec, "kms:KeyUsage": key.key_usage,
        })
        decision = evaluate(
            Request(caller.principal, f"kms:{call.operation}", key.arn, context),
            Policies(
                caller.identity, Policy.parse(f"the policy of key {key.arn}", key.policy), caller.boundary,
                caller.session, resource_account=key.account_id, resource_must_allow=True,
            ),
        )
        if decision.allowed:
            return ""
        log.warning("refused: %s", explained(decision))
        return explained(decision)


def _key(key_id: str, region: str) -> Key | None:
    from moto.kms.models import kms_backends

    with suppress(Exception):  # a key that does not exist: moto has several words for it, and says its own
        return kms_backends[ACCOUNT_ID][region].describe_key(key_id)
    return None
