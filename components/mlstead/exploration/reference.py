"""The foundation's Studio domain as a project sees it, from plain outputs."""

from __future__ import annotations

import pulumi

from mlstead.foundation_outputs import FoundationOutputs


class StudioReference:
    """A handle on the Studio domain in another stack; it makes nothing itself.

    Args:
        foundation: the foundation whose output `studio` is StudioDomain.outputs.
    """

    def __init__(self, foundation: FoundationOutputs) -> None:
        self._foundation = foundation

    @property
    def domain_id(self) -> pulumi.Output[str]:
        """The domain's id, d-…"""
        return self._foundation.output("studio", "domain_id")
