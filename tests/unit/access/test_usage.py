"""What is granted, held against what was used: by the statement that the record names."""

import json

from mlstead_toolkit.access.deployed import DeployedRole
from mlstead_toolkit.access.deployed.usage import Granted, granted, usage

ARN = "arn:aws:iam::111122223333:role/mlstead/flights/local/training-1"
MANAGED = "arn:aws:iam::111122223333:policy/more"
READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject*", "s3:ListBucket"], "Resource": "*"}
WRITE = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
DENY = {"Sid": "Never", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
ROLE = DeployedRole(ARN, "AROA1", {"mlstead:use": "training"}, {
    "read": json.dumps({"Version": "2012-10-17", "Statement": [READ, DENY]}),
    MANAGED: json.dumps({"Version": "2012-10-17", "Statement": WRITE}),
}, "{}", None)


def call(by, action="s3:GetObject", principal=ARN):
    return {"principal": principal, "needs": [{"action": action, "resource": "*", "by": by, "reason": ""}]}


def test_every_action_that_is_allowed_is_granted_and_a_denied_one_is_not():
    assert sorted((one.policy, one.sid, one.action) for one in granted(ROLE)) == [
        (MANAGED, "", "s3:PutObject"), ("read", "Read", "s3:GetObject*"), ("read", "Read", "s3:ListBucket")]


def test_a_call_counts_for_the_statement_that_allowed_it_and_by_its_wildcards():
    by = "the policy read of training-1 / Read"
    used = usage([ROLE], [call(by, "s3:GetObjectVersion"), call(by), call(by, principal=ARN + "2"),
                          call(f"{MANAGED} / a statement without Sid", "s3:PutObject"), {"principal": ARN}])
    assert used == {Granted("training", "read", "Read", "s3:GetObject*"): 2, Granted(
        "training", "read", "Read", "s3:ListBucket"): 0, Granted("training", MANAGED, "", "s3:PutObject"): 1}


def test_what_was_refused_uses_nothing():
    assert not any(usage([ROLE], [call(None), call("the policy other of training-1 / Read")]).values())
