"""The tags of what stands in this cloud. moto keeps them in as many ways as it has services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from mlstead_toolkit.cloud.account import ACCOUNT_ID, PARTITION

GLOBAL = frozenset({"iam", "s3"})


def tags_of(arn: str) -> Mapping[str, str]:
    """Give the tags of a resource; none where it does not exist, or where its service has none that policies know."""
    service = arn.split(":")[2]
    reader = _READERS.get(service, _from_tagger)
    with suppress(Exception):  # what does not exist: moto has a word of its own for it in every service
        return reader(backend(service, arn.split(":")[3]), arn)
    return {}


def backend(service: str, region: str) -> Any:
    """Give moto's backend of a service, as ARNs name it."""
    from moto.backends import get_backend

    return get_backend(service)[ACCOUNT_ID][PARTITION if service in GLOBAL else region]  # type: ignore[call-overload]


def _from_tagger(found: Any, arn: str) -> dict[str, str]:
    return dict(found.tagger.get_tag_dict_for_resource(arn))


def _iam(found: Any, arn: str) -> dict[str, str]:
    kind, _, path = arn.split(":", 5)[5].partition("/")
    if kind == "role":
        return _pairs(found.get_role(path.rpartition("/")[2]).tags)
    if kind == "policy":
        return _pairs(found.managed_policies[arn].tags)
    return _pairs(found.get_open_id_connect_provider(arn).tags) if kind == "oidc-provider" else {}


def _kms(found: Any, arn: str) -> dict[str, str]:
    return dict(found.tagger.get_tag_dict_for_resource(arn.rpartition("/")[2]))


def _ec2(found: Any, arn: str) -> dict[str, str]:
    return dict(found.tags.get(arn.rpartition("/")[2], {}))


def _logs(found: Any, arn: str) -> dict[str, str]:
    # What is asked of a group is asked of its ARN with a stream behind it; the group carries the tags.
    return _from_tagger(found, arn.partition(":log-stream:")[0])


def _sns(found: Any, arn: str) -> dict[str, str]:
    return dict(found.topics[arn]._tags)


def _sqs(found: Any, arn: str) -> dict[str, str]:
    return dict(found.queues[arn.rpartition(":")[2]].tags)


def _ssm(found: Any, arn: str) -> dict[str, str]:
    name = arn.rpartition(":parameter/")[2]
    held = found._resource_tags["Parameter"]
    return dict(held.get(name) or held.get(f"/{name}") or {})


def _sagemaker(found: Any, arn: str) -> dict[str, str]:
    return _pairs(found._get_resource_from_arn(arn).tags)


def _pairs(tags: Any) -> dict[str, str]:
    listed = tags.values() if isinstance(tags, dict) else tags or ()
    return {tag["Key"]: tag["Value"] for tag in listed}


_READERS: dict[str, Callable[[Any, str], Mapping[str, str]]] = {
    "ec2": _ec2, "iam": _iam, "kms": _kms, "logs": _logs, "s3": lambda _, __: {}, "sagemaker": _sagemaker, "sns": _sns,
    "sqs": _sqs, "ssm": _ssm,
}
