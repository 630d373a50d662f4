"""A token stands for a value within a project, and gives neither the value nor the key away."""

import logging
import pickle

import boto3
import pytest
from moto import mock_aws

from mlstead_jobs.personal.tokens import TokenFailure, Tokens, derived


@pytest.fixture
def key_arn(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with mock_aws():
        kms = boto3.client("kms", region_name="eu-west-1")
        yield kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]


def test_the_same_value_has_the_same_token_in_every_run(key_arn: str) -> None:
    runs = [derived(key_arn, "flight-delays").token("email", "a@example.com") for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0].startswith("email:")
    assert len(runs[0]) == len("email:") + 16


def test_another_project_kind_or_value_has_another_token(key_arn: str) -> None:
    flights, other = derived(key_arn, "flight-delays"), derived(key_arn, "other")
    tokens = {flights.token("email", "a@example.com"), flights.token("email", "b@example.com"),
              other.token("email", "a@example.com")}
    assert len(tokens) == 3
    assert flights.token("name", "a").removeprefix("name:") != flights.token("email", "a").removeprefix("email:")


def test_other_values_have_other_tokens() -> None:
    tokens = Tokens(b"k" * 32)
    assert len({tokens.token("identifier", str(number)) for number in range(100_000)}) == 100_000


def test_the_key_is_not_shown_nor_written(key_arn: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    tokens = Tokens(b"secret" * 8)
    assert "secret" not in f"{tokens} {tokens!r}"
    with pytest.raises(TypeError, match="not written"):
        pickle.dumps(tokens)
    mac = boto3.client("kms", region_name="eu-west-1").generate_mac(
        KeyId=key_arn, MacAlgorithm="HMAC_SHA_256", Message=b"mlstead tokens of flight-delays")["Mac"]
    derived(key_arn, "flight-delays")
    assert mac.hex() not in caplog.text
    assert repr(mac) not in caplog.text


@pytest.mark.parametrize("arn", ["arn:aws:kms:eu-west-1:123456789012:key/missing", "alias/tokens"])
def test_a_key_that_cannot_be_used_is_told_with_what_is_needed(key_arn: str, arn: str) -> None:
    with pytest.raises(TokenFailure, match="fix:"):
        derived(arn, "flight-delays")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(TokenFailure, match="too short"):
        Tokens(b"short")
