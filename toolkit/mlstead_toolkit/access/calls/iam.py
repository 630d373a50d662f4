"""AWS Identity and Access Management.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import RESOURCE, Row, Service, each

ROLE, POLICY, PROVIDER = "{role:RoleName}", "{PolicyArn}", "{OpenIDConnectProviderArn}"
# Whoever changes what a bounded role may do is asked for the boundary that the role has, not for one that he brings:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
BOUNDING = {"iam:PermissionsBoundary": "PermissionsBoundary"}
BOUNDED = {"iam:PermissionsBoundary": RESOURCE}

TABLE = Service("iam", {
    "CreateRole": Row("role{Path|/}{RoleName}", tags="Tags", tagging="iam:TagRole", context=BOUNDING),
    "PutRolePermissionsBoundary": Row(ROLE, context=BOUNDING),
    **each("PutRolePolicy DeleteRolePolicy DeleteRolePermissionsBoundary", ROLE, context=BOUNDED),
    **each("AttachRolePolicy DetachRolePolicy", ROLE, context={"iam:PolicyARN": "PolicyArn", **BOUNDED}),
    **each("GetRole DeleteRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy GetRolePolicy ListRolePolicies "
           "ListAttachedRolePolicies ListRoleTags ListInstanceProfilesForRole", ROLE),
    "TagRole": Row(ROLE, tags="Tags"),
    "UntagRole": Row(ROLE, context={"aws:TagKeys": "TagKeys"}),
    "CreateServiceLinkedRole": Row("role/aws-service-role/{AWSServiceName}/*",
                                   context={"iam:AWSServiceName": "AWSServiceName"}),

    "CreatePolicy": Row("policy{Path|/}{PolicyName}", tags="Tags", tagging="iam:TagPolicy"),
    **each("GetPolicy DeletePolicy GetPolicyVersion CreatePolicyVersion DeletePolicyVersion SetDefaultPolicyVersion "
           "ListPolicyVersions ListEntitiesForPolicy ListPolicyTags", POLICY),
    "TagPolicy": Row(POLICY, tags="Tags"),
    "UntagPolicy": Row(POLICY, context={"aws:TagKeys": "TagKeys"}),

    "CreateOpenIDConnectProvider": Row(
        "oidc-provider/{host:Url}", tags="Tags", tagging="iam:TagOpenIDConnectProvider"),
    **each("GetOpenIDConnectProvider DeleteOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint "
           "AddClientIDToOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider ListOpenIDConnectProviderTags",
           PROVIDER),
    "TagOpenIDConnectProvider": Row(PROVIDER, tags="Tags"),
    "UntagOpenIDConnectProvider": Row(PROVIDER, context={"aws:TagKeys": "TagKeys"}),

    **each("ListRoles ListPolicies ListOpenIDConnectProviders ListAccountAliases GetAccountSummary"),
    "CreateUser": Row("user{Path|/}{UserName}", tags="Tags", tagging="iam:TagUser", context=BOUNDING),
    **each("GetUser DeleteUser CreateAccessKey DeleteAccessKey ListAccessKeys PutUserPolicy AttachUserPolicy",
           "user/{UserName}"),
}, arn="arn:{partition}:iam::{account}:", tag_keys=("iam:ResourceTag",))
