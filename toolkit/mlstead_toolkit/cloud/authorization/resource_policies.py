"""The policies that stand at what something is done to: of buckets, keys, queues, topics, repositories and roles."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mlstead_toolkit.access import Policy
from mlstead_toolkit.access.decision import Kind
from mlstead_toolkit.cloud.authorization.resource_tags import backend

Reader = Callable[[str, str, str], tuple[str, Any]]
"""Gives what a policy is called, and its document; none where there is none."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The policy of a resource.

    Args:
        policy: None where the resource has none, or knows none.
        must_allow: whether nobody may who is not let by it, or left to the account: keys, and roles to assume.
        kind: what a decision calls it.
    """

    policy: Policy | None = None
    must_allow: bool = False
    kind: Kind = "resource-based policy"


def guard_of(action: str, resource: str) -> Guard:
    """Find the policy that has a say where an action is done to a resource."""
    if not resource.startswith("arn:"):
        return Guard()
    _, _, service, region, _, name = resource.split(":", 5)
    if service == "iam":
        if not action.startswith("sts:"):
            return Guard()  # a role's trust decides who becomes it, and nothing else about it
        return Guard(_read(_trust, resource, name, region), True, "role trust policy")
    reader = _READERS.get(service)
    policy = _read(reader, resource, name, region) if reader else None
    return Guard(policy, service == "kms" and policy is not None)


def _read(reader: Reader, resource: str, name: str, region: str) -> Policy | None:
    with suppress(Exception):  # what does not exist: moto has a word of its own for it in every service
        called, document = reader(resource, name, region)
        return Policy.parse(called, document) if document else None
    return None


def _trust(_: str, name: str, __: str) -> tuple[str, Any]:
    role = backend("iam", "").get_role(name.rpartition("/")[2])
    return f"the trust policy of {role.name}", role.assume_role_policy_document


def _bucket(_: str, name: str, __: str) -> tuple[str, Any]:
    bucket = name.partition("/")[0]
    policy = backend("s3", "").buckets[bucket].policy
    return f"the policy of bucket {bucket}", policy.decode() if policy else None


def _key(resource: str, name: str, region: str) -> tuple[str, Any]:
    # An alias has no policy: what is done to it is asked of the key besides.
    key = backend("kms", region).keys[name.removeprefix("key/")]
    return f"the policy of key {resource}", key.policy


def _topic(resource: str, name: str, region: str) -> tuple[str, Any]:
    return f"the policy of topic {name}", backend("sns", region).topics[resource].policy


def _queue(_: str, name: str, region: str) -> tuple[str, Any]:
    return f"the policy of queue {name}", backend("sqs", region).queues[name].policy


def _repository(_: str, name: str, region: str) -> tuple[str, Any]:
    return f"the policy of {name}", backend("ecr", region).repositories[name.partition("/")[2]].policy


_READERS: dict[str, Reader] = {"s3": _bucket, "kms": _key, "sns": _topic, "sqs": _queue, "ecr": _repository}
