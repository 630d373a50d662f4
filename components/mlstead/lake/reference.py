"""The foundation's lake as a project sees it: the same grants, from plain outputs."""

from __future__ import annotations

import pulumi

from mlstead.foundation_outputs import FoundationOutputs
from mlstead.lake.grants import LakeGrants
from mlstead.lake.zones import Zone


class LakeReference(LakeGrants):
    """A handle on the lake in another stack; it makes nothing itself.

    Args:
        foundation: the foundation whose output `lake` is DataLake.outputs.
    """

    def __init__(self, foundation: FoundationOutputs) -> None:
        self._foundation = foundation

    def bucket(self, zone: Zone) -> pulumi.Output[str]:
        """Give the name of a zone's bucket."""
        return self._foundation.output("lake", "zones", zone, "bucket")

    def bucket_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of a zone's bucket."""
        return self._foundation.output("lake", "zones", zone, "arn")

    def key_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of the key that encrypts a zone."""
        return self._foundation.output("lake", "zones", zone, "key_arn")
