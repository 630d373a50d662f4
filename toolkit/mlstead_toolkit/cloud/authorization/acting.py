"""What AWS's services do in a role's name inside the cloud: decided and recorded as if it had come over the wire."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlstead_toolkit.access.calls import ApiCall
from mlstead_toolkit.access.request import Value
from mlstead_toolkit.cloud.authorization.caller import Caller, Callers
from mlstead_toolkit.cloud.authorization.judgement import Judgement, Verdict
from mlstead_toolkit.cloud.credentials import RoleCredentials
from mlstead_toolkit.cloud.request import Call

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.trail import Trail


class Acting:
    """Asks before the cloud does something for a role."""

    def __init__(self, callers: Callers, judgement: Judgement, trail: Trail) -> None:
        self._callers, self._judgement, self._trail = callers, judgement, trail

    def may(
        self, who: RoleCredentials | Caller, call: ApiCall, via: str = "", keys: Mapping[str, Value] | None = None
    ) -> str:
        """Decide a call that is about to be made in a role's name, and record it.

        Args:
            who: the credentials that a job or model has of its role, or the caller that a service is by `acting_as`.
            call: what is about to be done.
            via: the service that does it with the role's rights through another one, as kms:ViaService names it:
                "sagemaker" for a volume's grant; empty: the role itself does it.
            keys: context keys that neither the call nor what stands in the cloud tells, but the service that makes it.

        Returns: why it is refused, in AWS's words; empty where it may be done. Where IAM, or the service, is
        elsewhere, nothing is decided.

        Raises:
            UnknownCall: no table of mlstead_toolkit.access.calls tells what the call needs.
        """
        when = time.time()
        caller = who if isinstance(who, Caller) else self._callers.find(who.access_key)
        verdict = self._judgement.of(caller, call, via, keys) if caller is not None else Verdict()
        key = who.principal.arn if isinstance(who, Caller) else who.access_key
        self._trail.record_own(when, Call(call.service, call.region, key, call.operation), verdict)
        return verdict.refused
