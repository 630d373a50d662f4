"""A rule: what must hold of a type of resource, where that is asked for, and how it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from mlstead_toolkit.policies.level import Level
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.policies.type_pattern import is_one_of

Check: TypeAlias = Callable[[Resource, Stack], Iterator[str]]


@dataclass(frozen=True)
class Rule:
    """A rule of the pack.

    Args:
        id: its name, as in s3-public-access-blocked.
        level: whether breaking it stops a deployment.
        controls: where it is asked for, such as "FSBP S3.8" or "mlstead ML.3".
        title: what must hold, one sentence.
        fix: what to do where it does not, one sentence.
        types: tokens of the types it judges; `*` stands for anything. `pulumi:pulumi:Stack` is the stack as a whole.
        check: gives one sentence for each thing that is wrong: what stands there, without the remedy. It reads
            properties through Resource's methods alone, which raise NotDecided on what is unknown.
    """

    id: str
    level: Level
    controls: tuple[str, ...]
    title: str
    fix: str
    types: tuple[str, ...]
    check: Check

    def judges(self, resource: Resource) -> bool:
        """Tell whether the rule has a say in a resource."""
        return is_one_of(resource.type, self.types)
