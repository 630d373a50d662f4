"""What roles, users and groups are allowed by policies of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from mlstead_toolkit.policies.identity_policy import GROUP_POLICY, POLICY, ROLE, ROLE_POLICY, USER_POLICY
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.review.access.covering import Names
from mlstead_toolkit.review.access.permission import HAVING, Holder, Permission, Realm
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.sources.reading import says, several

USER: Final = "aws:iam/user:User"
GROUP: Final = "aws:iam/group:Group"
ALL_OF_IT: Final = "policy:attached"
"""Stands for whatever a policy allows that is not of this stack."""
_HOLDERS: Final = {ROLE_POLICY: ("role", ROLE), USER_POLICY: ("user", USER), GROUP_POLICY: ("group", GROUP)}
_ATTACHMENTS: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (("role", ROLE),),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": (("user", USER),),
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": (("group", GROUP),),
    "aws:iam/policyAttachment:PolicyAttachment": (("roles", ROLE), ("users", USER), ("groups", GROUP)),
}
_EXCLUSIVE: Final = {
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": ("roleName", ROLE),
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": ("userName", USER),
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": ("groupName", GROUP),
}
"""They attach what is not attached, too."""
_MEMBERSHIPS: Final = {
    "aws:iam/userGroupMembership:UserGroupMembership": ("user", "groups"),
    "aws:iam/groupMembership:GroupMembership": ("users", "group"),
}


def identity_permissions(side: Side) -> Iterator[Permission]:
    """Give what everybody's own policies say, inline and attached."""
    for policy in side.of(*_HOLDERS):
        path, type_ = _HOLDERS[policy.type]
        for name in several(policy.properties.get(path)):
            yield from _says(policy, holder(side, name, type_))
    for role in side.of(ROLE):
        for inline in role.blocks("inlinePolicies"):
            yield from says(inline, "policy", Realm.IDENTITY, role.urn, holder=Holder("URN", role.urn))
        for arn in several(role.properties.get("managedPolicyArns")):
            yield from _attached(side, arn, Holder("URN", role.urn), role.urn)
    for attachment in side.of(*_ATTACHMENTS):
        for path, type_ in _ATTACHMENTS[attachment.type]:
            for name in several(attachment.properties.get(path)):
                for arn in several(attachment.properties.get("policyArn")):
                    yield from _attached(side, arn, holder(side, name, type_), attachment.urn)
    for attachment in side.of(*_EXCLUSIVE):
        path, type_ = _EXCLUSIVE[attachment.type]
        for arn in several(attachment.properties.get("policyArns")):
            yield from _attached(side, arn, holder(side, str(attachment.properties.get(path)), type_), attachment.urn)
    for membership in side.of(*_MEMBERSHIPS):
        users, groups = (several(membership.properties.get(path)) for path in _MEMBERSHIPS[membership.type])
        for user in users:
            for group in groups:
                yield Permission(Realm.IDENTITY, holder(side, user, USER), True, Names(ALL_OF_IT),
                                 Names(holder(side, group, GROUP).name), source=membership.urn)


def holder(side: Side, name: str, type_: str) -> Holder:
    """Give who is called so: the resource of this stack where it has one."""
    found = side.find(name, type_)
    return Holder("URN", found.urn) if found else Holder("AWS", name)


def bounds(side: Side) -> Iterator[Permission]:
    """Give what boundaries of this stack let roles and users do at most; the boundary itself is who holds it."""
    for policy in boundaries(side):
        yield from _says(policy, Holder("URN", policy.urn), Realm.BOUNDARY)


def unattached(side: Side) -> Iterator[Resource]:
    """Give the policies of this stack that nothing of it attaches and that bound nobody: others may, by their names."""
    attached, bounding = _attached_arns(side), {one.urn for one in boundaries(side)}
    return (one for one in side.of(POLICY) if one.urn not in bounding and not set(side.names(one)) & attached)


def loose_permissions(side: Side, urns: Collection[str]) -> Iterator[Permission]:
    """Give what whoever has one of some policies may do."""
    for policy in side.of(POLICY):
        if policy.urn in urns:
            yield from _says(policy, Holder(HAVING, policy.urn))


def boundaries(side: Side) -> Iterator[Resource]:
    """Give the policies of this stack that bound: somebody's boundary, or attached to nobody and called so."""
    attached = _attached_arns(side)
    bounding = {one.properties.get("permissionsBoundary") for one in side.of(ROLE, USER)}
    for policy in side.of(POLICY):
        names = set(side.names(policy))
        if names & bounding or (not names & attached and str(policy.properties.get("name", "")).endswith("-boundary")):
            yield policy


def _attached_arns(side: Side) -> set[str]:
    return {arn for one in side.of(*_ATTACHMENTS, *_EXCLUSIVE, ROLE)
            for path in ("policyArn", "policyArns", "managedPolicyArns") for arn in several(one.properties.get(path))}


def _attached(side: Side, arn: str, who: Holder, source: str) -> Iterator[Permission]:
    if policy := side.find(arn, POLICY):
        yield from _says(policy, who)
    else:
        yield Permission(Realm.IDENTITY, who, True, Names(ALL_OF_IT), Names(arn), source=source)


def _says(policy: Resource, who: Holder, realm: Realm = Realm.IDENTITY) -> tuple[Permission, ...]:
    return says(policy, "policy", realm, policy.urn, holder=who)
