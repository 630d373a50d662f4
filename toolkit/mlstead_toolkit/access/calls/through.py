"""What a service asks of a KMS key in the name of who calls it.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlstead_toolkit.access.calls.call import ApiCall, Known, Need
from mlstead_toolkit.access.request import Value


def uses_key(
    call: ApiCall, known: Known, service: str, key: str, *actions: str, context: Mapping[str, Value] | None = None
) -> Iterator[Need]:
    """Give what a service needs of a key.

    Args:
        call: that brings the service to use the key.
        known: what stands in the cloud.
        service: as kms:ViaService names it.
        key: its ARN; empty: AWS's own key, which asks nothing of anybody.
        actions: such as kms:Decrypt.
        context: context keys beside those that every use through a service brings.
    """
    if not key:
        return
    tags = {f"aws:ResourceTag/{name}": value for name, value in known.tags(key).items()}
    region = key.split(":")[3] if key.startswith("arn:") else call.region
    shared: dict[str, Value] = {
        "kms:ViaService": f"{service}.{region}.amazonaws.com", "kms:CallerAccount": call.account,
        "aws:ViaAWSService": True,
    }
    for action in actions:
        grant: dict[str, Value] = {"kms:GrantIsForAWSResource": True} if action == "kms:CreateGrant" else {}
        yield Need(action, key, {**shared, **grant, **tags, **known.traits(key), **(context or {})})
