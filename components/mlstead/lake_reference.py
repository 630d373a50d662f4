"""The foundation's lake as a project sees it: the same grants, from plain outputs."""

from __future__ import annotations

import pulumi

from mlstead.foundation import foundation_output
from mlstead.lake_grants import LakeGrants, Zone


class LakeReference(LakeGrants):
    """A handle on the lake in another stack; it makes nothing itself.

    Args:
        foundation: reference to a stack whose output `lake` is DataLake.outputs.
    """

    def __init__(self, foundation: pulumi.StackReference) -> None:
        self._foundation = foundation

    @classmethod
    def from_stack(cls, foundation: pulumi.StackReference) -> LakeReference:
        """Take the lake of the foundation's stack."""
        return cls(foundation)

    def bucket(self, zone: Zone) -> pulumi.Output[str]:
        """Give the name of a zone's bucket."""
        return foundation_output(self._foundation, "lake", "zones", zone, "bucket")

    def bucket_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of a zone's bucket."""
        return foundation_output(self._foundation, "lake", "zones", zone, "arn")

    def key_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of the key that encrypts a zone."""
        return foundation_output(self._foundation, "lake", "zones", zone, "key_arn")
