"""Controls that are weaker on the head than on the base, and that no rule tells of."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.policies.analysis import as_resource
from mlstead_toolkit.policies.type_pattern import is_one_of
from mlstead_toolkit.review.policies.controls import CONTROLS
from mlstead_toolkit.review.policies.own_keys import key_rules, lost_keys
from mlstead_toolkit.review.policies.pairs import Pairs
from mlstead_toolkit.review.policies.watchers import lost_watchers
from mlstead_toolkit.review.report import PolicyChange, PolicyKind

_PROTECT = "stateful-protected"
_KEY = "encryption_key_arn"
"""The argument of a component by which a resource has a key of one's own."""


def control_changes(pairs: Pairs, told: Collection[tuple[str, str]]) -> Iterator[PolicyChange]:
    """Tell what is weaker.

    Args:
        pairs: both sides.
        told: rules that are newly broken, each with the resource's name: what they say is not said twice.
    """
    for before, after in pairs.kept:
        name = urns.name_of(after.urn)
        broken = {rule for rule, subject in told if subject == name}
        for control, text in _weaker(before, after, broken, pairs):
            yield PolicyChange(PolicyKind.WEAKENED, control, "", name, text, place=pairs.place(after.urn))
    for urn, text in lost_watchers(pairs, told):
        yield PolicyChange(PolicyKind.WEAKENED, "watched", "", urns.name_of(urn), text, place=pairs.place(urn))


def _weaker(before: ResourceState, after: ResourceState, broken: set[str], pairs: Pairs
            ) -> Iterator[tuple[str, str]]:
    if not after.custom:
        return
    old, new = as_resource(before), as_resource(after)
    for control in CONTROLS:
        if (is_one_of(after.type, control.types) and not broken.intersection(control.rules)
                and (text := control.weaker(old, new)) and not pairs.argued(after.parent, control.guard)):
            yield control.id, text
    if not broken.intersection(key_rules(after.type)) and not pairs.argued(after.parent, _KEY):
        yield from (("own-key", text) for text in lost_keys(before, after))
    if before.protect and not after.protect and _PROTECT not in broken and not pairs.argued(after.parent, "protect"):
        yield "protected", "Pulumi no longer refuses to delete it"
