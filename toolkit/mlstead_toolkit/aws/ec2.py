"""What the types of EC2 share: ids that EC2 makes up, tags as the only names, and addresses that must be networks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import IPv4Network, ip_network
from typing import Any, Final

from mlstead_toolkit.aws.properties import Property, string
from mlstead_toolkit.aws.schema import Call, Tagging
from mlstead_toolkit.aws.tags import all_tags
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

OWNER: Final = string("ownerId")
NO_IPV6: Final = "the local cloud's networks have IPv4 addresses only"
NO_POOLS: Final = "the local cloud has no address manager (IPAM)"


def identified(member: str, kind: str) -> tuple[Property, Property]:
    """Give the outputs that every EC2 resource has: its id, which answers call `member`, and its ARN ("vpc/vpc-1")."""
    return (string("id", api=member),
            string("arn", api="", template=f"arn:{{partition}}:ec2:{{region}}:{{account}}:{kind}/{{id}}"))


def tagging(kind: str) -> Tagging:
    """Say how the resources of a kind ("vpc") carry tags."""
    return Tagging(handle=("Resources", "id"), listing="DescribeTags", listed="Tags", add="CreateTags",
                   remove="DeleteTags", on_create="TagSpecifications", keys="Tags", specification=kind)


def describe(operation: str, ids: str, result: str) -> Call:
    """Describe one resource by its id: `ids` is the member that takes it, `result` the list in the answer."""
    return Call(operation, ids=(ids, "id"), result=f"{result}.0")


def made(call: Call, *filters: tuple[str, str], fits: Callable[[dict[str, Any], Properties], bool] | None = None,
         dated: str = "", filtered: str = "Filters") -> Callable[[Work, float], str | None]:
    """Make the search for what a creation that was cut off has left.

    Tags are the only names in EC2: it is the first with the same tags that is no other's, among those whose `filters`
    (name, property) and inputs fit. `dated` is the member that tells when it was made, where AWS tells that. What has
    no tags is looked for only where it was made lately, or within something that is ours.
    """
    told = bool(dated) or any(name.endswith("-id") for name, _ in filters)

    def find(work: Work, since: float) -> str | None:
        started, wanted = datetime.fromtimestamp(since - 1, UTC), all_tags(work.inputs, work.default_tags)
        if not (wanted or told):
            return None
        asked = [{"Name": name, "Values": [work.inputs[property_]]} for name, property_ in filters
                 if work.inputs.get(property_) is not None]
        answer = work.call(call.operation, **({filtered: asked} if asked else {}))
        member = next(str(line.api) for line in work.row.outputs if line.name == work.row.key[0])
        for entry in answer.get(call.result.split(".")[0], []):
            tags = {tag["Key"]: tag["Value"] for tag in entry.get("Tags", []) if not tag["Key"].startswith("aws:")}
            if (tags == wanted and entry[member] not in work.held and not (dated and entry[dated] < started)
                    and str(entry.get("State", "")).lower() not in ("deleting", "deleted", "failed")
                    and (fits is None or fits(entry, work.inputs))):
                return str(entry[member])
        return None

    return find


def read_more(work: Work) -> None:
    """Read what calls of their own tell, right after creation: other resources are built on it."""
    for call in work.row.reads:
        work.outputs.update(work.describe(call) or {})


def network_fault(value: object, *, longest: int = 32, shortest: int = 0, version: int = 4) -> str | None:
    """Say what is wrong with a CIDR block; `shortest` and `longest` limit the length of its prefix."""
    if not isinstance(value, str):
        return None
    try:
        network = ip_network(value)
    except ValueError:
        return f"is {value!r}, which is no network: {_written(value)}"
    if network.version != version or "/" not in value:
        return f"is {value!r}, which is no IPv{version} network such as {'10.0.0.0/16' if version == 4 else '::/0'}"
    if not shortest <= network.prefixlen <= longest:
        return f"is a /{network.prefixlen}, and must be from /{shortest} to /{longest}"
    return None


def _written(value: str) -> str:
    try:
        return f"write {IPv4Network(value, strict=False)}"
    except ValueError:
        return "write it as 10.0.0.0/16"
