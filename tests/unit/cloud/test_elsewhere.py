"""What another cloud takes is not missed in this one."""

import pytest

from mlstead_toolkit.cloud.credentials import why_not_assumable

ROLE = "arn:aws:iam::123456789012:role/there-is-none"


def test_a_role_is_missed_only_where_roles_live_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Could not assume role" in str(why_not_assumable(ROLE, "sagemaker.amazonaws.com"))
    monkeypatch.setenv("MLSTEAD_ELSEWHERE", "s3,iam")
    assert why_not_assumable(ROLE, "sagemaker.amazonaws.com") is None
    monkeypatch.setenv("MLSTEAD_ELSEWHERE", "s3")
    assert why_not_assumable(ROLE, "sagemaker.amazonaws.com") is not None
