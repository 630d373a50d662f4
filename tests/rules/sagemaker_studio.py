"""Examples of the theme sagemaker_studio."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.rules.sagemaker_studio import (
    APP_IMAGE_CONFIGURATION,
    DOMAIN,
    INGRESS_RULE,
    SECURITY_GROUP,
    SPACE,
    USER_PROFILE,
)

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
ROLE = "arn:aws:iam::123456789012:role/studio"
ENDS = {"appLifecycleManagement": {"idleSettings": {"lifecycleManagement": "ENABLED", "idleTimeoutInMinutes": 60}}}
USERS: dict[str, Any] = {
    "executionRole": ROLE, "securityGroups": ["sg-1"], "jupyterLabAppSettings": ENDS,
    "studioWebPortalSettings": {"hiddenAppTypes": ["CodeEditor"]},
    "sharingSettings": {"notebookOutputOption": "Disabled"},
}
SETTINGS = {"executionRoleIdentityConfig": "USER_PROFILE_NAME"}
UNKEYED_CANVAS = {"workspaceSettings": {"s3ArtifactPath": "s3://flights-artifacts/canvas"}}


def _made(refers: dict[str, Resource] | None = None, **changed: Any) -> Resource:
    return resource(DOMAIN, refers=refers, **{
        "domainName": "shared-dev", "authMode": "IAM", "appNetworkAccessType": "VpcOnly", "kmsKeyId": KEY,
        "vpcId": "vpc-1", "subnetIds": ["subnet-1"], "domainSettings": SETTINGS, "defaultUserSettings": USERS,
    } | changed)


def _domain(**changed: Any) -> Stack:
    return stack(_made(**changed))


def _users(**changed: Any) -> Stack:
    return _domain(defaultUserSettings=USERS | changed)


def _profile(**changed: Any) -> Stack:
    return stack(resource(USER_PROFILE, domainId="d-1", userProfileName="one",
                          userSettings={"executionRole": ROLE} | changed))


def _with_group(rule: dict[str, Any] | None) -> Stack:
    group = resource(SECURITY_GROUP, description="Notebooks", vpcId="vpc-1")
    admitted = [] if rule is None else [resource(INGRESS_RULE, refers={"securityGroupId": group}, **rule)]
    return stack(group, *admitted, _made(refers={"defaultUserSettings": group}))


def _space(sharing: str | None) -> Stack:
    return stack(resource(SPACE, domainId="d-1", spaceName="one", spaceSharingSettings={"sharingType": sharing}))


def _image(user: int | None) -> Stack:
    return stack(resource(APP_IMAGE_CONFIGURATION, appImageConfigName="flights",
                          jupyterLabImageConfig={"fileSystemConfig": {"defaultUid": user, "defaultGid": 100}}))


GOOD = _domain()
AMONG_THEMSELVES = {"referencedSecurityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 8192, "toPort": 65535}

EXAMPLES = {
    "sagemaker-domain-vpc-only": example(GOOD, (
        _domain(appNetworkAccessType=None), _domain(appNetworkAccessType="PublicInternetOnly"),
    )),
    "sagemaker-domain-encrypted": example(GOOD, _domain(kmsKeyId=None)),
    "sagemaker-domain-own-groups": example(GOOD, (_users(securityGroups=None), _users(securityGroups=[]))),
    "sagemaker-studio-groups-closed": example((GOOD, _with_group(None)), _with_group(AMONG_THEMSELVES)),
    "sagemaker-domain-names-people": example(GOOD, (
        _domain(domainSettings=None), _domain(domainSettings={"executionRoleIdentityConfig": "DISABLED"}),
    )),
    "sagemaker-domain-no-docker": example(
        (GOOD, _domain(domainSettings=SETTINGS | {"dockerSettings": {"enableDockerAccess": "DISABLED"}})),
        _domain(domainSettings=SETTINGS | {"dockerSettings": {"enableDockerAccess": "ENABLED"}}),
    ),
    "sagemaker-studio-ends-idle": example(
        (GOOD, _users(studioWebPortalSettings=None, codeEditorAppSettings=ENDS), _profile(),
         _profile(jupyterLabAppSettings=ENDS)),
        (_users(jupyterLabAppSettings=None), _users(studioWebPortalSettings=None),
         _profile(jupyterLabAppSettings={"defaultResourceSpec": {"instanceType": "ml.t3.medium"}})),
    ),
    "sagemaker-studio-shared-encrypted": example(
        (GOOD, _profile(sharingSettings={"notebookOutputOption": "Allowed", "s3KmsKeyId": KEY})),
        (_users(sharingSettings={"notebookOutputOption": "Allowed"}), _profile(canvasAppSettings=UNKEYED_CANVAS)),
    ),
    "sagemaker-user-profile-own-role": example(_profile(), _profile(executionRole=None)),
    "sagemaker-space-private": example(_space("Private"), (_space("Shared"), _space(None))),
    "sagemaker-studio-not-root": example((_image(1000), _image(None)), _image(0)),
}
