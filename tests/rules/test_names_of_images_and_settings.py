"""Which images can change under their name, and which settings hold a credential."""

from __future__ import annotations

import pytest

from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import Block, NotDecided
from mlstead_toolkit.policies.images import is_floating, is_in_ecr
from mlstead_toolkit.policies.plain_credential import credentials, is_called_a_credential, is_in_clear

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(("image", "floats"), [
    (f"{ECR}/flights", True), (f"{ECR}/flights:latest", True), ("localhost:5000/flights", True), ("flights", True),
    (f"{ECR}/flights:1.4.0", False), (f"{ECR}/flights@sha256:{'0' * 64}", False),
    (f"{ECR}/flights:latest@sha256:{'0' * 64}", False), ("localhost:5000/flights:7", False),
    ("159807026194.dkr.ecr.us-west-2.amazonaws.com/sagemaker-model-monitor-analyzer", False),
])
def test_only_a_version_or_a_digest_holds_an_image(image: str, floats: bool) -> None:
    assert is_floating(image) is floats


@pytest.mark.parametrize(("image", "private"), [
    (f"{ECR}/flights:7", True), ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/flights:7", True),
    ("123456789012.dkr-ecr.eu-west-1.on.aws/flights:7", True), ("public.ecr.aws/acme/flights:7", False),
    ("docker.io/acme/flights:7", False), ("evil.example/123456789012.dkr.ecr.eu-west-1.amazonaws.com/x", False),
])
def test_only_registries_of_an_account_are_private(image: str, private: bool) -> None:
    assert is_in_ecr(image) is private


@pytest.mark.parametrize(("name", "suspicious"), [
    ("DB_PASSWORD", True), ("hfToken", True), ("--api-key", True), ("AWS_SECRET_ACCESS_KEY", True), ("secret", True),
    ("HUGGING_FACE_HUB_TOKEN", True), ("SECRET_ARN", False), ("TOKENIZER", False), ("MAX_TOKENS", False),
    ("PARTITION_KEY", False), ("PASSWORD_FILE", False), ("", False),
])
def test_a_setting_is_suspicious_by_the_end_of_its_name(name: str, suspicious: bool) -> None:
    assert is_called_a_credential(name) is suspicious


@pytest.mark.parametrize(("text", "found"), [
    ("AKIAIOSFODNN7EXAMPLE", True), ("-----BEGIN RSA PRIVATE KEY-----", True),
    ("postgresql://app:horse@db:5432/flights", True), ("https://oauth2:glpat-" + "a" * 20 + "@gitlab.com/x", True),
    ("https://git.acme.example/flights.git", False), ("s3://lake/flights@2", False),
    ("arn:aws:iam::123456789012:role/training", False),
])
def test_credentials_of_a_known_form_are_found_in_any_text(text: str, found: bool) -> None:
    assert is_in_clear(text) is found


def test_settings_of_which_one_is_unknown_are_not_decided() -> None:
    with pytest.raises(NotDecided):
        list(credentials(Block({"environment": {"LOG": "info", "WHERE": UNKNOWN}}), "environment"))
    assert list(credentials(Block({}), "environment")) == []
