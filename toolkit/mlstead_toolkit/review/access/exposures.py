"""What settings and security groups lay open, or close."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.policies.addresses import anywhere
from mlstead_toolkit.policies.block import Malformed
from mlstead_toolkit.review.access.openings.buckets import opened_buckets
from mlstead_toolkit.review.access.openings.network import Way, ways
from mlstead_toolkit.review.access.openings.opening import Opening
from mlstead_toolkit.review.access.openings.settings import opened_by_settings
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.told import Told
from mlstead_toolkit.review.access.words.level import Level
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.report import AccessChange, AccessKind

_UNREAD: Final = (
    "aws-native:*", "awscc:*", "aws:cloudcontrol/*", "aws:cloudformation/*", "command:*", "pulumi-python:*",
)
"""What may make roles, policies and anything else in a form that nothing here reads."""


def exposures(before: Side, after: Side, words: Lexicon) -> Iterator[Told]:
    """Tell what the settings of one side open and those of the other do not."""
    both = set(before.outputs) & set(after.outputs)
    was, now = (_openings(side, both) for side in (before, after))
    for one in now:
        if one not in was:
            yield _opening(one, words, now=True)
    for one in was:
        if one not in now and one.resource in after.outputs:
            yield _opening(one, words, now=False)
    inputs = {one.urn: one.properties for one in before.resources}
    for resource in after.of(*_UNREAD):
        if inputs.get(resource.urn) != resource.properties:
            yield _opening(Opening(resource.urn, resource.urn, "do what no review reads", resource.urn, resource.type),
                           words, now=True)
    ways_before, ways_after = list(ways(before)), list(ways(after))
    yield from _network(ways_after, ways_before, words, now=True)
    yield from _network(ways_before, ways_after, words, now=False)


def _openings(side: Side, both: set[str]) -> dict[Opening, None]:
    return dict.fromkeys([*opened_by_settings(side, both.__contains__), *opened_buckets(side, both.__contains__)])


def _opening(one: Opening, words: Lexicon, *, now: bool) -> Told:
    who = words.known.get(one.who, one.who)
    what = one.what.format(resource=words.known.get(one.resource, words.buckets.get(one.resource, one.resource)))
    return Told(
        AccessChange(AccessKind.EXPOSURE if now else AccessKind.LOSES, who,
                     f"{who} {'may now' if now else 'may no longer'} {what}", (one.detail,), now,
                     urns.name_of(one.source)),
        Level.ADMINISTER, one.source,
    )


def _network(here: list[Way], there: list[Way], words: Lexicon, *, now: bool) -> Iterator[Told]:
    """Tell what security groups of one side alone let through."""
    found: dict[tuple[str, bool, str], list[Way]] = {}
    for one in here:
        if not any(other.covers(one) for other in there):
            found.setdefault((one.group, one.inwards, one.peer), []).append(one)
    for (group, inwards, peer), several in found.items():
        ports = " and ".join(sorted({one.ports for one in several}))
        called, open_wide = words.known.get(group, words.plain(group)), _anywhere(peer)
        other = words.known.get(peer) or ("the internet" if open_wide else words.plain(peer))
        may = "may now" if now else "may no longer"
        source = min(one.source for one in several)
        who = ("anybody on the internet" if open_wide else other) if inwards else called
        text = f"{who} {may} reach {ports} of {called if inwards else other}"
        lines = tuple(sorted(f"{'ingress' if inwards else 'egress'} {one.protocol} {one.ports}: {words.plain(one.peer)}"
                             for one in several))
        kind = AccessKind.LOSES if not now else AccessKind.EXPOSURE if open_wide else AccessKind.GAINS
        yield Told(AccessChange(kind, who, text, lines, now, urns.name_of(source)),
                   Level.ADMINISTER if open_wide else Level.WRITE, source)


def _anywhere(peer: str) -> bool:
    try:
        return anywhere(peer)
    except Malformed:
        return False
