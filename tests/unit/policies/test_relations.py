"""What belongs to what: by where a value came from, or by a name that both know; otherwise that is not decided."""

from __future__ import annotations

from typing import Any

import pytest

from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import NotDecided, Resource, Stack

BUCKET, BLOCK = "aws:s3/bucket:Bucket", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"


def made(type_: str, name: str, *sources: Resource, linked: bool = True, **properties: Any) -> Resource:
    return Resource(properties, type_, name, f"urn:pulumi:dev::shop::{type_}::{name}", linked=linked,
                    property_dependencies={"bucket": tuple(one.urn for one in sources)} if sources else {})


def stack(*resources: Resource, complete: bool = True) -> Stack:
    return Stack("shop", "dev", resources, complete)


RAW = made(BUCKET, "raw", bucket="shop-raw")
OTHER = made(BUCKET, "other", bucket="shop-other")
NAMELESS = made(BUCKET, "nameless", bucket=UNKNOWN)


@pytest.mark.parametrize(("block", "of_raw"), [
    (made(BLOCK, "b", RAW, bucket=UNKNOWN), True),
    (made(BLOCK, "b", OTHER, bucket=UNKNOWN), False),
    (made(BLOCK, "b", bucket="shop-raw"), True),
    (made(BLOCK, "b", bucket="arn:aws:s3:::shop-raw"), True),
    (made(BLOCK, "b", bucket=["shop-other", "shop-raw"]), True),
    (made(BLOCK, "b", bucket="shop"), False),
    (made(BLOCK, "b"), False),
])
def test_what_points_at_a_resource_is_found(block: Resource, of_raw: bool) -> None:
    assert stack(RAW, OTHER, block).related(RAW, BLOCK, via="bucket") == ([block] if of_raw else [])
    assert (stack(RAW, OTHER, block).referred(block, BUCKET, via="bucket") == RAW) is of_raw


@pytest.mark.parametrize(("bucket", "block"), [
    (RAW, made(BLOCK, "b", bucket=UNKNOWN)),
    (NAMELESS, made(BLOCK, "b", bucket="shop-raw")),
    (RAW, made(BLOCK, "b", bucket="shop", linked=False)),
])
def test_what_may_or_may_not_point_at_it_is_not_decided(bucket: Resource, block: Resource) -> None:
    with pytest.raises(NotDecided):
        stack(bucket, block).related(bucket, BLOCK, via="bucket")
    with pytest.raises(NotDecided):
        stack(bucket, block).referred(block, BUCKET, via="bucket")


def test_while_the_program_runs_only_what_is_pointed_at_is_known() -> None:
    block = made(BLOCK, "b", RAW, bucket=UNKNOWN)
    running = stack(RAW, block, complete=False)
    assert running.referred(block, BUCKET, via="bucket") == RAW
    for asked in (lambda: list(running.of(BUCKET)), lambda: running.related(RAW, BLOCK, via="bucket"),
                  lambda: stack(block, complete=False).referred(block, BUCKET, via="bucket")):
        with pytest.raises(NotDecided):
            asked()


def test_types_are_named_by_pattern_too() -> None:
    assert list(stack(RAW, OTHER).of("aws:s3/*")) == [RAW, OTHER]
    assert list(stack(RAW).of("aws:s3/bucketPolicy:*")) == []
