"""Examples of the theme iam_users."""

from __future__ import annotations

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies.identity_policy import USER_POLICY
from mlstead_toolkit.policies.rules.iam_users import (
    ACCESS_KEY,
    LOGIN_PROFILE,
    PASSWORD_POLICY,
    POLICY_ATTACHMENT,
    SERVICE_CREDENTIAL,
    USER_POLICY_ATTACHMENT,
)

READ = policy({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::flights/*"})
OWN = "arn:aws:iam::123456789012:policy/read"

EXAMPLES = {
    "iam-no-rights-of-users": example(
        stack(resource(POLICY_ATTACHMENT, groups=["data-scientists"], policyArn=OWN)),
        (stack(resource(USER_POLICY, user="ada", policy=READ)),
         stack(resource(USER_POLICY_ATTACHMENT, user="ada", policyArn=OWN)),
         stack(resource(POLICY_ATTACHMENT, groups=["data-scientists"], users=["ada"], policyArn=OWN))),
    ),
    "iam-no-lasting-credentials": example(
        stack(resource(ACCESS_KEY, user="ada", status="Inactive")),
        (stack(resource(ACCESS_KEY, user="ada")), stack(resource(LOGIN_PROFILE, user="ada")),
         stack(resource(SERVICE_CREDENTIAL, userName="ada", serviceName="codecommit.amazonaws.com"))),
    ),
    "iam-strong-passwords": example(
        stack(resource(PASSWORD_POLICY, minimumPasswordLength=14, passwordReusePrevention=24)),
        (stack(resource(PASSWORD_POLICY, minimumPasswordLength=8, passwordReusePrevention=24)),
         stack(resource(PASSWORD_POLICY, minimumPasswordLength=16))),
    ),
}
