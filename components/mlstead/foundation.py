"""A project's view of its foundation: the handles on what lies behind one stack reference."""

from __future__ import annotations

import pulumi

from mlstead.catalog.reference import CatalogReference
from mlstead.context import Context
from mlstead.exploration.reference import StudioReference
from mlstead.foundation_outputs import FoundationOutputs
from mlstead.lake.reference import LakeReference
from mlstead.network.reference import NetworkReference
from mlstead.own_names import RESERVED
from mlstead.refusal import Refusal


class FoundationReference:
    """The foundation that an environment's projects share; it makes nothing itself.

    Args:
        stack: the foundation's stack: organization/mlstead-foundation/<environment>.
        context: where the project lives.

    Raises:
        Refusal: the project has a name that is not a project's; or, when its outputs are resolved, the foundation lies
            in another account or region, or does not tell what is asked for.
    """

    lake: LakeReference
    network: NetworkReference
    catalog: CatalogReference
    studio: StudioReference

    def __init__(self, stack: str, context: Context) -> None:
        # Policies of the lake go by the project's name: these would open what is everyone's, or everything.
        if context.project in RESERVED:
            raise Refusal(f"No project can be called {context.project}.", where="`name` in Pulumi.yaml",
                          fix="rename it, for example flight-delays")
        self._outputs = FoundationOutputs(stack, context)
        self.lake, self.network = LakeReference(self._outputs), NetworkReference(self._outputs)
        self.catalog, self.studio = CatalogReference(self._outputs), StudioReference(self._outputs)

    @property
    def operations_key_arn(self) -> pulumi.Output[str]:
        """The key of logs and alarms."""
        return self._outputs.output("operations_key_arn")

    @property
    def token_key_arn(self) -> pulumi.Output[str]:
        """The key that tokens are derived from."""
        return self._outputs.output("token_key_arn")
