"""A resource as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlstead_toolkit.policies.block import Block


@dataclass(frozen=True)
class Resource(Block):
    """A resource of a Pulumi program, its inputs checked and completed by the provider.

    Args:
        type: the token, such as aws:s3/bucket:Bucket.
        name: its name in the program.
        urn: its URN.
        parent: URN of the component it belongs to.
        protect: whether Pulumi refuses to delete it.
        depends_on: URNs of all it depends on.
        property_dependencies: for each property, URNs of the resources that its value came from.
        linked: whether that is told: Pulumi keeps it to itself until the whole stack is known.
    """

    type: str
    name: str
    urn: str
    parent: str = ""
    protect: bool = False
    depends_on: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    linked: bool = True
