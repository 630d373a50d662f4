"""What every principal gains and loses between the two sides of a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.values import Properties
from mlstead_toolkit.policies.identity_policy import POLICY, ROLE
from mlstead_toolkit.review.access.difference import Difference, Policies, only_in
from mlstead_toolkit.review.access.exposures import exposures
from mlstead_toolkit.review.access.group import Group, grouped
from mlstead_toolkit.review.access.handed import handed
from mlstead_toolkit.review.access.openings.accounts import named_accounts
from mlstead_toolkit.review.access.permission import Permission, Realm
from mlstead_toolkit.review.access.sentence import details, new_principal, sentence, together
from mlstead_toolkit.review.access.side import Side, sides
from mlstead_toolkit.review.access.sources.identity import (
    GROUP,
    USER,
    bounds,
    identity_permissions,
    loose_permissions,
    unattached,
)
from mlstead_toolkit.review.access.sources.lake_formation import lake_permissions
from mlstead_toolkit.review.access.sources.resource_policies import endpoint_permissions, resource_permissions
from mlstead_toolkit.review.access.sources.tagged_columns import column_permissions
from mlstead_toolkit.review.access.sources.trust import trust
from mlstead_toolkit.review.access.told import Told, in_order
from mlstead_toolkit.review.access.unread import unread
from mlstead_toolkit.review.access.words.level import Level
from mlstead_toolkit.review.access.words.lexicon import Lexicon, lexicon
from mlstead_toolkit.review.access.words.principals import foreign
from mlstead_toolkit.review.comparison import BASE, Comparison, Graph
from mlstead_toolkit.review.report import AccessChange, AccessKind

_PRINCIPALS: Final = (ROLE, USER, GROUP)


def access_of(comparison: Comparison) -> tuple[AccessChange, ...]:
    """Tell what each principal gains and loses, in words; the riskiest first, losses last.

    Nothing where a side could not be evaluated: what it allows is not known then.
    """
    failed = comparison.before is None and any(one.side == BASE for one in comparison.problems)
    if comparison.after is None or failed:
        return ()
    if comparison.before is not None and _said(comparison.before) == _said(comparison.after):
        return ()
    return _Telling(comparison, *sides(comparison)).changes()


def _said(graph: Graph) -> dict[str, tuple[Properties, Properties]]:
    return {one.urn: (one.inputs, one.outputs) for one in graph.resources if one.custom}


@dataclass(frozen=True)
class _Telling:
    """One comparison, on its way into sentences."""

    comparison: Comparison
    before: Side
    after: Side

    @cached_property
    def words(self) -> Lexicon:
        """What things are called."""
        return lexicon(self.comparison, self.before, self.after)

    def changes(self) -> tuple[AccessChange, ...]:
        loose = {one.urn for one in unattached(self.after)} | {
            one.urn for one in unattached(self.before) if one.urn not in self.after.outputs}
        was, now = (Policies(chain(_permissions(side), loose_permissions(side, loose), column_permissions(side, other)))
                    for side, other in ((self.before, self.after), (self.after, self.before)))
        gained, lost = ([one for one in differences if self._matters(one.permission)]
                        for differences in (only_in(now, was), only_in(was, now)))
        found = list(chain(
            self._of_principals(self.after, self.before, gained, now=True),
            self._of_principals(self.before, self.after, lost, now=False),
            self._boundaries(),
            handed(self.before, self.after, self.words),
            unread(self.before, self.after, self.words),
            exposures(self.before, self.after, self.words),
        ))
        found += named_accounts(self.before, self.after, self.words, found)
        return in_order(found, self.comparison)

    def _of_principals(
        self, here: Side, there: Side, differences: Iterable[Difference], *, now: bool
    ) -> Iterator[Told]:
        """Tell what somebody may do on one side alone; who is on one side alone is told in one line."""
        alone = {one.urn for one in here.of(*_PRINCIPALS)} - {one.urn for one in there.of(*_PRINCIPALS)}
        theirs: dict[str, list[Difference]] = {urn: [] for urn in sorted(alone)}
        others = []
        for one in differences:
            permission = one.permission
            of_it = permission.holder.name if permission.holder.name in alone else permission.subject
            if of_it in alone and (not now or (permission.realm is not Realm.TRUST and permission.allows)):
                theirs[of_it].append(one)
            else:
                others.append(one)
        for urn, its in theirs.items():
            yield from self._new(urn, its) if now else self._gone(urn)
        for group in together(grouped(others, self.words), self.words):
            yield self._told(group, now=now)

    def _new(self, urn: str, differences: Iterable[Difference]) -> Iterator[Told]:
        groups = grouped(differences, self.words)
        for group in together((one for one in groups if one.passes_role), self.words):
            yield self._told(group, now=True)
        doing = [group for group in groups if not group.passes_role and not self._out_of_bounds(group)]
        who = self.words.known[urn]
        if not doing:
            return
        permissions = [one for group in doing for one in group.permissions]
        yield Told(
            AccessChange(AccessKind.GAINS, who, new_principal(who, doing), details(permissions, self.words),
                         subject=urns.name_of(urn)),
            max(group.level for group in doing), urn,
        )

    def _gone(self, urn: str) -> Iterator[Told]:
        who = self.words.known[urn]
        yield Told(AccessChange(AccessKind.LOSES, who, f"{who} is gone, with all that it might do", widens=False,
                                subject=urns.name_of(urn)), Level.READ, urn)

    def _told(self, group: Group, *, now: bool) -> Told:
        widens = group.first.allows is now
        source = min(one.source for one in group.permissions)
        text = sentence(group, self.words, now=now)
        if widens and self._out_of_bounds(group):
            text, widens = f"{text}, were it not for its permissions boundary", False
        change = AccessChange(
            self._kind(group) if group.first.allows is now else AccessKind.LOSES, group.who, text,
            details(group.permissions, self.words), widens, urns.name_of(source),
        )
        return Told(change, group.level, source, group.first.allows and self._to_strangers(group))

    def _kind(self, group: Group) -> AccessKind:
        if group.first.realm is Realm.TRUST:
            return AccessKind.TRUST
        if self._to_strangers(group):
            return AccessKind.EXPOSURE
        return AccessKind.PASS_ROLE if group.passes_role else AccessKind.GAINS

    def _to_strangers(self, group: Group) -> bool:
        return any(foreign(each.holder, each.conditions, self.words) for each in group.permissions)

    def _matters(self, permission: Permission) -> bool:
        """Leave out what only bounds, by something that is new or gone as a whole: then the rest tells."""
        bounding = {Realm.BOUNDARY: permission.holder.name, Realm.ENDPOINT: permission.subject}.get(permission.realm)
        what = bounding or ("" if permission.allows else permission.subject)
        return not what or (what in self.before.outputs) == (what in self.after.outputs)

    def _out_of_bounds(self, group: Group) -> bool:
        """Tell whether the boundary of who holds it is of this stack and lets nothing of it be done."""
        bounded = self._limits.get(group.first.holder.name)
        return group.first.realm is Realm.IDENTITY and bounded is not None and not any(
            limit.action.meets(one.action) and limit.resource.meets(one.resource)
            for one in group.permissions for limit in bounded
        )

    @cached_property
    def _limits(self) -> Mapping[str, Sequence[Permission]]:
        """What the boundaries of this stack let whom do at most, by URN of the role or user."""
        limits: dict[str, list[Permission]] = {}
        for one in bounds(self.after):
            if one.allows:
                limits.setdefault(one.holder.name, []).append(one)
        found = {}
        for holder in self.after.of(ROLE, USER):
            boundary = self.after.find(holder.properties.get("permissionsBoundary"), POLICY)
            if boundary and boundary.urn in limits:
                found[holder.urn] = limits[boundary.urn]
        return found

    def _boundaries(self) -> Iterator[Told]:
        """Tell whose boundary goes, comes or is another one."""
        was = {one.urn: one for one in self.before.of(ROLE, USER)}
        for one in self.after.of(ROLE, USER):
            if one.urn not in was:
                continue
            old, new = (each.properties.get("permissionsBoundary") for each in (was[one.urn], one))
            if old == new:
                continue
            who = self.words.known[one.urn]
            called = [self._boundary(each) for each in (old, new)]
            text = (f"{who} may now be granted anything: its permissions boundary is gone" if not new
                    else f"{who} may now be granted only what {called[1]} allows" if not old
                    else f"{who} may now be granted what {called[1]} allows, no longer what {called[0]} does")
            kind = AccessKind.GAINS if old else AccessKind.LOSES
            lines = tuple(f"permissionsBoundary {when}: {self.words.plain(str(value))}"
                          for when, value in (("before", old), ("after", new)) if value)
            yield Told(AccessChange(kind, who, text, lines, bool(old), one.name), Level.ADMINISTER, one.urn)

    def _boundary(self, arn: object) -> str:
        name = str(arn).rpartition("/")[2]
        return self.words.known.get(str(arn)) or f"the boundary {self.words.plain(name)}"


def _permissions(side: Side) -> Iterator[Permission]:
    return chain(identity_permissions(side), trust(side), resource_permissions(side), endpoint_permissions(side),
                 lake_permissions(side), bounds(side))
