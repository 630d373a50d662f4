"""Examples of the theme iam_policies."""

from __future__ import annotations

from typing import Any

from stack_builder import OF_FOUNDATION, example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.identity_policy import GROUP_POLICY, PERMISSION_SET, POLICY, ROLE, ROLE_POLICY

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
READ = {"Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::flights", "arn:aws:s3:::flights/*"]}
OWN_ACCOUNT = {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}


def _may(*statements: dict[str, Any]) -> Stack:
    return stack(resource(ROLE_POLICY, role="training", policy=policy(*statements)))


def _boundary(*statements: dict[str, Any]) -> Stack:
    return stack(resource(POLICY, name="dev-boundary", policy=policy(*statements)))


def _attached_boundary(*statements: dict[str, Any]) -> Stack:
    boundary = resource(POLICY, name="dev-boundary", policy=policy(*statements))
    return stack(boundary, resource(ATTACHMENT, role="training", refers={"policyArn": boundary}))


GOOD = (
    _may(READ),
    _may({"Action": "ecr:GetAuthorizationToken", "Resource": "*"}),
    _may({"Action": ["sagemaker:List*", "logs:DescribeLogGroups"], "Resource": "*"}),
    _may({"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}),
    stack(resource(ROLE, tags=OF_FOUNDATION, inlinePolicies=[{"name": "read", "policy": policy(READ)}])),
    stack(resource(PERMISSION_SET, inlinePolicy=policy(READ))),
)
EVERYTHING = {"Action": "*", "Resource": "*"}
WHOLE = {"Action": ["s3:GetObject", "sagemaker:*"], "Resource": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/one"}

EXAMPLES = {
    "iam-not-everything": example(
        (*GOOD, _boundary(EVERYTHING | {"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}})),
        (_may(EVERYTHING), _may({"Action": "*:*", "Resource": "arn:aws:*:*:*:*"}),
         _may({"Action": ["*"], "Resource": ["*"]}), _boundary(EVERYTHING),
         stack(resource(POLICY, policy={"Version": "2012-10-17", "Statement": EVERYTHING | {"Effect": "Allow"}})),
         stack(resource(GROUP_POLICY, group="data-scientists", policy=policy(EVERYTHING))),
         stack(resource(PERMISSION_SET, inlinePolicy=policy(EVERYTHING))),
         stack(resource(ROLE, tags=OF_FOUNDATION,
                        inlinePolicies=[{"policy": policy(READ)}, {"policy": policy(EVERYTHING)}]))),
    ),
    "iam-no-whole-service": example((*GOOD, _boundary(WHOLE)), (
        _may(WHOLE), _may({"Action": "s3:*", "Resource": "*"}), _may({"Action": "s3:?*", "Resource": "*"}),
        _attached_boundary(WHOLE),
    )),
    "iam-no-all-but": example((*GOOD, _boundary({"NotAction": "iam:*", "Resource": "*"})), (
        _may({"NotAction": "iam:*", "Resource": "*"}),
        _may({"Action": "s3:DeleteObject", "NotResource": "arn:aws:s3:::flights/*"}),
    )),
    "iam-named-resources": example(
        (*GOOD, _may({"Action": "sagemaker:DeleteEndpoint", "Resource": "*", "Condition": {
            "StringEquals": {"aws:ResourceTag/mlstead:project": "flights"}}}),
         _boundary({"Action": "sagemaker:DeleteEndpoint", "Resource": "*"})),
        (_may({"Action": "sagemaker:DeleteEndpoint", "Resource": "*"}),
         _may({"Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], "Resource": "*"})),
    ),
    "iam-no-exfiltration": example(
        (*GOOD, _may({"Action": "s3:Get*", "Resource": "*", "Condition": OWN_ACCOUNT}),
         _may({"Action": "s3:PutObject", "Resource": "arn:aws:s3:::flights-*/*"}),
         _may({"Action": "ssm:GetParameter", "Resource": "arn:aws:ssm:eu-west-1:123456789012:parameter/flights/*"})),
        (_may({"Action": "s3:GetObject", "Resource": "*"}),
         _may({"Action": "s3:Get*", "Resource": "arn:aws:s3:::*"}),
         _may({"Action": "s3:PutObject", "Resource": "arn:aws:s3:::*/*"}),
         _may({"Action": "s3:GetObject", "Resource": "*", "Condition": {
             "StringEquals": {"aws:ResourceAccount": "${aws:ResourceAccount}"}}}),
         _may({"Action": "secretsmanager:GetSecretValue", "Resource": "*"}),
         _may({"Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:*:*:secret:*"}),
         _may({"Action": "ssm:GetParameter", "Resource": "arn:aws:ssm:eu-west-1:123456789012:parameter/*"}),
         _may({"Action": "s3:GetObjectVersion", "Resource": "arn:aws-cn:s3:::*/*.csv"}),
         _may({"Action": "s3:GetObject", "Resource": "*", "Condition": {"Null": {"aws:ResourceTag/open": "true"}}}),
         _may({"Action": "ssm:GetParameter*", "Resource": "*"})),
    ),
    "iam-no-aws-managed-policy": example(
        (GOOD[4], stack(resource(ATTACHMENT, role="training", policyArn="arn:aws:iam::123456789012:policy/read"))),
        (stack(resource(ATTACHMENT, role="training", policyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess")),
         stack(resource(ROLE, tags=OF_FOUNDATION, managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]))),
    ),
}
