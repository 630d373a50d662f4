"""The foundation's catalog as a project sees it, from plain outputs."""

from __future__ import annotations

import pulumi

from mlstead.foundation_outputs import FoundationOutputs
from mlstead.lake.zones import Zone


class CatalogReference:
    """A handle on the catalog in another stack; it makes nothing itself.

    Args:
        foundation: the foundation whose output `catalog` is Catalog.outputs.
    """

    def __init__(self, foundation: FoundationOutputs) -> None:
        self._foundation = foundation

    def database(self, zone: Zone) -> pulumi.Output[str]:
        """Give the name of a data zone's database."""
        return self._foundation.output("catalog", "databases", zone)

    @property
    def sensitivity_tag(self) -> pulumi.Output[str]:
        """The key of the tag that says how sensitive a table or a column is."""
        return self._foundation.output("catalog", "sensitivity_tag")

    @property
    def encryption_key_arn(self) -> pulumi.Output[str]:
        """The key that encrypts the catalog's metadata."""
        return self._foundation.output("catalog", "encryption_key_arn")
