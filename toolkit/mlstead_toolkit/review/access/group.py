"""What one principal may do with one place, put together from all that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlstead_toolkit.review.access.difference import Difference
from mlstead_toolkit.review.access.permission import Permission
from mlstead_toolkit.review.access.tail import tail_of
from mlstead_toolkit.review.access.words.actions import Verb, verbs
from mlstead_toolkit.review.access.words.level import Level
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.access.words.places import PASS_ROLE, place, stored
from mlstead_toolkit.review.access.words.principals import principal


@dataclass(frozen=True, slots=True)
class Group:
    """What one principal may do with one place, on one side alone.

    Args:
        who: in words.
        where: in words.
        differences: what it consists of.
    """

    who: str
    where: str
    differences: tuple[Difference, ...]

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """What is said."""
        return tuple(one.permission for one in self.differences)

    @property
    def first(self) -> Permission:
        """One of what is said: realm, effect and holder are the same for all."""
        return self.differences[0].permission

    @property
    def passes_role(self) -> bool:
        """Whether it is about handing a role to a service."""
        return self.first.allows and all(one.action.text.lower() == PASS_ROLE for one in self.permissions)

    @property
    def level(self) -> Level:
        """How much it lets somebody do."""
        return max(verb.level for verb in self.verbs)

    @property
    def verbs(self) -> tuple[Verb, ...]:
        """What is done. A key that is used for objects adds nothing to what is done with the objects."""
        of_keys = [one for one in self.permissions if stored(one) and one.action.text.lower().startswith("kms:")]
        others = [one for one in self.permissions if one not in of_keys]
        found = tuple(verb for one in others or of_keys for verb in verbs(one.action))
        if others:
            reads = any(verb.words in ("read", "query") for verb in found)
            return tuple(verb for verb in found if not (reads and verb.words in ("list", "see")))
        return tuple(Verb(verb.words.removesuffix(" with"), verb.level, verb.order) for verb in found)


def grouped(differences: Iterable[Difference], words: Lexicon) -> list[Group]:
    """Put together what is about the same principal and the same place."""
    found: dict[tuple[object, ...], list[Difference]] = {}
    aside: list[tuple[tuple[object, ...], Difference]] = []
    for difference in differences:
        one = difference.permission
        who, where = principal(one.holder, one.conditions, words), place(one, words)
        passing = one.action.text.lower() == PASS_ROLE
        # Of what is allowed in several ways the widest counts; what is denied in several ways is told one by one.
        way = "" if one.allows else tail_of([one], words)
        key: tuple[object, ...] = (
            one.realm, one.allows, passing, difference.held is None, one.holder.kind, who, one.subject, where, way,
        )
        objects = stored(one)
        if one.action.text.lower().startswith("kms:") and objects and not any(path for _, path in objects):
            aside.append((key, difference))
        else:
            found.setdefault(key, []).append(difference)
    for key, difference in aside:
        _put_beside(found, key, difference)
    return [Group(str(key[5]), str(key[7]), tuple(several)) for key, several in found.items()]


def _put_beside(
    found: dict[tuple[object, ...], list[Difference]], key: tuple[object, ...], difference: Difference
) -> None:
    """Put the use of a key for a bucket as a whole beside what the same principal may do with objects in it."""
    buckets = {bucket for bucket, _ in stored(difference.permission)}
    for other, several in found.items():
        if other[:7] == key[:7] and any(buckets & {bucket for bucket, _ in stored(one.permission)} for one in several):
            several.append(difference)
            return
    found.setdefault(key, []).append(difference)
