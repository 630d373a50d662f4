"""What `up` does with a change: exactly that change; what it would lose it does not; what was cut off it finishes."""

import json
import os
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest

from mlstead_toolkit.policies.catalogue import RULES

pytestmark = pytest.mark.timeout(300)

EXTRA = '''
import pulumi_aws
pulumi_aws.s3.Bucket("extra", force_destroy=True, tags={"owner": "ann"})
pulumi_aws.s3.Bucket("kept", opts=pulumi.ResourceOptions(protect=True))
'''

AGREED = """
[[exception]]
rule = "{rule}"
resource = "{bucket}"
reason = "A bucket of a test, which nobody's data is in"
owner = "tests@example.com"
expires = {expires}
"""


@pytest.fixture(scope="module")
def deployed(scaffolded):
    """A project that was killed once while it came up, with two buckets of its own that are not as the rules ask."""
    program = scaffolded.project / "infra/__main__.py"
    program.write_text(program.read_text() + EXTRA)
    expires = (datetime.now(UTC) + timedelta(days=30)).date()
    rules = [rule.id for rule in RULES if "aws:s3/bucket:Bucket" in rule.types]
    (scaffolded.project / "policy-exceptions.toml").write_text("".join(
        AGREED.format(rule=rule, bucket=bucket, expires=expires)
        for rule in rules for bucket in ("extra", "kept", "renamed")
    ))
    return scaffolded


def plan(machine):
    found = machine.succeed("preview", "local", "--json").json
    return [(step["operation"], step["name"]) for stack in found["stacks"] for step in stack["steps"]], found


def test_a_killed_up_is_finished_by_the_next_with_nothing_twice(deployed):
    deployed.succeed("cloud", "start")
    process = deployed.start("up", "local")
    s3 = deployed.client("s3")
    deadline = time.monotonic() + 120
    while len(s3.list_buckets()["Buckets"]) < 2:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "nothing was created"
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close(), process.stderr.close()
    deployed.succeed("up", "local")
    assert "Nothing changed" in deployed.succeed("up", "local").out
    ids = [resource["id"] for stack in ("mlstead-foundation", "flight-delays")
           for resource in json.loads((deployed.home / f".pulumi/stacks/{stack}/local.json").read_text())
           ["checkpoint"]["latest"]["resources"] if resource["type"] == "aws:s3/bucket:Bucket"]
    assert sorted(bucket["Name"] for bucket in s3.list_buckets()["Buckets"]) == sorted(ids)


def test_one_tag_is_one_update(deployed):
    deployed.edit("infra/__main__.py", '"ann"', '"bob"')
    steps, found = plan(deployed)
    assert steps == [("update", "extra")]
    (step,) = [step for stack in found["stacks"] for step in stack["steps"]]
    assert [change["path"] for change in step["changes"]] == ["tags.owner"]
    shown = deployed.succeed("up", "local").out
    assert '~ tags.owner: "ann" => "bob"' in shown and "1 to update" in shown
    names = [bucket["Name"] for bucket in deployed.client("s3").list_buckets()["Buckets"] if "extra" in bucket["Name"]]
    (tags,) = [deployed.client("s3").get_bucket_tagging(Bucket=name)["TagSet"] for name in names]
    assert {"Key": "owner", "Value": "bob"} in tags


def test_what_was_changed_outside_is_put_right_by_a_refreshing_up(deployed):
    lake, athena = deployed.client("lakeformation"), deployed.client("athena")
    (grant, *_) = [entry for entry in lake.list_permissions()["PrincipalResourcePermissions"]
                   if "LFTagPolicy" in entry["Resource"]]
    lake.revoke_permissions(Principal=grant["Principal"], Resource=grant["Resource"], Permissions=["SELECT"])
    (group,) = {one["Name"] for one in athena.list_work_groups()["WorkGroups"]} - {"primary"}
    athena.update_work_group(WorkGroup=group, ConfigurationUpdates={"EnforceWorkGroupConfiguration": False})
    assert "Nothing changed" in deployed.succeed("up", "local").out

    deployed.succeed("up", "local", "--refresh")

    listed = lake.list_permissions(Principal=grant["Principal"], Resource=grant["Resource"])
    (found,) = listed["PrincipalResourcePermissions"]
    assert found["Permissions"] == ["DESCRIBE", "SELECT"]
    assert athena.get_work_group(WorkGroup=group)["WorkGroup"]["Configuration"]["EnforceWorkGroupConfiguration"]
    assert "Nothing changed" in deployed.succeed("up", "local", "--refresh").out


