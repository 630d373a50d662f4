"""A project's view of its foundation: one stack reference, checked, and the handles on what lies behind it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pulumi

from mlstead.context import RESERVED, Context
from mlstead.refusal import Refusal

if TYPE_CHECKING:
    from mlstead.catalog_reference import CatalogReference
    from mlstead.lake_reference import LakeReference
    from mlstead.network_reference import NetworkReference


class FoundationReference:
    """The foundation that an environment's projects share, from its stack's outputs; it makes nothing itself.

    Args:
        stack: the foundation's stack: organization/mlstead-foundation/<environment>.
        context: where the project lives.

    Raises:
        Refusal: the project has a name that is not a project's; or, when its outputs are resolved, the foundation lies
            in another account or region, or does not tell what is asked for.
    """

    def __init__(self, stack: str, context: Context) -> None:
        # Policies of the lake go by the project's name: these would open what is everyone's, or everything.
        if context.project in RESERVED:
            raise Refusal(f"No project can be called {context.project}.", where="`name` in Pulumi.yaml",
                          fix="rename it, for example flight-delays")
        self.context = context
        self._stack = stack
        self._outputs = pulumi.StackReference(stack).outputs.apply(self._check)

    @cached_property
    def lake(self) -> LakeReference:
        """The data lake."""
        from mlstead.lake_reference import LakeReference

        return LakeReference(self)

    @cached_property
    def network(self) -> NetworkReference:
        """The private network that jobs, endpoints and notebooks run in."""
        from mlstead.network_reference import NetworkReference

        return NetworkReference(self)

    @cached_property
    def catalog(self) -> CatalogReference:
        """The databases of the lake's zones, and who may query what."""
        from mlstead.catalog_reference import CatalogReference

        return CatalogReference(self)

    @property
    def operations_key_arn(self) -> pulumi.Output[str]:
        """The key of logs and alarms."""
        return self.output("operations_key_arn")

    def output(self, *path: str) -> pulumi.Output[Any]:
        """Give an output, or what lies in it: output("lake", "zones")."""

        def find(outputs: Mapping[str, Any]) -> Any:
            value: Any = outputs
            for part in path:
                if not isinstance(value, Mapping) or part not in value:
                    raise Refusal(
                        f"The foundation has no output {'.'.join(path)}.", where=f"the stack {self._stack}",
                        fix="bring the foundation up with this version of mlstead, or correct the setting `foundation`",
                    )
                value = value[part]
            return value

        return self._outputs.apply(find)

    def _check(self, outputs: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Refuse a foundation in another place: a key, a subnet or a bucket's events would be out of reach."""
        known = outputs or {}
        for what, here in (("region", self.context.region), ("account_id", self.context.account_id)):
            there = known.get(what)
            if isinstance(there, str) and there != here:
                raise Refusal(
                    f"The foundation's {what.removesuffix('_id')} is {there}, the project's is {here}.",
                    where=f"the stack {self._stack}",
                    fix="set aws:region to the foundation's" if what == "region"
                    else "take credentials of the foundation's account, or correct the setting `foundation`",
                )
        return known
