"""Automatic names are made as Pulumi makes them, and kept."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from mlstead_toolkit.engine.provider import CheckResult

Check = Callable[..., CheckResult]
MODEL_INPUTS = {"executionRoleArn": "arn:aws:iam::123456789012:role/r", "primaryContainer": {"image": "i"}}


@pytest.mark.parametrize(("token", "inputs", "name", "property_", "expected"), [
    ("aws:s3/bucket:Bucket", {}, "Raw", "bucket", r"raw-[0-9a-f]{7}"),
    ("aws:s3/bucket:Bucket", {"bucketPrefix": "lake-"}, "Raw", "bucket", r"lake-[0-9a-f]{7}"),
    ("aws:kms/alias:Alias", {"targetKeyId": "k"}, "raw", "name", r"alias/raw-[0-9a-f]{7}"),
    ("aws:sns/topic:Topic", {"fifoTopic": True}, "t", "name", r"t-[0-9a-f]{7}\.fifo"),
    ("aws:sagemaker/model:Model", MODEL_INPUTS, "m" * 80, "name", r"m{56}[0-9a-f]{7}"),
    ("aws:s3/bucketObjectv2:BucketObjectv2", {"bucket": "b", "content": "c"}, "data.csv", "key", r"data\.csv"),
])
def test_a_nameless_resource_is_named_after_its_logical_name(check: Check, token: str, inputs: dict[str, object],
                                                             name: str, property_: str, expected: str) -> None:
    result = check(token, inputs, name=name)

    assert result.failures == ()
    assert re.fullmatch(expected, result.inputs[property_])


def test_the_same_seed_gives_the_same_name(check: Check) -> None:
    assert check("aws:s3/bucket:Bucket", {}).inputs == check("aws:s3/bucket:Bucket", {}).inputs


def test_an_automatic_name_survives_an_update_and_a_rename_of_the_resource(check: Check) -> None:
    olds = {"bucket": "raw-0a1b2c3"}

    assert check("aws:s3/bucket:Bucket", {}, olds, "renamed").inputs["bucket"] == "raw-0a1b2c3"


def test_a_name_that_a_person_gave_and_took_back_is_replaced_by_an_automatic_one(check: Check) -> None:
    assert check("aws:s3/bucket:Bucket", {}, {"bucket": "mine"}, "raw").inputs["bucket"].startswith("raw-")


def test_a_name_that_is_given_stays(check: Check) -> None:
    assert check("aws:s3/bucket:Bucket", {"bucket": "mine"}, {"bucket": "raw-0a1b2c3"}).inputs["bucket"] == "mine"