def test_renaming_a_protected_bucket_says_what_would_be_lost_and_stops(deployed):
    before = deployed.snapshot()
    deployed.edit("infra/__main__.py", '"kept"', '"renamed"')
    run = deployed.refuse("up", "local")
    assert "kept" in run.err and "protected" in run.err
    assert "every object in it" in run.out + run.err
    assert deployed.snapshot() == before
    deployed.edit("infra/__main__.py", '"renamed"', '"kept"')


def test_a_removed_resource_is_one_delete(deployed):
    program = deployed.project / "infra/__main__.py"
    program.write_text("\n".join(line for line in program.read_text().splitlines() if '"extra"' not in line) + "\n")
    steps, _ = plan(deployed)
    assert steps == [("delete", "extra")]
    deployed.succeed("up", "local")
    assert not [bucket for bucket in deployed.client("s3").list_buckets()["Buckets"] if "extra" in bucket["Name"]]


def test_another_image_of_notebooks_leaves_the_one_that_spaces_may_name_until_there_are_none(deployed):
    settings, sagemaker = deployed.project / "infra/Pulumi.local.yaml", deployed.client("sagemaker")
    kept = settings.read_text()
    for tag in ("studio-1", "studio-2"):
        settings.write_text(f"{kept}  flight-delays:exploration: {{image_tag: {tag}}}\n")
        deployed.succeed("up", "local")
    (image,) = sagemaker.list_images()["Images"]
    versions = sagemaker.list_image_versions(ImageName=image["ImageName"])["ImageVersions"]
    assert {version["Version"] for version in versions} == {1, 2}
    settings.write_text(kept)
    deployed.succeed("up", "local")
    assert sagemaker.list_images()["Images"] == []


@pytest.mark.parametrize(("line", "says"), [
    ("  flight-delays:endpiont: {instance_type: ml.m5.large, instance_count: 1}", "endpoint"),
    ("  flight-delays:endpoint: {instance_typ: ml.m5.large, instance_count: 1}", "instance_type"),
])
def test_a_mistyped_setting_is_refused_with_the_name_that_was_meant(deployed, line, says):
    settings = deployed.project / "infra/Pulumi.local.yaml"
    kept = settings.read_text()
    lines = [line if "flight-delays:endpoint:" in old else old for old in kept.splitlines()]
    settings.write_text("\n".join(lines) + "\n")
    run = deployed.refuse("up", "local")
    assert says in run.err and "Pulumi.local.yaml" in run.err
    settings.write_text(kept)


def test_a_wrong_property_is_refused_at_preview(deployed):
    program = deployed.project / "infra/__main__.py"
    kept = program.read_text()
    program.write_text(kept + '\npulumi_aws.sns.Topic("t", kms_master_key_id="alias/aws/sns", signature_version=7)\n')
    before = deployed.snapshot()
    assert "ignatureVersion" in deployed.refuse("preview", "local").err
    assert deployed.snapshot() == before
    program.write_text(kept)


def test_the_emulator_is_memory_so_what_it_lost_comes_back(deployed):
    deployed.succeed("cloud", "reset", "--yes")
    for words in (["status", "local"], ["train", "local"], ["data", "ingest", "local"], ["predict", "local"]):
        assert "was restarted" in deployed.refuse(*words).err
    assert deployed.client("s3").list_buckets()["Buckets"] == []
    deployed.succeed("up", "local")
    assert len(deployed.client("s3").list_buckets()["Buckets"]) > 1
    assert "Nothing changed" in deployed.succeed("up", "local").out


def test_a_version_that_the_registry_lacks_is_refused_with_the_way_back(deployed):
    deployed.edit("infra/Pulumi.local.yaml", "model: none", "model: {version: 7}")
    told = deployed.refuse("up", "local").err
    assert "/7 does not exist" in told and "write model: none" in told and told.count("fix:") == 1
    assert deployed.succeed("status", "local", "--json").json["endpoint"]["served_version"] is None
    deployed.edit("infra/Pulumi.local.yaml", "model: {version: 7}", "model: none")
    assert "Nothing changed" in deployed.succeed("up", "local").out
