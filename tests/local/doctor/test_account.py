"""An account that lacks nothing, one that is not there, and one in which somebody may look at nothing."""

from __future__ import annotations

import json
import time

import pytest
from real_account import BUCKET, RealAccount

from mlstead_toolkit.aws.target import ACCOUNT


def test_an_account_that_lacks_nothing_lets_a_first_deployment_through(account: RealAccount) -> None:
    done = account.doctor("--json")
    answer = json.loads(done.stdout)
    found = {check["name"]: check for check in answer["checks"]}
    assert (done.returncode, answer["ok"], answer["left_out"]) == (0, True, []), answer
    assert list(found)[:4] == ["settings", "credentials", "region", "pulumi"]
    assert ACCOUNT in found["credentials"]["found"] and "better a role" in found["credentials"]["found"]
    assert "lets in acme/flight-delays, branch main" in found["ci"]["found"]
    assert "the first deployment makes it" in found["image"]["found"]
    assert all(check["fix"] is None for check in found.values())


def test_each_check_has_its_line_and_its_fix_below_and_the_end_says_how_many_are_off(account: RealAccount) -> None:
    s3 = account.machine.client("s3")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    try:
        done = account.doctor()
    finally:
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    assert done.returncode == 1
    assert "off  backend        " in done.stdout
    assert "     fix: ask the platform team to type, in stacks/bootstrap" in done.stdout
    assert "?    quotas " in done.stdout, "nobody answers for quotas here, which is no fault"
    assert "1 of 14 checks are off. 1 may not be looked at from here." in done.stdout


def test_without_a_network_one_finding_says_so_and_the_rest_is_left_out_at_once(
        account: RealAccount, free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port}")
    started = time.monotonic()
    found = account.examine()
    assert [check.name for check in found.checks] == ["settings", "credentials"]
    assert "AWS does not answer" in found.broken[0].found and "network" in str(found.broken[0].fix)
    assert "foundation" in found.left_out and "credentials" not in found.left_out
    assert time.monotonic() - started < 20


def test_without_credentials_one_finding_says_how_to_sign_in(
        account: RealAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    found = account.examine()
    assert [check.name for check in found.broken] == ["credentials"] and "keys" in found.left_out
    assert "aws sso login" in str(found.broken[0].fix)


def test_a_profile_that_does_not_exist_is_a_sign_in_that_is_missing(
        account: RealAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    (fault,) = account.examine().broken
    assert fault.name == "credentials" and "nobody" in fault.found


def test_what_a_role_may_not_look_at_is_told_with_the_action_that_it_needs_and_is_no_fault(
        account: RealAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    iam, trust = account.machine.client("iam"), {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]}
    arn = iam.create_role(RoleName="nobody", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    try:
        given = account.machine.client("sts").assume_role(RoleArn=arn, RoleSessionName="ada")["Credentials"]
        for name, key in (("ACCESS_KEY_ID", "AccessKeyId"), ("SECRET_ACCESS_KEY", "SecretAccessKey"),
                          ("SESSION_TOKEN", "SessionToken")):
            monkeypatch.setenv(f"AWS_{name}", given[key])
        found = {check.name: check for check in account.examine().checks}
    finally:
        iam.delete_role(RoleName="nobody")
    assert found["ci"].ok is None and "needs iam:GetOpenIDConnectProvider" in found["ci"].found
    assert found["lake formation"].ok is None and found["image"].ok is None
    assert "assumed-role/nobody/ada" in found["credentials"].found
    # A state that may not be listed, and a key that may not be used, keep this one from deploying.
    assert {name for name, check in found.items() if check.ok is False} == {"backend", "secrets"}
    assert "may not list" in found["backend"].found
