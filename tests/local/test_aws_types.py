"""Every type lives its whole life on the local cloud, and plain boto3 sees what the provider says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aws_types import EXAMPLES, Example
from mlstead_toolkit.aws import AwsProvider, Target
from mlstead_toolkit.aws.registry import resource_types
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.engine.values import Properties

ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
BY_TOKEN = {example.token: example for example in EXAMPLES}


class Stand:
    """Creates examples with what they need, and takes everything down in the end."""

    def __init__(self, provider: AwsProvider) -> None:
        self.provider = provider
        self.standing: list[tuple[str, str, str, Properties, Properties]] = []
        self.count = 0

    def create(self, token: str, inputs: dict[str, Any], name: str = "thing") -> tuple[str, Properties, Properties]:
        urn = self.urn(token, name)
        checked = self.provider.check(token, urn, None, inputs, f"{id(self)}{self.count}".encode())
        self.count += 1
        assert checked.failures == ()
        resource_id, outputs = self.provider.create(token, urn, checked.inputs, preview=False, timeout=60)
        self.standing.append((token, urn, resource_id, checked.inputs, outputs))
        return resource_id, checked.inputs, outputs

    def needs(self, example: Example) -> dict[str, Properties]:
        made: dict[str, Properties] = {}
        for name, token in example.needs.items():
            needed = BY_TOKEN[token]
            # A dependency gets a bucket of its own where it needs one: a log target must not be its own source.
            made[name] = self.create(token, fill(needed.inputs, self.needs(needed)), name)[2]
        return made

    def urn(self, token: str, name: str = "thing") -> str:
        return f"urn:pulumi:local::p::{token}::{name}"

    def clear(self) -> None:
        for token, urn, resource_id, inputs, outputs in reversed(self.standing):
            self.provider.delete(token, urn, resource_id, inputs, outputs, timeout=60)


def fill(inputs: Any, made: dict[str, Properties]) -> Any:
    if isinstance(inputs, dict):
        return {key: fill(value, made) for key, value in inputs.items()}
    if isinstance(inputs, list):
        return [fill(value, made) for value in inputs]
    if isinstance(inputs, str):
        return re.sub(r"\{(\w+)\.(\w+)\}", lambda match: made[match[1]][match[2]], inputs)
    return inputs


@pytest.fixture(scope="module")
def aws(cloud: CloudStatus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsProvider]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLSTEAD_HOME", str(tmp_path_factory.mktemp("aws-home")))
        yield AwsProvider(Target.local(cloud.endpoint, "eu-west-1"),
                          {"purge": True, "defaultTags": {"tags": {"env": "local"}}})


@pytest.fixture
def stand(aws: AwsProvider) -> Iterator[Stand]:
    stand = Stand(aws)
    yield stand
    stand.clear()


def test_every_type_has_an_example() -> None:
    assert BY_TOKEN.keys() | {ENDPOINT} == resource_types().keys()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.token.rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: Example, aws: AwsProvider, stand: Stand,
                                                boto: Callable[[str], Any]) -> None:
    token, urn, started = example.token, stand.urn(example.token), time.time()
    made = stand.needs(example)
    other = {"_other": made["other"]["keyId"]} if "other" in made else {}
    resource_id, inputs, outputs = stand.create(token, fill(example.inputs, made))

    assert example.seen(boto, {**outputs, **other}) == example.before
    assert aws.recover(token, urn, inputs, started) == resource_id
    read = aws.read(token, resource_id, inputs, outputs)
    assert read is not None
    assert read.inputs == inputs
    assert aws.diff(token, resource_id, read.inputs, read.outputs, inputs, ()).changes == {}

    changed_inputs = {**fill(example.inputs, made), **fill(example.change, made)}
    changed = aws.check(token, urn, inputs, changed_inputs, b"")
    assert changed.failures == ()
    difference = aws.diff(token, resource_id, inputs, outputs, changed.inputs, ())
    assert (difference.changed, difference.replaces) == (bool(example.change), ())
    after = aws.update(token, urn, resource_id, inputs, outputs, changed.inputs, preview=False, timeout=60,
                       ignore_changes=())
    assert example.seen(boto, {**after, **other}) == example.after
    read = aws.read(token, resource_id, changed.inputs, after)
    assert read is not None
    assert aws.diff(token, resource_id, read.inputs, read.outputs, changed.inputs, ()).changes == {}

    imported = aws.read(token, resource_id, {}, {})
    assert imported is not None
    silent = {name for name, line in resource_types()[token].by_name.items() if line.local or line.api == ""}
    again = aws.diff(token, resource_id, imported.inputs, imported.outputs, changed.inputs,
                     (*silent, "deletionWindowInDays"))
    assert again.changes == {}

    if example.replace is not None:
        name, value = example.replace
        replacing = aws.diff(token, resource_id, changed.inputs, after, {**changed.inputs, name: value}, ())
        assert name in replacing.replaces

    note = aws.delete(token, urn, resource_id, changed.inputs, after, timeout=60)
    assert (note is not None) == (token == "aws:kms/key:Key")
    assert example.stays or aws.read(token, resource_id, changed.inputs, after) is None
    assert aws.delete(token, urn, resource_id, changed.inputs, after, timeout=60) is None or token == "aws:kms/key:Key"
