"""One side of a change, its resources found by whatever others call them; the base in the words of the head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import UNKNOWN, ResourceReference, Secret, reveal
from mlstead_toolkit.policies.analysis import as_resource
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.type_pattern import is_one_of
from mlstead_toolkit.review.comparison import Comparison, Graph

_CALLED: Final = ("arn", "id", "name", "bucket", "keyId", "url")
"""Outputs by which other resources and policies call one."""
_MADE: Final = ("arn", "keyId", "url")
"""Those that AWS makes up."""
_SHORTEST: Final = 8
"""A name that is shorter may be a word of its own: it is not looked for inside of other texts."""
_EDGE = r"[A-Za-z0-9_-]"


@dataclass(frozen=True)
class Side:
    """What there is on one side, by URNs and names of the head wherever the head has the same thing.

    Args:
        resources: what is no component, inputs in clear.
        outputs: of each resource, by URN.
        references: outputs of other stacks.
    """

    resources: tuple[Resource, ...]
    outputs: Mapping[str, Mapping[str, Any]]
    references: Mapping[str, Mapping[str, Any]]

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for one in self.resources:
            for name in self.names(one):
                found.setdefault(name, []).append(one)
        return {name: tuple(several) for name, several in found.items()}

    def names(self, resource: Resource) -> tuple[str, ...]:
        """Give everything that others call a resource by."""
        outputs = self.outputs.get(resource.urn, {})
        # An ARN or a URL that was put in is another's: that of what a rule starts, of the topic that a policy is for.
        return tuple(dict.fromkeys(
            value for key in _CALLED if isinstance(value := outputs.get(key), str) and value
            and not (key in _MADE and key in resource.properties)
        ))

    def of(self, *types: str) -> Iterator[Resource]:
        """Give the resources of some types; `aws:sagemaker/*` is one way to say it."""
        return (one for one in self.resources if is_one_of(one.type, types))

    def find(self, name: object, *types: str) -> Resource | None:
        """Give the resource that is called so, of some types where any are given."""
        if not isinstance(name, str):
            return None
        return next((one for one in self._by_name.get(name, ()) if not types or is_one_of(one.type, types)), None)

    def arn(self, resource: Resource) -> str:
        """Give a resource's ARN; its id where it has none."""
        outputs = self.outputs.get(resource.urn, {})
        return str(outputs.get("arn") or outputs.get("id") or resource.name)


def sides(comparison: Comparison) -> tuple[Side, Side]:
    """Give the base as the head would call it, and the head."""
    before, after = comparison.before, comparison.after
    pairs = _pairs(before, after, comparison.renamed)
    translate = _translation(before, after, pairs)
    return _side(before, pairs, translate), _side(after, {}, lambda value: value)


def _plain(value: Any) -> Any:
    """Give secrets in clear, and for what is not known a text: it is like nothing else."""
    if value is UNKNOWN:
        return "⟨not known⟩"
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return _plain(reveal(value)) if isinstance(value, Secret | ResourceReference) else value


def _side(graph: Graph | None, pairs: Mapping[str, str], translate: Any) -> Side:
    if graph is None:
        return Side((), {}, {})
    resources, outputs = [], {}
    for state in graph.resources:
        if not state.custom:
            continue
        urn = pairs.get(state.urn, state.urn)
        resource = as_resource(state.copy(inputs=translate(_plain(state.inputs))))
        resources.append(Resource(
            resource.properties, resource.type, urns.name_of(urn), urn, resource.parent, resource.protect,
        ))
        outputs[urn] = translate(_plain({"id": state.id, **state.outputs} if state.id else dict(state.outputs)))
    references = {name: _plain(dict(each)) for name, each in graph.references.items()}
    return Side(tuple(resources), outputs, translate(references))


def _pairs(before: Graph | None, after: Graph | None, renamed: Mapping[str, str]) -> Mapping[str, str]:
    """Map URNs of the base to the head's: by alias, or where type and ARN are the same."""
    if before is None or after is None:
        return {}
    there = {one.urn for one in after.resources}
    pairs = {old: new for new, old in renamed.items()}
    left = {_signature(one): one.urn for one in before.resources if one.urn not in there and one.urn not in pairs}
    known = {one.urn for one in before.resources} | set(renamed)
    for one in after.resources:
        if one.urn not in known and (old := left.get(_signature(one))) and _signature(one)[1]:
            pairs[old] = one.urn
    return pairs


def _signature(state: ResourceState) -> tuple[str, str]:
    arn = reveal(state.outputs.get("arn"))
    return state.type, arn if isinstance(arn, str) else ""


def _translation(before: Graph | None, after: Graph | None, pairs: Mapping[str, str]) -> Any:
    """Give what writes names of the base as the head has them, in whatever they stand."""
    if before is None or after is None:
        return lambda value: value
    heads = {one.urn: one for one in after.resources if one.custom}
    new_names: dict[str, str] = {}
    for old in before.resources:
        new = heads.get(pairs.get(old.urn, old.urn))
        if new is None or not old.custom:
            continue
        for was, now in _differing(old, new):
            new_names.setdefault(was, now)
    # A name that the head still has belongs to something else there.
    kept = {name for one in heads.values() for name in _named(one).values()}
    new_names = {was: now for was, now in new_names.items() if was not in kept}
    return _Translation(new_names) if new_names else lambda value: value


class _Translation:
    def __init__(self, new_names: Mapping[str, str]) -> None:
        self._new_names = new_names
        inside = sorted((each for each in new_names if len(each) >= _SHORTEST or "⟨" in each),
                        key=lambda each: (-len(each), each))
        either = "|".join(map(re.escape, inside))
        self._inside = re.compile(f"(?<!{_EDGE})(?:{either})(?!{_EDGE})") if inside else None

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            if value in self._new_names:
                return self._new_names[value]
            return self._inside.sub(lambda found: self._new_names[found[0]], value) if self._inside else value
        if isinstance(value, dict):
            return {key: self(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self(inner) for inner in value]
        return value


def _named(state: ResourceState) -> dict[str, str]:
    known = {"id": state.id} | state.outputs
    return {key: value for key in _CALLED if isinstance(value := reveal(known.get(key)), str) and value}


def _differing(old: ResourceState, new: ResourceState) -> Iterator[tuple[str, str]]:
    now = _named(new)
    return ((name, now[key]) for key, name in _named(old).items() if now.get(key, name) != name)
