"""The sentences of the access section: one for each principal and place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mlstead_toolkit.review.access.condition import Condition
from mlstead_toolkit.review.access.group import Group
from mlstead_toolkit.review.access.permission import Permission, Realm
from mlstead_toolkit.review.access.sources.identity import ALL_OF_IT
from mlstead_toolkit.review.access.tail import tail_of, without_origin
from mlstead_toolkit.review.access.words.actions import joined, listed
from mlstead_toolkit.review.access.words.conditions import in_words
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.access.words.places import place

_TRUST: Final = ("sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml", "sts:*", "*")
_SHOWN: Final = 6  # of what somebody new may do
_PARTS: Final = 3  # of a place


def phrase(group: Group, words: Lexicon) -> str:
    """Write what is done, where, and under which conditions."""
    said = doing(group)
    tail = tail_of(group.permissions, words)
    return f"{said}{' ' if tail else ''}{tail}"


def doing(group: Group) -> str:
    """Write what is done, and where."""
    bare = [verb for verb in group.verbs if verb.bare]
    others = [verb for verb in group.verbs if not verb.bare]
    said = [f"{joined(others)} {group.where}"] if others else []
    said += [joined(bare)] if bare else []
    return listed(said).replace("do anything with anything", "do anything")


def sentence(group: Group, words: Lexicon, *, now: bool) -> str:
    """Write the whole sentence.

    Args:
        group: what is said on one side alone.
        words: what things are called.
        now: whether the side is the head.
    """
    one = group.first
    if not one.allows:
        return _denied(group, words, now=now)
    only = _only(group, words, now=now)
    may = "may now" if now or only else "may no longer"
    said = doing(group) if only else phrase(group, words)
    lets = "now lets" if now or only else "no longer lets"
    if one.realm is Realm.BOUNDARY:
        return f"{group.who} {lets} roles {said}{only}"
    if one.realm is Realm.ENDPOINT:
        return f"{words.known.get(one.subject, one.subject)} {lets} {group.who} {said}{only}"
    if one.realm is Realm.TRUST and any(each.action.text.lower() in _TRUST for each in group.permissions):
        tail = tail_of(group.permissions, words)
        return f"{group.where} {may} be assumed by {group.who}{' ' if tail and not only else ''}" \
               f"{'' if only else tail}{only}"
    if group.passes_role:
        return f"{group.who} {may} hand {group.where} to {_services(group.permissions)}{only}"
    return f"{group.who} {may} {said}{only or _part(group, words, now=now)}"


def new_principal(who: str, groups: Iterable[Group]) -> str:
    """Write what somebody new may do, as a short list."""
    by_verbs: dict[str, list[str]] = {}
    for group in sorted(groups, key=lambda each: (-each.level, each.where)):
        bare = all(verb.bare for verb in group.verbs)
        by_verbs.setdefault(joined(group.verbs), []).extend([] if bare else [group.where])
    said = [f"{done} {listed(sorted(set(places)))}" if places else done for done, places in by_verbs.items()]
    said = [one.replace("do anything with anything", "do anything") for one in said]
    more = len(said) - _SHOWN
    shown = said[:_SHOWN] + ([f"{more} more"] if more > 0 else [])
    return f"{who} is new: it may {listed(shown) if len(shown) < 3 else '; '.join(shown)}"


def details(permissions: Iterable[Permission], words: Lexicon) -> tuple[str, ...]:
    """Write the actions, resources and conditions, a line for each resource and set of conditions."""
    lines: dict[tuple[str, str], set[str]] = {}
    for one in permissions:
        held = " and ".join(str(each) for each in sorted(one.conditions))
        action = "all of it" if one.action.text == ALL_OF_IT else str(one.action)
        lines.setdefault((words.plain(str(one.resource)), words.plain(held)), set()).add(action)
    return tuple(
        f"{', '.join(sorted(actions))} on {resource}{f' where {held}' if held else ''}"
        for (resource, held), actions in sorted(lines.items())
    )


def together(groups: Iterable[Group], words: Lexicon) -> list[Group]:
    """Put together what the same principal does with several places in the same way: one sentence tells all."""
    found: dict[tuple[object, ...], list[Group]] = {}
    for group in groups:
        one = group.first
        alone = group.where if one.realm is Realm.TRUST or any(each.parts for each in group.differences) else ""
        key = (
            one.realm, one.allows, group.passes_role, one.holder, group.who, one.subject, alone,
            frozenset(group.verbs), tail_of(group.permissions, words),
            frozenset(each.held for each in group.differences),
            _services(group.permissions) if group.passes_role else "",
        )
        found.setdefault(key, []).append(group)
    return [
        Group(several[0].who, listed(sorted({one.where for one in several})),
              tuple(each for one in several for each in one.differences))
        for several in found.values()
    ]


def _only(group: Group, words: Lexicon, *, now: bool) -> str:
    """Write what it is held to on the other side, where that is all that differs."""
    held, spared = _held(group)
    said = []
    if held:
        said.append(f"{', no longer only' if now else ' only'} {in_words(held, words)}")
    if spared:
        said.append(f"{', now also' if now else ', no longer'} {in_words(spared, words)}")
    return "".join(said)


def _held(group: Group) -> tuple[list[Condition], list[Condition]]:
    """Give what the other side is held to, and what it spares: conditions that must not hold, as if they did."""
    held = without_origin({each for one in group.differences for each in one.held or ()})
    return ([one for one in held if not one.negated],
            [replace(one, negated=False) for one in held if one.negated])


def _part(group: Group, words: Lexicon, *, now: bool) -> str:
    """Write which part of the place it is on the other side, where that can be said shortly."""
    places = sorted({place(part, words) for one in group.differences for part in one.parts} - {group.where})
    if not places or len(places) > _PARTS:
        return ""
    return f", no longer only {listed(places)}" if now else f", only {listed(places)} still"


def _denied(group: Group, words: Lexicon, *, now: bool) -> str:
    held, spared = _held(group)
    if (held or spared) and not now:
        only = in_words([*held, *(replace(one, negated=True) for one in spared)], words)
        if held:
            return f"{group.who} is now denied to {doing(group)} only {only}"
        return f"{group.who} is no longer denied to {doing(group)} {in_words(spared, words)}"
    if group.first.realm is Realm.BOUNDARY:
        return f"{group.who} {'now denies' if now else 'no longer denies'} roles to {phrase(group, words)}"
    return f"{group.who} is {'now' if now else 'no longer'} denied to {phrase(group, words)}"


def _services(permissions: Iterable[Permission]) -> str:
    named: set[str] = set()
    for one in permissions:
        services = {value for each in one.conditions if each.name == "iam:passedtoservice" and not each.negated
                    for value in each.values}
        if not services:
            return "any service"
        named |= services
    return listed(sorted(named))
