"""AWS IAM: roles, the policies written into them, and managed ones that bound them. IAM has no regions."""

from __future__ import annotations

import json
from typing import Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.properties import (
    TAGS,
    arn,
    boolean,
    integer,
    policy,
    string,
    string_list,
    string_set,
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
_MOST_VERSIONS: Final = 5  # of a managed policy, the one in force among them


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


def _name_version(operation: str, arguments: dict[str, object], state: Properties) -> None:
    if operation == "GetPolicyVersion":
        arguments["VersionId"] = state["defaultVersionId"]


def _read_managed(values: Properties, answer: Properties) -> None:
    if answer.get("@operation") == "GetPolicyVersion":
        document = answer["Document"]
        values["policy"] = document if isinstance(document, str) else json.dumps(document)
    else:
        values |= {"arn": answer["Arn"], "defaultVersionId": answer["DefaultVersionId"]}


def _other_versions(work: Work) -> list[str]:
    listed = work.call("ListPolicyVersions", PolicyArn=work.resource_id)["Versions"]
    return [each["VersionId"] for each in listed if not each["IsDefaultVersion"]]


def _renew(work: Work) -> None:
    """Put a new version in force; as the real provider does, the oldest goes where there are five."""
    others = _other_versions(work)
    if len(others) == _MOST_VERSIONS - 1:
        oldest = min(others, key=lambda version: int(version[1:]))
        work.call("DeletePolicyVersion", PolicyArn=work.resource_id, VersionId=oldest)
    work.call("CreatePolicyVersion", PolicyArn=work.resource_id, PolicyDocument=work.inputs["policy"],
              SetAsDefault=True)


def _drop_versions(work: Work) -> None:
    for version in _other_versions(work):
        work.call("DeletePolicyVersion", PolicyArn=work.resource_id, VersionId=version)


POLICY: Final = ResourceType(
    "aws:iam/policy:Policy",
    service="iam",
    identity="{arn}",
    name=AutomaticName("name", 128, prefix_property="namePrefix"),
    properties=(
        string("name", replaces=True, computed=True, api="PolicyName", maximum=128, pattern=_NAME),
        string("namePrefix", replaces=True, computed=True, local=True),
        string("path", default="/", replaces=True),
        string("description", replaces=True),
        policy("policy", required=True, api="PolicyDocument"),
        *unsupported("the local cloud's IAM has nothing to wait for", "delayAfterPolicyCreationInMs"),
        TAGS,
    ),
    outputs=(
        string("arn", api="PolicyArn", template="arn:{partition}:iam::{account}:policy{path}{name}"),
        string("policyId"), integer("attachmentCount", volatile=True),
    ),
    conflicts=(("name", "namePrefix"),),
    create=Call("CreatePolicy", result="Policy"),
    read=Call("GetPolicy", result="Policy"),
    reads=(Call("GetPolicyVersion", result="PolicyVersion"),),
    delete=Call("DeletePolicy"),
    coverage=Coverage.REAL,
    steps=(Step(("policy",), _renew, on_create=False),),
    tagging=Tagging(handle=("PolicyArn", "arn"), listing="ListPolicyTags", listed="Tags", add="TagPolicy",
                    remove="UntagPolicy"),
    to_api=_name_version,
    from_api=_read_managed,
    before_delete=_drop_versions,
)

ROLE_POLICY_ATTACHMENT: Final = ResourceType(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    service="iam",
    identity="{role}/{policyArn}",
    properties=(
        string("role", required=True, replaces=True, api="RoleName", pattern=_NAME),
        arn("policyArn", required=True, replaces=True, api="PolicyArn"),
    ),
    create=Call("AttachRolePolicy"),
    read=Call("ListAttachedRolePolicies", result="AttachedPolicies", match=("PolicyArn", "policyArn")),
    delete=Call("DetachRolePolicy"),
    coverage=Coverage.REAL,
)


def _read_issuer(values: Properties, answer: Properties) -> None:
    if url := answer.get("Url"):
        values["url"] = f"https://{str(url).removeprefix('https://')}"


OPEN_ID_CONNECT_PROVIDER: Final = ResourceType(
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    service="iam",
    identity="{arn}",
    properties=(
        string("url", required=True, replaces=True, api="Url"),
        string_set("clientIdLists", required=True, replaces=True, api="ClientIDList"),
        string_list("thumbprintLists", computed=True, api="ThumbprintList"),
        TAGS,
    ),
    outputs=(string("arn", api="OpenIDConnectProviderArn", template=lambda facts: (
        f"arn:{facts['partition']}:iam::{facts['account']}:oidc-provider/"
        f"{str(facts['url']).removeprefix('https://')}")),),
    create=Call("CreateOpenIDConnectProvider"),
    read=Call("GetOpenIDConnectProvider"),
    delete=Call("DeleteOpenIDConnectProvider"),
    coverage=Coverage.SIMULATED,
    steps=(Step(("thumbprintLists",), Call("UpdateOpenIDConnectProviderThumbprint"), on_create=False),),
    from_api=_read_issuer,
    tagging=Tagging(handle=("OpenIDConnectProviderArn", "arn"), listing="ListOpenIDConnectProviderTags", listed="Tags",
                    add="TagOpenIDConnectProvider", remove="UntagOpenIDConnectProvider"),
)

RESOURCE_TYPES: Final = (ROLE, ROLE_POLICY, POLICY, ROLE_POLICY_ATTACHMENT, OPEN_ID_CONNECT_PROVIDER)
