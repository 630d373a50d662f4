"""Policies of several kinds decide together as AWS's evaluation logic says.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from people import ACCOUNT, ROLE, SERVICE, STRANGER, USER

from mlstead_toolkit.access import Policies, Policy, PolicyError, Request, evaluate

ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def allow(sid="Yes", **more):
    return [{"Sid": sid, "Effect": "Allow", "Action": "s3:*", "Resource": "*", **more}]


def deny(sid="No", **more):
    return [{"Sid": sid, "Effect": "Deny", "Action": "s3:*", "Resource": "*", **more}]


NOTHING = allow(Action="ec2:*")

# who, the policies, whether it is allowed, the kind of policy that decided, and its Sid
TABLE = [
    (ROLE, {}, False, "identity-based policy", ""),
    (ROLE, {"identity": allow()}, True, "identity-based policy", "Yes"),
    (ROLE, {"identity": allow() + deny()}, False, "identity-based policy", "No"),
    (ROLE, {"identity": deny() + allow()}, False, "identity-based policy", "No"),
    (ROLE, {"resource_policy": allow(Principal={"AWS": ROLE.arn})}, True, "resource-based policy", "Yes"),
    (ROLE, {"resource_policy": allow(Principal="*")}, True, "resource-based policy", "Yes"),
    (ROLE, {"resource_policy": allow(Principal=ROOT)}, False, "identity-based policy", ""),
    (ROLE, {"resource_policy": allow(Principal=ROOT), "identity": allow()}, True, "identity-based policy", "Yes"),
    (ROLE, {"identity": allow(), "resource_policy": deny(Principal="*")}, False, "resource-based policy", "No"),
    (ROLE, {"identity": allow(), "resource_policy": deny(Principal={"AWS": USER.arn})}, True,
     "identity-based policy", "Yes"),
    # A permissions boundary bounds what identity policies and a policy that names the role give, not one that names a
    # session or a user.
    (ROLE, {"identity": allow(), "boundary": allow()}, True, "identity-based policy", "Yes"),
    (ROLE, {"identity": allow(), "boundary": NOTHING}, False, "permissions boundary", ""),
    (ROLE, {"identity": allow(), "boundary": allow() + deny()}, False, "permissions boundary", "No"),
    (ROLE, {"boundary": allow()}, False, "identity-based policy", ""),
    (ROLE, {"boundary": NOTHING, "resource_policy": allow(Principal={"AWS": ROLE.arn})}, False,
     "permissions boundary", ""),
    (ROLE, {"boundary": NOTHING, "resource_policy": allow(Principal={"AWS": ROLE.session_arn})}, True,
     "resource-based policy", "Yes"),
    (USER, {"boundary": NOTHING, "resource_policy": allow(Principal={"AWS": USER.arn})}, True,
     "resource-based policy", "Yes"),
    # A session policy bounds the same.
    (ROLE, {"identity": allow(), "session": NOTHING}, False, "session policy", ""),
    (ROLE, {"identity": allow(), "session": allow()}, True, "identity-based policy", "Yes"),
    (ROLE, {"session": allow()}, False, "identity-based policy", ""),
    # So does the policy of the endpoint that a request goes through, for whoever asks.
    (ROLE, {"identity": allow(), "endpoint": NOTHING}, False, "VPC endpoint policy", ""),
    (ROLE, {"identity": allow(), "endpoint": allow(Principal="*")}, True, "identity-based policy", "Yes"),
    (ROLE, {"identity": allow(), "endpoint": deny(Principal="*")}, False, "VPC endpoint policy", "No"),
    # A service has no identity policies.
    (SERVICE, {"resource_policy": allow(Principal={"Service": SERVICE.service})}, True, "resource-based policy", "Yes"),
    (SERVICE, {"resource_policy": allow(Principal=ROOT)}, False, "resource-based policy", ""),
    (SERVICE, {}, False, "resource-based policy", ""),
    # Another account's principal needs both.
    (STRANGER, {"identity": allow(), "resource_account": ACCOUNT}, False, "resource-based policy", ""),
    (STRANGER, {"resource_policy": allow(Principal="*"), "resource_account": ACCOUNT}, False,
     "identity-based policy", ""),
    (STRANGER, {"resource_policy": allow(Principal={"AWS": "444455556666"}), "identity": allow(),
                "resource_account": ACCOUNT}, True, "identity-based policy", "Yes"),
    # A key's policy, and a role's trust policy, must allow: themselves, or by leaving it to the account.
    (ROLE, {"identity": allow(), "resource_policy": NOTHING, "resource_must_allow": True}, False,
     "resource-based policy", ""),
    (ROLE, {"identity": allow(), "resource_policy": allow(Principal=ROOT), "resource_must_allow": True}, True,
     "identity-based policy", "Yes"),
    (ROLE, {"resource_policy": allow(Principal=ROOT), "resource_must_allow": True}, False, "identity-based policy", ""),
    (ROLE, {"resource_policy": allow(Principal={"AWS": ROLE.arn}), "resource_must_allow": True}, True,
     "resource-based policy", "Yes"),
    (ROLE, {"identity": allow(), "resource_must_allow": True,
            "resource_policy": allow(Principal=ROOT, Condition={"StringEquals": {"kms:ViaService": "s3"}})}, False,
     "resource-based policy", ""),
]


@pytest.mark.parametrize(("who", "policies", "allowed", "kind", "sid"), TABLE)
def test_policies_decide_together(decide, who, policies, allowed, kind, sid):
    decision = decide(who, **policies)
    assert (decision.allowed, decision.kind, decision.sid) == (allowed, kind, sid)


def test_a_refusal_reads_as_on_aws_and_names_the_statement(decide):
    who = f"User: {ROLE.session_arn} is not authorized to perform: s3:GetObject on resource: "
    implicit = decide(identity=NOTHING)
    assert implicit.message == (f'{who}"arn:aws:s3:::lake/flights/a.csv" '
                                "because no identity-based policy allows the s3:GetObject action")
    assert implicit.statement == ""
    explicit = decide(identity=allow(), resource_policy=deny("DenyPrefixesOfOthers", Principal="*"))
    assert explicit.message.endswith("with an explicit deny in a resource-based policy")
    assert explicit.statement == "DenyPrefixesOfOthers of resource_policy"


@pytest.mark.parametrize("document", [
    "{", "[]", '{"Statement": "x"}', '{"Statement": {"Effect": "Permit", "Action": "*", "Resource": "*"}}',
    '{"Statement": {"Effect": "Allow", "Actions": "*", "Resource": "*"}}',
])
def test_what_is_no_policy_is_an_error_and_never_a_decision(document):
    with pytest.raises(PolicyError):
        Policy.parse("broken", document)


def test_a_decision_takes_less_than_a_fifth_of_a_millisecond():
    own = "${aws:PrincipalTag/project}"
    tagged = {"Null": {"aws:PrincipalTag/project": "false"}}
    bucket = Policy.parse("bucket", json.dumps({"Version": "2012-10-17", "Statement": [
        *deny(Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        *[{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::lake/*",
           "Condition": {"Null": {"s3:k": "false"}, "StringNotEquals": {"s3:k": str(n)}}} for n in range(4)],
        {"Effect": "Deny", "Principal": "*", "Action": ["s3:GetObject*", "s3:PutObject*"], "Condition": tagged,
         "NotResource": [f"arn:aws:s3:::lake/{own}/*", "arn:aws:s3:::lake/shared/*"]},
    ]}))
    identity = [Policy.parse(str(n), json.dumps({"Version": "2012-10-17", "Statement": allow(
        Action=["s3:GetObject", "s3:PutObject"], Resource=f"arn:aws:s3:::zone-{n}/flights/*")})) for n in range(9)]
    identity.append(Policy.parse("last", '{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}'))
    policies = Policies(identity, bucket)
    best = float("inf")
    for _ in range(5):
        began = time.thread_time()
        for number in range(200):
            assert evaluate(Request(ROLE, "s3:GetObject", f"arn:aws:s3:::lake/flights/{number}"), policies).allowed
        best = min(best, (time.thread_time() - began) / 200)
    assert best < 0.0002


def test_deciding_needs_neither_an_emulator_nor_an_sdk():
    program = "import sys, mlstead_toolkit.access; print({name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "mlstead_toolkit" in loaded
    assert not [name for name in ("moto", "boto3", "botocore", "pulumi") if f"'{name}'" in loaded]
