"""A provider at an address where nothing listens: what it answers here, it answers without a cloud."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlstead_toolkit.aws import AwsProvider, Target
from mlstead_toolkit.engine.provider import CheckResult
from mlstead_toolkit.engine.values import Properties

Check = Callable[..., CheckResult]


@pytest.fixture(scope="session")
def limits_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def provider(limits_home: Path, monkeypatch: pytest.MonkeyPatch) -> AwsProvider:
    monkeypatch.setenv("MLSTEAD_HOME", str(limits_home))
    return AwsProvider(Target.local("http://127.0.0.1:9", "eu-west-1"), {"defaultTags": {"tags": {"env": "local"}}})


@pytest.fixture
def check(provider: AwsProvider) -> Check:
    def run(token: str, inputs: Properties, olds: Properties | None = None, name: str = "thing") -> CheckResult:
        return provider.check(token, f"urn:pulumi:local::p::{token}::{name}", olds, inputs, b"seed")

    return run
