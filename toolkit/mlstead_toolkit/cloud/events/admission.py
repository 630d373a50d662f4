"""Decides whether EventBridge may do what a rule's target asks: by the target's role, or by the target's own policy.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.access import Context, Decision, Policies, Policy, PolicyError, Principal, Request, evaluate
from mlstead_toolkit.access.calls import ApiCall
from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION
from mlstead_toolkit.cloud.authorization.caller import acting_as
from mlstead_toolkit.cloud.authorization.circumstances import explained
from mlstead_toolkit.cloud.authorization.judgement import Verdict
from mlstead_toolkit.cloud.credentials import on_behalf_of, trust
from mlstead_toolkit.cloud.elsewhere import is_elsewhere
from mlstead_toolkit.cloud.events.undelivered import NO_PERMISSIONS, Undelivered
from mlstead_toolkit.cloud.request import Call

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.workshop import Workshop

EVENTS = Principal(service="events.amazonaws.com")
NO_POLICY = '{"Statement": []}'


def require_role(workshop: Workshop, rule_arn: str, role_arn: str, call: ApiCall) -> None:
    """Raise Undelivered where a role does not let EventBridge act in its name, or may not make a call; record that."""
    from moto.iam.models import iam_backends

    if is_elsewhere("iam"):
        return
    role = next((one for one in list(iam_backends[ACCOUNT_ID][PARTITION].roles.values()) if one.arn == role_arn), None)
    if role is None:
        told = f"does not exist: {role_arn}" if role_arn else "is missing"
        raise Undelivered(NO_PERMISSIONS, f"The RoleArn of the target {told}")
    _require(trust(role, EVENTS.service, rule_arn))
    if refused := workshop.acting.may(acting_as(role, "events"), call):
        raise Undelivered(NO_PERMISSIONS, refused)


def require_policy(workshop: Workshop, rule_arn: str, action: str, resource: str, policy: Any) -> None:
    """Raise Undelivered where the policy of a queue or topic does not admit EventBridge, which calls as itself."""
    when, (service, _, operation) = time.time(), action.partition(":")
    decision = evaluate(
        Request(EVENTS, action, resource, on_behalf_of(rule_arn)),
        Policies(resource=_parsed(f"the policy of {resource}", policy), resource_account=ACCOUNT_ID),
    )
    call = Call(service, resource.split(":")[3], EVENTS.service, operation)
    workshop.trail.record_own(when, call, Verdict([decision]))
    _require(decision)


def require_key(rule_arn: str, key_id: str | None, service: str, region: str) -> None:
    """Raise Undelivered where the key of an encrypted queue or topic does not admit EventBridge.

    AWS's own keys never do: their policies cannot be changed.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    from moto.kms.models import kms_backends

    if not key_id:
        return
    key = None
    if "alias/aws/" not in key_id:
        with suppress(Exception):  # a key that does not exist: moto has several words for it
            key = kms_backends[ACCOUNT_ID][region].describe_key(key_id)
    if key is None or not key.enabled:
        raise Undelivered(NO_PERMISSIONS, f"EventBridge may not use the key {key_id}: it takes a customer's, enabled")
    via = Context({"kms:ViaService": f"{service}.{region}.amazonaws.com", "kms:CallerAccount": ACCOUNT_ID})
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        _require(evaluate(
            Request(EVENTS, action, key.arn, on_behalf_of(rule_arn) | via),
            Policies(resource=_parsed(f"the policy of key {key.arn}", key.policy), resource_account=key.account_id,
                     resource_must_allow=True),
        ))


def _parsed(name: str, policy: Any) -> Policy:
    try:
        return Policy.parse(name, policy or NO_POLICY)
    except PolicyError as error:
        raise Undelivered(NO_PERMISSIONS, f"{name} cannot be read: {error}") from error


def _require(decision: Decision) -> None:
    if not decision.allowed:
        raise Undelivered(NO_PERMISSIONS, explained(decision))
