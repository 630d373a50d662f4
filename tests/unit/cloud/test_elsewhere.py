"""What another cloud takes is not missed in this one."""

import io

import pytest

from mlstead_toolkit.cloud.authorization.caller import Callers
from mlstead_toolkit.cloud.authorization.sts_authorization import StsAuthorization
from mlstead_toolkit.cloud.credentials import assume_role, why_not_assumable
from mlstead_toolkit.cloud.request import Call

ROLE = "arn:aws:iam::123456789012:role/there-is-none"


def test_a_role_is_missed_only_where_roles_live_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Could not assume role" in str(why_not_assumable(ROLE, "sagemaker.amazonaws.com"))
    monkeypatch.setenv("MLSTEAD_ELSEWHERE", "s3,iam")
    assert why_not_assumable(ROLE, "sagemaker.amazonaws.com") is None
    monkeypatch.setenv("MLSTEAD_ELSEWHERE", "s3")
    assert why_not_assumable(ROLE, "sagemaker.amazonaws.com") is not None


def test_a_role_is_held_to_trusts_only_where_roles_and_sessions_live_here(monkeypatch: pytest.MonkeyPatch) -> None:
    call = Call("sts", "eu-west-1", assume_role(ROLE, "session", "eu-west-1").access_key, "AssumeRole")

    def refused() -> str:
        environ = {"QUERY_STRING": f"Action=AssumeRole&RoleArn={ROLE}", "wsgi.input": io.BytesIO()}
        return StsAuthorization(Callers()).of_call(call, environ)

    assert "no role trust policy allows the sts:AssumeRole action" in refused()
    for service in ("iam", "sts"):
        monkeypatch.setenv("MLSTEAD_ELSEWHERE", service)
        assert refused() == ""
