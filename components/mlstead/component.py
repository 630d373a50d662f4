"""What all components share: the token, the tags, the parent of their children, the record of what was weakened."""

from __future__ import annotations

from typing import Protocol

import pulumi

from mlstead.context import Context
from mlstead.weakened import weakenings


class ComponentArgs(Protocol):
    """Arguments of any component."""

    @property
    def context(self) -> Context:
        """Where the component lives and whose it is."""


class Component(pulumi.ComponentResource):
    """A ComponentResource with the token mlstead:index:<class name>.

    Its weakened guards are among its inputs (`weakenings`: argument → reason), so that they show in state and plan.
    """

    def __init__(self, name: str, args: ComponentArgs, opts: pulumi.ResourceOptions | None) -> None:
        kind = type(self).__name__
        weak = weakenings(args)
        super().__init__(f"mlstead:index:{kind}", name, {"weakenings": weak} if weak else {}, opts)
        self.context = args.context
        self.tags = args.context.tags(kind)

    def _child(
        self, *, protect: bool | None = None, depends_on: list[pulumi.Resource] | None = None
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, protect=protect, depends_on=depends_on)
