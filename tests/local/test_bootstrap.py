"""The bootstrap on the local cloud: it settles, it refuses to be lost, and one line with a reason opens it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.aws.provider import provider_factory
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.engine import Session, StackPlan, StackSource

OPEN = 'mlstead-bootstrap:locked: {weakened: "this account is closed at the end of the month"}'
LOCKED = {"DenyLossOfBucket", "DenyLossOfVersions"}
PROJECTS = ("mlstead-bootstrap:projects: {flight-delays: {repository: acme/flight-delays, environments: [dev]}}",
            "mlstead-bootstrap:platform: {repository: acme/platform, environments: [dev]}")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the account's one bootstrap is, with its state."""
    return tmp_path_factory.mktemp("account")


@pytest.fixture
def act(cloud: CloudStatus, home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, str]]]:
    """Do something with the bootstrap, under settings: act(Session.up, OPEN) gives what it did."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    program = Path(shutil.copytree(stack_directory("bootstrap"), home / "bootstrap", dirs_exist_ok=True))
    factory = provider_factory(Target.local(cloud.endpoint, "eu-west-1"))

    def do(what: Callable[[Session], list[StackPlan]], *settings: str) -> list[tuple[str, str]]:
        lines = ["config:", "  aws:region: eu-west-1", *(f"  {setting}" for setting in settings)]
        (program / "Pulumi.local.yaml").write_text("\n".join(lines) + "\n")
        source = StackSource(program, "local", Path(sys.executable))
        with Session([source], home=home, provider=factory) as session:
            return [(step.operation, step.type.rpartition(":")[2]) for plan in what(session) for step in plan.changes
                    if step.custom]

    return do


def test_it_settles_refuses_to_be_lost_and_opens_before_anything_in_it_can_change(
    act: Callable[..., list[tuple[str, str]]], boto: Callable[[str], Any]
) -> None:
    assert ("create", "BucketPolicy") in act(Session.up)
    assert act(Session.up) == []
    with pytest.raises(MlsteadError, match="4 protected resources would be deleted"):
        act(Session.destroy)

    def policy() -> str:
        return boto("s3").get_bucket_policy(Bucket="mlstead-state-123456789012-eu-west-1")["Policy"]

    assert all(sid in policy() for sid in LOCKED)
    unlocked = [("update", "BucketPolicy"), ("update", "Key"), ("update", "Key")]
    assert sorted(act(Session.up, OPEN)) == unlocked
    assert not any(sid in policy() for sid in LOCKED)
    shorter = "mlstead-bootstrap:noncurrent_days: 30"
    assert act(Session.up, OPEN, shorter) == [("update", "BucketLifecycleConfiguration")]
    assert sorted(act(Session.up, shorter)) == unlocked
    assert all(sid in policy() for sid in LOCKED)


def test_ci_s_roles_come_with_their_projects_settle_and_go_with_them(
    act: Callable[..., list[tuple[str, str]]], boto: Callable[[str], Any]
) -> None:
    iam = boto("iam")
    act(Session.up, OPEN)
    made = act(Session.up, OPEN, *PROJECTS)
    assert {(operation, type_) for operation, type_ in made} == {
        ("create", type_) for type_ in ("OpenIdConnectProvider", "Role", "Policy", "RolePolicyAttachment")}
    assert act(Session.up, OPEN, *PROJECTS) == []
    role = iam.get_role(RoleName="flight-delays-dev-deploy")["Role"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    (provider,) = [each["Arn"] for each in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]]
    assert (role["Path"], trust["Principal"]) == ("/mlstead-ci/", {"Federated": provider})
    attached = iam.list_attached_role_policies(RoleName="flight-delays-dev-deploy")["AttachedPolicies"]
    assert {each["PolicyName"] for each in attached} == {
        f"flight-delays-dev-deploy-{grant}"
        for grant in ("read", "create", "change", "endpoints", "deliver", "roles", "state")}

    branch = PROJECTS[0].replace("environments:", "branch: release, environments:")
    assert sorted(act(Session.up, OPEN, branch, PROJECTS[1])) == [("update", "Role"), ("update", "Role")]
    assert all(operation == "delete" for operation, _ in act(Session.up, OPEN))
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
