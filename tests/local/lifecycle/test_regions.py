"""The first project of a machine chooses the local foundation's region; another one is refused, not half moved to."""

from __future__ import annotations

import json

import boto3
import pytest

pytestmark = pytest.mark.timeout(300)

CHOSEN, ANOTHER = "us-east-1", "eu-west-1"


def keys(machine, region):
    client = boto3.client("kms", endpoint_url=f"http://127.0.0.1:{machine.port}", region_name=region,
                          aws_access_key_id="mlstead", aws_secret_access_key="mlstead")
    found = [client.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in client.list_keys()["Keys"]]
    return [key["KeyId"] for key in found if key["KeyState"] == "Enabled"]


@pytest.fixture(scope="module")
def deployed(machine):
    """A project that is not in the region that the foundation's own settings name."""
    machine.succeed("new", "flight-delays", "--defaults", "-d", f"region={CHOSEN}", cwd=machine.folder)
    machine.succeed("up", "local")
    return machine


def test_the_foundation_comes_up_in_the_region_of_the_project_that_needs_it(deployed):
    state = json.loads((deployed.home / ".pulumi/stacks/mlstead-foundation/local.json").read_text())
    assert state["checkpoint"]["latest"]["resources"][0]["outputs"]["region"] == CHOSEN
    assert deployed.succeed("outputs", "local", "--json").json["region"] == CHOSEN
    assert keys(deployed, CHOSEN) and not keys(deployed, ANOTHER)


def test_a_project_in_another_region_than_the_foundation_is_refused_and_nothing_moves(deployed):
    file = "infra/Pulumi.local.yaml"
    before = keys(deployed, CHOSEN)
    deployed.edit(file, CHOSEN, ANOTHER)
    for words in (["preview", "local"], ["up", "local"]):
        refused = deployed.refuse(*words).err
        assert CHOSEN in refused and ANOTHER in refused and file in refused and "mlstead destroy local" in refused
    deployed.edit(file, ANOTHER, CHOSEN)
    assert keys(deployed, CHOSEN) == before and not keys(deployed, ANOTHER)
    assert "Nothing changed" in deployed.succeed("up", "local").out


def test_what_stands_in_the_chosen_region_is_taken_down_there_and_the_region_is_free_to_choose(deployed):
    deployed.succeed("destroy", "local", "--yes")
    assert keys(deployed, CHOSEN) == []
    deployed.edit("infra/Pulumi.local.yaml", CHOSEN, ANOTHER)
    planned = deployed.succeed("preview", "local", "--json").json
    assert planned["summary"]["create"] == len([step for stack in planned["stacks"] for step in stack["steps"]])
