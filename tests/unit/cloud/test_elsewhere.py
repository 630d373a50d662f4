"""What another cloud takes is not missed in this one."""

import pytest

from mlstead_toolkit.access.calls import ApiCall
from mlstead_toolkit.cloud.authorization.caller import Callers
from mlstead_toolkit.cloud.authorization.judgement import Judgement
from mlstead_toolkit.cloud.credentials import assume_role, why_not_assumable

ROLE = "arn:aws:iam::123456789012:role/there-is-none"
SAGEMAKER = "sagemaker.amazonaws.com", "arn:aws:sagemaker:eu-west-1:123456789012:*"


def test_a_role_is_missed_only_where_roles_live_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Could not assume role" in str(why_not_assumable(ROLE, *SAGEMAKER))
    monkeypatch.setenv("MLSTEAD_ELSEWHERE", "s3,iam")
    assert why_not_assumable(ROLE, *SAGEMAKER) is None
    monkeypatch.setenv("MLSTEAD_ELSEWHERE", "s3")
    assert why_not_assumable(ROLE, *SAGEMAKER) is not None


def test_a_role_is_held_to_trusts_only_where_roles_and_sessions_live_here(monkeypatch: pytest.MonkeyPatch) -> None:
    caller = Callers().find(assume_role(ROLE, "session", "eu-west-1").access_key)
    assert caller is not None

    def refused() -> str:
        asked = ApiCall("sts", "AssumeRole", {"RoleArn": ROLE}, "eu-west-1", "123456789012")
        return Judgement().of(caller, asked).refused

    assert "no role trust policy allows the sts:AssumeRole action" in refused()
    for service in ("iam", "sts"):
        monkeypatch.setenv("MLSTEAD_ELSEWHERE", service)
        assert refused() == ""
