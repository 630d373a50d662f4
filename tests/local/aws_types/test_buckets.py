"""Buckets and objects, each through its whole life (see conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

BUCKET = {"bucket": "aws:s3/bucket:Bucket"}
EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:s3/bucket:Bucket", {"tags": {"owner": "a"}}, {"tags": {"owner": "b", "zone": "raw"}},
            lambda boto, out: sorted((tag["Key"], tag["Value"]) for tag in
                                     boto("s3").get_bucket_tagging(Bucket=out["bucket"])["TagSet"]),
            [("env", "local"), ("owner", "a")], [("env", "local"), ("owner", "b"), ("zone", "raw")],
            ("bucket", "another-bucket")),
    ("aws:s3/bucketObjectv2:BucketObjectv2",
            {"bucket": "{bucket.bucket}", "key": "a/b.txt", "content": "one", "contentType": "text/plain",
             "metadata": {"m": "1"}, "tags": {"owner": "a"}}, {"content": "two"},
            lambda boto, out: boto("s3").get_object(Bucket=out["bucket"], Key="a/b.txt")["Body"].read(), b"one", b"two",
            ("key", "c.txt"), BUCKET),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].rsplit(":", 1)[-1])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)
