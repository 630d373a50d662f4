"""Users: people come by single sign-on and machines by roles, so nothing that lasts is handed out.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.identity_policy import USER_POLICY

USER_POLICY_ATTACHMENT: Final = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
POLICY_ATTACHMENT: Final = "aws:iam/policyAttachment:PolicyAttachment"
ACCESS_KEY: Final = "aws:iam/accessKey:AccessKey"
LOGIN_PROFILE: Final = "aws:iam/userLoginProfile:UserLoginProfile"
SERVICE_CREDENTIAL: Final = "aws:iam/serviceSpecificCredential:ServiceSpecificCredential"
PASSWORD_POLICY: Final = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"  # noqa: S105 (a token of a type)

_LASTING = {ACCESS_KEY: "an access key", LOGIN_PROFILE: "a password", SERVICE_CREDENTIAL: "a service's password"}
_SHORTEST = 14
_REMEMBERED = 24


def _by_group(policy: Resource, _stack: Stack) -> Iterator[str]:
    users = policy.get("users", []) if policy.type == POLICY_ATTACHMENT else [policy.get("user", "a user")]
    for user in users:
        yield f"{user} has rights of his own, which nobody sees with his group's"


def _nothing_lasting(credential: Resource, _stack: Stack) -> Iterator[str]:
    if credential.get("status", "Active") == "Active":
        yield f"{_LASTING[credential.type]} is good until somebody thinks of it, and lies in the state of the stack"


def _strong_passwords(policy: Resource, _stack: Stack) -> Iterator[str]:
    length, remembered = int(policy.get("minimumPasswordLength", 0)), int(policy.get("passwordReusePrevention", 0))
    if length < _SHORTEST:
        yield f"passwords of {length} characters will do"
    if remembered < _REMEMBERED:
        yield f"after {remembered} others a password can be used again"


RULES: Final = (
    Rule(
        id="iam-no-rights-of-users",
        level=Level.MANDATORY,
        controls=("FSBP IAM.2",),
        title="Rights are given to roles and groups, never to one user.",
        fix="Attach the policy to a role that the user takes, or to his group.",
        types=(USER_POLICY, USER_POLICY_ATTACHMENT, POLICY_ATTACHMENT),
        check=_by_group,
    ),
    Rule(
        id="iam-no-lasting-credentials",
        level=Level.MANDATORY,
        controls=("FSBP IAM.3",),
        title="Nobody is given credentials that last.",
        fix="Take a role: people by single sign-on, pipelines by OIDC, what runs on AWS by its own.",
        types=tuple(_LASTING),
        check=_nothing_lasting,
    ),
    Rule(
        id="iam-strong-passwords",
        level=Level.MANDATORY,
        controls=("FSBP IAM.7",),
        title="Passwords have at least 14 characters, and the last 24 cannot be used again.",
        fix="Set minimum_password_length=14 and password_reuse_prevention=24.",
        types=(PASSWORD_POLICY,),
        check=_strong_passwords,
    ),
)
