"""AWS IAM: roles and the policies written into them. IAM has no regions."""

from __future__ import annotations

from typing import Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.properties import (
    TAGS,
    arn,
    boolean,
    integer,
    policy,
    string,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    ResourceType,
    Step,
    Tagging,
)
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

_NAME: Final = r"[\w+=,.@-]+"


def _trust(work: Work) -> None:
    work.call("UpdateAssumeRolePolicy", RoleName=work.resource_id, PolicyDocument=work.inputs["assumeRolePolicy"])


def _bound(work: Work) -> None:
    if boundary := work.inputs.get("permissionsBoundary"):
        work.call("PutRolePermissionsBoundary", RoleName=work.resource_id, PermissionsBoundary=boundary)
    else:
        work.call("DeleteRolePermissionsBoundary", RoleName=work.resource_id)


def _describe(work: Work) -> None:
    work.call("UpdateRole", RoleName=work.resource_id, Description=work.inputs.get("description") or "",
              MaxSessionDuration=work.inputs["maxSessionDuration"])


def _read_role(values: Properties, answer: Properties) -> None:
    boundary = answer.get("PermissionsBoundary")
    if isinstance(boundary, dict):
        values["permissionsBoundary"] = boundary.get("PermissionsBoundaryArn")


def _detach(work: Work) -> None:
    if not work.inputs.get("forceDetachPolicies"):
        return
    role = work.resource_id
    for attached in work.call("ListAttachedRolePolicies", RoleName=role).get("AttachedPolicies", []):
        work.call("DetachRolePolicy", RoleName=role, PolicyArn=attached["PolicyArn"])
    for name in work.call("ListRolePolicies", RoleName=role).get("PolicyNames", []):
        work.call("DeleteRolePolicy", RoleName=role, PolicyName=name)


ROLE: Final = ResourceType(
    "aws:iam/role:Role",
    service="iam",
    identity="{name}",
    name=AutomaticName("name", 64, prefix_property="namePrefix"),
    properties=(
        string("name", replaces=True, computed=True, api="RoleName", maximum=64, pattern=_NAME),
        string("namePrefix", replaces=True, computed=True, local=True, maximum=38),
        policy("assumeRolePolicy", required=True, attached="trust", api="AssumeRolePolicyDocument"),
        string("description"),
        string("path", default="/", replaces=True),
        integer("maxSessionDuration", default=3600, minimum=3600, maximum=43200),
        arn("permissionsBoundary"),
        boolean("forceDetachPolicies", default=False, local=True),
        *unsupported("deprecated; use aws.iam.RolePolicy", "inlinePolicies"),
        *unsupported("deprecated; use aws.iam.RolePolicyAttachment", "managedPolicyArns"),
        TAGS,
    ),
    outputs=(string("arn"), string("createDate"), string("uniqueId", api="RoleId")),
    conflicts=(("name", "namePrefix"),),
    create=Call("CreateRole", result="Role"),
    read=Call("GetRole", result="Role"),
    delete=Call("DeleteRole"),
    coverage=Coverage.REAL,
    steps=(
        Step(("assumeRolePolicy",), _trust, on_create=False),
        Step(("description", "maxSessionDuration"), _describe, on_create=False),
        Step(("permissionsBoundary",), _bound, on_create=False),
    ),
    tagging=Tagging(handle=("RoleName", "name"), listing="ListRoleTags", listed="Tags", add="TagRole",
                    remove="UntagRole"),
    from_api=_read_role,
    before_delete=_detach,
)

ROLE_POLICY: Final = ResourceType(
    "aws:iam/rolePolicy:RolePolicy",
    service="iam",
    identity="{role}:{name}",
    name=AutomaticName("name", 128, prefix_property="namePrefix"),
    properties=(
        string("role", required=True, replaces=True, api="RoleName", pattern=_NAME),
        string("name", replaces=True, computed=True, api="PolicyName", maximum=128, pattern=_NAME),
        string("namePrefix", replaces=True, computed=True, local=True),
        policy("policy", required=True, api="PolicyDocument"),
    ),
    conflicts=(("name", "namePrefix"),),
    create=Call("PutRolePolicy"),
    read=Call("GetRolePolicy"),
    delete=Call("DeleteRolePolicy"),
    coverage=Coverage.REAL,
    singleton=True,
)

RESOURCE_TYPES: Final = (ROLE, ROLE_POLICY)
