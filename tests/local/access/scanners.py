"""What parliament and cloudsplaining find in a policy, each finding with the statement that it is about."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deployed_texts import PolicyText

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # parliament reads its data by way of pkg_resources
    import parliament
from cloudsplaining.scan.assume_role_policy_document import AssumeRolePolicyDocument
from cloudsplaining.scan.policy_document import PolicyDocument
from cloudsplaining.scan.resource_policy_document import ResourcePolicyDocument

_VARIABLE = re.compile(r"\$\{[^}]*\}")
ACCOUNT = "123456789012"
OF_WHOLE_POLICIES = ("DUPLICATE_SID", "RESOURCE_POLICY_PRIVILEGE_ESCALATION")
"""Findings of parliament about how statements go together; all others are asked for each statement alone."""


@dataclass(frozen=True)
class Finding:
    """One finding: `place` is kind/policy/sid."""

    tool: str
    finding: str
    place: str
    detail: str


def scan(policy: PolicyText) -> Iterator[Finding]:
    """Give everything that both tools find in a policy."""
    place = f"{policy.kind}/{policy.name}"
    whole = [_plain(statement, policy.resource) for statement in policy.statements]
    for issue, detail in _parliament(whole):
        if issue in OF_WHOLE_POLICIES:
            yield Finding("parliament", issue, place, detail)
    for statement in whole:
        named = f"{place}/{statement.get('Sid', '')}"
        for issue, detail in _parliament([statement]):
            if issue not in OF_WHOLE_POLICIES:
                yield Finding("parliament", issue, named, detail)
        for issue, detail in _cloudsplaining(policy.kind, [statement]):
            yield Finding("cloudsplaining", issue, named, detail)
    if policy.kind in ("identity", "boundary"):
        for escalation in PolicyDocument(_document(whole)).allows_privilege_escalation:
            yield Finding("cloudsplaining", f"PrivilegeEscalation:{escalation['type']}", place,
                          ", ".join(escalation["actions"]))


def _plain(statement: dict[str, Any], resource: str) -> dict[str, Any]:
    """Put a statement as parliament reads it: with the role as a trust policy's Resource, and ARNs without variables.

    Of those it knows none that has a colon of its own, as ${aws:PrincipalTag/mlstead:project} has.
    """
    element = "NotResource" if "NotResource" in statement else "Resource"
    listed = statement.get(element, resource)
    arns = [_VARIABLE.sub("variable", arn) for arn in (listed if isinstance(listed, list) else [listed])]
    return {**statement, element: arns}


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _parliament(statements: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for found in parliament.analyze_policy_string(json.dumps(_document(statements))).findings:
        yield found.issue, str(found.detail)


def _cloudsplaining(kind: str, statements: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    if kind == "trust":
        trust = AssumeRolePolicyDocument(_document(statements), ACCOUNT)
        found = {"AssumableByComputeService": trust.role_assumable_by_compute_services,
                 "AssumableFromAnotherAccount": trust.role_assumable_by_cross_account_principals,
                 "AssumableByAnyone": trust.role_assumable_by_any_principal,
                 "AssumableByAnyoneOnConditions": trust.role_assumable_by_any_principal_with_conditions}
    elif kind in ("identity", "boundary"):
        policy = PolicyDocument(_document(statements))
        found = {"InfrastructureModification": policy.infrastructure_modification,
                 "DataExfiltration": policy.allows_data_exfiltration_actions,
                 "CredentialsExposure": policy.credentials_exposure,
                 "ServiceWildcard": policy.service_wildcard,
                 "NotAction": [str(one["NotAction"]) for one in policy.contains_statement_using_not_action]}
    else:
        found = {"InternetAccessible": ResourcePolicyDocument(_document(statements)).internet_accessible_actions}
    for issue, what in found.items():
        if what:
            yield issue, ", ".join(sorted(set(what)))
