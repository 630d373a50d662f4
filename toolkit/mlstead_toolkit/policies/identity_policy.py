"""Where the policies of roles, users and groups stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.policies.statement import Statement, statements

POLICY: Final = "aws:iam/policy:Policy"
ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
USER_POLICY: Final = "aws:iam/userPolicy:UserPolicy"
GROUP_POLICY: Final = "aws:iam/groupPolicy:GroupPolicy"
PERMISSION_SET: Final = "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy"

HOLDERS: Final = (POLICY, ROLE, ROLE_POLICY, USER_POLICY, GROUP_POLICY, PERMISSION_SET)
"""What may hold a policy that says what somebody may do."""

_ATTACHMENTS = tuple(f"aws:iam/{what}Attachment:{what[0].upper()}{what[1:]}Attachment"
                     for what in ("policy", "rolePolicy", "userPolicy", "groupPolicy"))


def policy_statements(resource: Resource) -> Iterator[Statement]:
    """Give all that the policies in a resource allow or deny. Raises NotDecided, Malformed."""
    if resource.type == ROLE:
        for inline in resource.blocks("inlinePolicies"):
            yield from statements(inline)
    else:
        yield from statements(resource, "inlinePolicy" if resource.type == PERMISSION_SET else "policy")


def granted(resource: Resource) -> Iterator[Statement]:
    """Give all that the policies in a resource allow. Raises NotDecided, Malformed."""
    return (one for one in policy_statements(resource) if one.allows)


def only_bounds(resource: Resource, stack: Stack) -> bool:
    """Tell whether a policy is a permissions boundary: it grants nothing, it only bounds what others grant.

    So it is where its name ends in `-boundary` and nothing in the stack attaches it. Raises NotDecided.
    """
    return (resource.type == POLICY and str(resource.get("name", resource.name)).endswith("-boundary")
            and not stack.related(resource, *_ATTACHMENTS, via="policyArn"))
