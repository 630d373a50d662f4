"""Decides what roles do by the policies as deployed: every need of a call, by every policy that has a say."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlstead_toolkit.access import Context, Decision, Policies, Policy, Request, evaluate
from mlstead_toolkit.access.calls import ApiCall, Need, needs
from mlstead_toolkit.access.request import Value
from mlstead_toolkit.cloud.account import ACCOUNT_ID
from mlstead_toolkit.cloud.authorization.caller import Caller, origin_of
from mlstead_toolkit.cloud.authorization.circumstances import circumstances, explained
from mlstead_toolkit.cloud.authorization.resource_policies import guard_of
from mlstead_toolkit.cloud.authorization.resources import Resources
from mlstead_toolkit.cloud.elsewhere import is_elsewhere

log = logging.getLogger("mlstead.cloud")
VIA = "kms:ViaService"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided of everything that one call needs.

    Args:
        decisions: one for each need.
        barred: why the call may not be made whatever policies say; empty: they decide.
    """

    decisions: Sequence[Decision] = ()
    barred: str = ""

    @property
    def refusals(self) -> list[Decision]:
        """What stands against the call."""
        return [decision for decision in self.decisions if not decision.allowed]

    @property
    def refused(self) -> str:
        """Why the call may not be made, in AWS's words; empty where it may."""
        return self.barred or next((explained(refusal) for refusal in self.refusals), "")


class Judgement:
    """Decides for one cloud."""

    def __init__(self) -> None:
        self._resources = Resources()

    def of(
        self, caller: Caller, call: ApiCall, via: str = "", keys: Mapping[str, Value] | None = None
    ) -> Verdict:
        """Decide a call.

        Args:
            caller: who makes it.
            call: what is asked.
            via: the service that makes it for him with his rights, as kms:ViaService names it; empty: he himself.
            keys: context keys beside those that the call brings.

        Returns: the decisions; none where IAM, or the service that is called, is elsewhere.

        Raises:
            UnknownCall: no table tells what the call needs.
        """
        if is_elsewhere("iam") or is_elsewhere(call.service):
            return Verdict()
        given = {**(keys or {}), **({VIA: f"{via}.{call.region}.amazonaws.com"} if via else {})}
        decisions = []
        for need in needs(call, self._resources):
            origin = None if via or VIA in need.context else origin_of(caller, call.service)
            context = circumstances(caller, call.region, origin) | given | {**need.context}
            decisions.append(_decide(caller, need, Context(context), origin.policy if origin else None))
        verdict = Verdict(decisions)
        for refusal in verdict.refusals:
            log.warning("refused: %s", explained(refusal))
        return verdict


def _decide(caller: Caller, need: Need, context: Context, endpoint: Policy | None) -> Decision:
    guard = guard_of(need.action, need.resource)
    account = need.resource.split(":")[4] if need.resource.startswith("arn:") else ""
    return evaluate(
        Request(caller.principal, need.action, need.resource, context),
        Policies(
            caller.identity, guard.policy, caller.boundary, caller.session, endpoint,
            resource_account=account or ACCOUNT_ID, resource_must_allow=guard.must_allow, resource_kind=guard.kind,
        ),
    )
