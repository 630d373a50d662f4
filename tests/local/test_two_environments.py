"""Two environments in one account and region: one governs the catalog for both, the other asks whose key it has."""

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
from mlstead_toolkit.engine import Session, StackSource


@pytest.fixture
def bring_up(cloud: CloudStatus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], set[str]]:
    """Bring up the foundation of an environment and give the types that it made: bring_up("dev", "false")."""
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    program = Path(shutil.copytree(stack_directory("foundation"), tmp_path / "foundation"))
    factory = provider_factory(Target.local(cloud.endpoint, "eu-west-1"))

    def do(environment: str, account_wide: str) -> set[str]:
        (program / f"Pulumi.{environment}.yaml").write_text(
            f"config:\n  aws:region: eu-west-1\n  mlstead-foundation:account_wide: {account_wide}\n")
        with Session([StackSource(program, environment, Path(sys.executable))], home=tmp_path,
                     provider=factory) as session:
            return {step.type.rpartition(":")[2] for plan in session.up() for step in plan.changes if step.custom}

    return do


def test_the_second_environment_shares_what_an_account_has_once_and_cannot_come_first(
    bring_up: Callable[[str, str], set[str]], boto: Callable[[str], Any]
) -> None:
    once = {"DataLakeSettings", "DataCatalogEncryptionSettings", "LfTag"}
    with pytest.raises(MlsteadError, match="No environment governs the catalog"):
        bring_up("dev", "false")
    assert bring_up("local", "true") >= once
    settings = boto("lakeformation").get_data_lake_settings()["DataLakeSettings"]
    assert not bring_up("dev", "false") & once
    assert boto("lakeformation").get_data_lake_settings()["DataLakeSettings"] == settings
    databases = {database["Name"] for database in boto("glue").get_databases()["DatabaseList"]}
    assert {"mlstead_local_raw", "mlstead_dev_raw"} <= databases
    for name in ("mlstead_local_raw", "mlstead_dev_raw"):
        tags = boto("lakeformation").get_resource_lf_tags(Resource={"Database": {"Name": name}})["LFTagOnDatabase"]
        assert [(tag["TagKey"], tag["TagValues"]) for tag in tags] == [("sensitivity", ["internal"])]
    assert bring_up("dev", "false") == set() and bring_up("local", "true") == set()
