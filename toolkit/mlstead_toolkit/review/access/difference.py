"""What the policies of one side allow or deny and those of the other do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlstead_toolkit.review.access.condition import Condition, imply
from mlstead_toolkit.review.access.permission import Permission, Realm
from mlstead_toolkit.review.access.words.places import located

_Key = tuple[Realm, bool, str]


class Policies:
    """All that the policies of one side say, found by realm and service."""

    def __init__(self, permissions: Iterable[Permission]) -> None:
        self.all = dict.fromkeys(permissions)
        self._found: dict[_Key, list[Permission]] = {}
        for one in self.all:
            self._found.setdefault(_key(one), []).append(one)

    def like(self, permission: Permission, *, allows: bool | None = None) -> Iterator[Permission]:
        """Give what may say the same of the same service, or of every one."""
        realm, same, service = _key(permission)
        for which in dict.fromkeys((service, "")):
            yield from self._found.get((realm, same if allows is None else allows, which), ())

    def say(self, permission: Permission) -> bool:
        """Tell whether one of them says all that a permission says."""
        return permission in self.all or any(one.covers(permission) for one in self.like(permission))

    def say_more(self, permission: Permission) -> bool:
        """Tell whether another of them says all that one of them says, and more."""
        return any(one.covers(permission) and not permission.covers(one) for one in self.like(permission))

    def deny(self, permission: Permission) -> bool:
        """Tell whether one of them denies all that a permission allows."""
        return any(one.denies(permission) for one in self.like(permission, allows=False))


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is said on one side alone.

    Args:
        permission: what is said.
        held: where the other side says it under more conditions, those; None where it does not say it.
        parts: what the other side says of a part of the resource.
    """

    permission: Permission
    held: frozenset[Condition] | None = None
    parts: tuple[Permission, ...] = ()


def only_in(here: Policies, there: Policies) -> Iterator[Difference]:
    """Give what one side says and the other does not; an allowance that is denied at once says nothing."""
    found = Policies(one for one in here.all if not there.say(one) and not (one.allows and here.deny(one)))
    for one in found.all:
        if not found.say_more(one):
            yield Difference(one, _held(one, there), _parts(one, there))


def _held(one: Permission, there: Policies) -> frozenset[Condition] | None:
    """Give the conditions under which the other side says it, the fewest."""
    found = [
        frozenset(each for each in other.conditions if not any(mine.implies(each) for mine in one.conditions))
        for other in there.like(one) if other.reaches(one) and imply(other.conditions, one.conditions)
    ]
    found = [held for held in found if not all(located(each) for each in held)]
    return min(found, key=lambda held: (len(held), sorted(held)), default=None)


def _parts(one: Permission, there: Policies) -> tuple[Permission, ...]:
    return tuple(other for other in there.like(one) if other.action == one.action and one.covers(other))


def _key(permission: Permission) -> _Key:
    service = permission.action.text.partition(":")[0].lower()
    return permission.realm, permission.allows, "" if any(sign in service for sign in "*?") else service
