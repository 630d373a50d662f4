"""The foundation's network as a project sees it: the same grant, from plain outputs."""

from __future__ import annotations

import pulumi

from mlstead.foundation_outputs import FoundationOutputs
from mlstead.network.access import NetworkAccess


class NetworkReference(NetworkAccess):
    """A handle on the network in another stack; it makes nothing itself.

    Args:
        foundation: the foundation whose output `network` is Network.outputs.
    """

    def __init__(self, foundation: FoundationOutputs) -> None:
        self._foundation = foundation

    @property
    def vpc_id(self) -> pulumi.Output[str]:
        """The VPC."""
        return self._foundation.output("network", "vpc_id")

    @property
    def subnet_ids(self) -> pulumi.Output[list[str]]:
        """Its private subnets, one a zone: two or three."""
        return self._foundation.output("network", "subnet_ids")

    @property
    def security_group_id(self) -> pulumi.Output[str]:
        """The security group of jobs and endpoints."""
        return self._foundation.output("network", "security_group_id")

    @property
    def notebook_security_group_id(self) -> pulumi.Output[str]:
        """The security group of notebooks."""
        return self._foundation.output("network", "notebook_security_group_id")
