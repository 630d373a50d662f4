"""parliament and cloudsplaining over every policy as deployed: no finding without a reason that somebody wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from deployed_texts import every_policy
from reviewed import covered, read, said
from scanners import scan

pytestmark = pytest.mark.timeout(400)
FILE = "scanner_findings.toml"
KINDS = {"identity", "trust", "boundary", "bucket", "key", "queue", "topic", "endpoint"}


@pytest.fixture(scope="module")
def policies(deployed):
    return every_policy(deployed.client)


@pytest.fixture(scope="module")
def findings(policies):
    return [finding for policy in policies for finding in scan(policy)]


@pytest.fixture(scope="module")
def reviewed():
    return read(FILE, "finding")


def covers(entry, finding):
    return (entry["tool"], entry["finding"]) == (finding.tool, finding.finding) and covered(entry, finding.place)


def test_every_kind_of_policy_was_looked_at(policies):
    assert {policy.kind for policy in policies} >= KINDS
    assert not [policy.name for policy in policies if not policy.statements]


def test_both_tools_see_what_is_wrong(policies):
    spoilt = {"Version": "2012-10-17", "Statement": [{
        "Sid": "Spoilt", "Effect": "Allow", "Action": ["s3:GetObjekt", "iam:CreatePolicyVersion"], "Resource": "*"}]}
    found = {(one.tool, one.finding) for one in scan(replace(policies[0], kind="identity", document=spoilt))}
    assert {("parliament", "UNKNOWN_ACTION"), ("cloudsplaining", "PrivilegeEscalation:CreateNewPolicyVersion")} <= found


def test_no_finding_is_without_a_reason(findings, reviewed):
    unexplained = [f"{one.tool} {one.finding} {one.place}: {one.detail}" for one in findings
                   if not any(covers(entry, one) for entry in reviewed)]
    assert not unexplained, said(f"Mend the policy, or write the reason into {FILE}:", unexplained)


def test_no_reason_is_left_over(findings, reviewed):
    stale = [f"{entry['tool']} {entry['finding']} {place}" for entry in reviewed for place in entry["places"]
             if not any(covers(entry | {"places": [place]}, one) for one in findings)]
    assert not stale, said(f"Nothing is found there any more; take it out of {FILE}:", stale)
