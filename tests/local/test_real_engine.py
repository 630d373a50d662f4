"""One state, two engines: what the embedded one writes, a real `pulumi` continues, and the other way round.

Nothing in the product needs the real engine, and these tests are skipped where there is none on the PATH.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from workplace import Workplace, needs_pulumi

from mlstead_toolkit.cli.provider_server import stop_serving
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.engine import Operation, Session

pytestmark = needs_pulumi

PROGRAM = """
import json, pulumi, pulumi_aws as aws
stage = pulumi.Config().require_int("stage")

class Pair(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("tried:index:Pair", name, {"stage": 1}, opts)
        own = pulumi.ResourceOptions(parent=self)
        self.topic = aws.sns.Topic(f"{name}-topic", opts=own)
        aws.ssm.Parameter(f"{name}-parameter", type="String", value=self.topic.arn, opts=own)
        self.register_outputs({"topic": self.topic.arn, "hidden": pulumi.Output.secret("x")})

trust = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
west = aws.Provider("west", region="us-west-2", default_tags={"tags": {"coast": "west"}})
pair = Pair("pair")
Pair("wet", pulumi.ResourceOptions(providers=[west]))
secret = aws.ssm.Parameter("secret", type="SecureString", value=pulumi.Output.secret("swordfish"))
role = aws.iam.Role("role", assume_role_policy=json.dumps(trust), opts=pulumi.ResourceOptions(
    protect=stage == 1, custom_timeouts=pulumi.CustomTimeouts(create="5m", delete="1h30m")))
bucket = aws.s3.Bucket("bucket", tags={"stage": str(stage)}, opts=pulumi.ResourceOptions(depends_on=[role]))
aws.s3.BucketObjectv2("folder", bucket=bucket.id, key="folder", source=pulumi.AssetArchive(
    {"f": pulumi.FileArchive("folder"), "t": pulumi.StringAsset("t")}))
aws.cloudwatch.LogGroup(
    "log", name=pulumi.Output.concat("/", pair.topic.name, "/", str(stage)), retention_in_days=30,
    opts=pulumi.ResourceOptions(delete_before_replace=True, replace_on_changes=["retentionInDays"]))
aws.sns.Topic("first" if stage == 1 else "second")
pulumi.export("got", aws.iam.Role.get("got", role.id).arn)
pulumi.export("account", aws.get_caller_identity().account_id)
pulumi.export("secret", secret.value)
"""


@pytest.fixture
def workplaces(tmp_path: Path, cloud: CloudStatus, monkeypatch: pytest.MonkeyPatch
               ) -> Iterator[Callable[[str], Workplace]]:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    made: list[Workplace] = []

    def make(name: str) -> Workplace:
        made.append(Workplace(tmp_path / name, cloud, PROGRAM))
        return made[-1]

    yield make
    for workplace in made:
        stop_serving(workplace.home)


def test_either_engine_finds_nothing_to_do_after_the_other(workplaces: Callable[[str], Workplace]) -> None:
    place = workplaces("shared")
    place.embedded(Session.up)
    place.pulumi("preview", "--expect-no-changes")

    place.stage(2)
    changed = place.pulumi("up", "--yes", "--skip-preview")
    assert "+ 1 created" in changed
    assert "- 1 deleted" in changed
    assert place.embedded(Session.preview) == []

    place.stage(1)
    assert (Operation.REPLACE, "log") in place.embedded(Session.up)
    place.pulumi("preview", "--expect-no-changes")
    place.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")

    place.stage(2)
    place.embedded(Session.up)  # nothing is protected any more
    assert "deleted" in place.pulumi("destroy", "--yes", "--skip-preview")
    assert place.embedded(Session.destroy) == []


def test_both_engines_write_the_same_state(workplaces: Callable[[str], Workplace]) -> None:
    embedded, real = workplaces("embedded"), workplaces("real")
    embedded.embedded(Session.up)
    real.pulumi("stack", "init")
    real.pulumi("up", "--yes", "--skip-preview")

    one, other = embedded.exported(), real.exported()
    assert one.keys() == other.keys()
    for name, resource in one.items():
        assert resource == other[name], name


def test_pulumi_exports_a_state_of_ours_and_takes_it_back(workplaces: Callable[[str], Workplace]) -> None:
    place = workplaces("round")
    place.embedded(Session.up)
    file = str(place.home / "exported.json")

    place.pulumi("stack", "export", "--file", file)
    place.pulumi("stack", "import", "--file", file)

    assert place.embedded(Session.preview) == []
    assert "swordfish" in place.pulumi("stack", "export", "--show-secrets")
