"""What the project's files and the forge's addresses say, read without an account."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mlstead_toolkit.doctor.backend_address import Backend, backend_of
from mlstead_toolkit.doctor.finding import Finding, off, together, well
from mlstead_toolkit.doctor.remote import remote_of
from mlstead_toolkit.doctor.secrets_provider import SecretsKey


@pytest.mark.parametrize(("address", "key", "region"), [
    ("awskms://alias/mlstead-bootstrap-dev/secrets?region=eu-west-1", "alias/mlstead-bootstrap-dev/secrets",
     "eu-west-1"),
    ("awskms://1234abcd-12ab-34cd-56ef-1234567890ab?region=us-east-1", "1234abcd-12ab-34cd-56ef-1234567890ab",
     "us-east-1"),
    ("awskms:///arn:aws:kms:us-east-1:111122223333:key/1234abcd?awssdk=v2",
     "arn:aws:kms:us-east-1:111122223333:key/1234abcd", ""),
])
def test_every_form_of_a_key_s_address_is_read(address: str, key: str, region: str) -> None:
    assert SecretsKey.read(address) == SecretsKey(key, region)


@pytest.mark.parametrize(("address", "host", "path"), [
    ("git@github.com:acme/flight-delays.git", "github.com", "acme/flight-delays"),
    ("https://github.com/acme/flight-delays", "github.com", "acme/flight-delays"),
    ("https://x-token:secret@github.com/acme/flight-delays.git", "github.com", "acme/flight-delays"),
    ("ssh://git@gitlab.acme.example:2222/data/ml/flight-delays.git", "gitlab.acme.example", "data/ml/flight-delays"),
])
def test_every_form_of_a_remote_names_its_repository(tmp_path: Path, address: str, host: str, path: str) -> None:
    for words in (["init", "--quiet"], ["remote", "add", "origin", address]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    remote = remote_of(tmp_path, "github")
    assert remote is not None and (remote.host, remote.path, remote.branch) == (host, path, "")


def test_a_folder_is_no_repository_of_a_forge(tmp_path: Path) -> None:
    for words in (["init", "--quiet"], ["remote", "add", "origin", str(tmp_path)]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    assert remote_of(tmp_path, "github") is None


def test_the_variable_says_the_backend_before_the_project_does(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: tried\nbackend: {url: 's3://b/states?region=eu-west-1'}\n")
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    assert backend_of(tmp_path) == Backend("s3://b/states?region=eu-west-1", "infra/Pulumi.yaml")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://other")
    assert backend_of(tmp_path) == Backend("s3://other", "PULUMI_BACKEND_URL")


def test_an_address_of_s3_names_bucket_prefix_and_region_and_another_names_none() -> None:
    backend = Backend("s3://b/states?region=eu-west-1", "")
    assert (backend.bucket, backend.prefix, backend.region) == ("b", "states/", "eu-west-1")
    assert Backend("https://api.pulumi.com", "").bucket == ""


def test_what_is_off_is_told_before_what_is_well_and_missing_actions_in_one_sentence() -> None:
    denied = [Finding(None, "needs iam:GetRole"), Finding(None, "needs iam:GetPolicy")]
    assert together([well("a"), *denied]) == Finding(
        None, "a; may not be looked at: needs iam:GetRole, iam:GetPolicy")
    assert together([well("a"), off("b", "mend"), off("c", "mend")]) == Finding(False, "b; c", "mend")
    assert together([]) == Finding(True, "")
