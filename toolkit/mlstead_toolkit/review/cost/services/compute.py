"""Amazon EC2: instances on demand with Linux, and volumes.

https://aws.amazon.com/ec2/pricing/on-demand/, https://aws.amazon.com/ebs/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.cost.charge import Charge, Charges, Use
from mlstead_toolkit.review.cost.reading import number, text


def _instance(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    machine = text(resource, "instanceType")
    yield Charge(f"ec2 {machine}", f"1 of {machine} with Linux")
    yield Use("volumes and data out")


def _volume(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    kind, size = text(resource, "type", "gp2"), number(resource, "size", 1)
    yield Charge(f"ebs {kind}", f"{size} GB of {kind}", size)


CHARGES: Final[dict[str, Charges]] = {
    "aws:ebs/volume:Volume": _volume,
    "aws:ec2/instance:Instance": _instance,
}
