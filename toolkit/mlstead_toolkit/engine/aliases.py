"""The former names of a resource: which URNs of the state may be meant by one that is registered now."""

from __future__ import annotations

from collections.abc import Mapping

from mlstead_toolkit.engine import urn
from mlstead_toolkit.engine.goal import Goal
from mlstead_toolkit.engine.protocol import alias_pb2


def former_urns(goal: Goal, stack: str, project: str, renamed: Mapping[str, str]) -> list[str]:
    """List the URNs to look for, most likely first.

    Args:
        goal: the registration.
        stack: the stack's short name.
        project: the project's name.
        renamed: registered URN → the former URN under which it was found, for what is registered so far.
    """
    found = [_collapse(alias, goal, stack, project, renamed) for alias in goal.aliases]
    former_parent = renamed.get(goal.parent)
    if former_parent:
        parent_name = urn.name_of(goal.parent)
        own = [(goal.type, goal.name)] + [(urn.type_of(item), urn.name_of(item)) for item in found]
        found += [_inherited(type_, name, parent_name, former_parent, stack, project) for type_, name in own]
    return list(dict.fromkeys(found))


def _collapse(alias: alias_pb2.Alias, goal: Goal, stack: str, project: str, renamed: Mapping[str, str]) -> str:
    if alias.WhichOneof("alias") == "urn":
        return alias.urn
    spec = alias.spec
    parent = goal.parent
    if spec.parentUrn:
        parent = renamed.get(spec.parentUrn, spec.parentUrn)
    if spec.noParent or (parent and urn.type_of(parent) == urn.STACK_TYPE):
        parent = ""
    return urn.make(spec.stack or stack, spec.project or project, parent, spec.type or goal.type,
                    spec.name or goal.name)


def _inherited(type_: str, name: str, parent_name: str, former_parent: str, stack: str, project: str) -> str:
    # A child that carries its parent's name in front carried the parent's former name then.
    if name.startswith(parent_name):
        name = urn.name_of(former_parent) + name.removeprefix(parent_name)
    return urn.make(stack, project, former_parent, type_, name)
