"""Workgroups of Athena, through their whole life (see conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.engine.provider import ProviderError

WORKGROUP = "aws:athena/workgroup:Workgroup"
GIGABYTE = 1024**3


def configuration(**more: Any) -> dict[str, Any]:
    return {"bytesScannedCutoffPerQuery": GIGABYTE, "enforceWorkgroupConfiguration": True, "resultConfiguration": {
        "outputLocation": "s3://{bucket.bucket}/queries/",
        "encryptionConfiguration": {"encryptionOption": "SSE_KMS", "kmsKeyArn": "{key.arn}"}}, **more}


def seen(boto: Callable[[str], Any], out: dict[str, Any]) -> tuple[Any, ...]:
    group = boto("athena").get_work_group(WorkGroup=out["name"])["WorkGroup"]
    return (group["State"], group["Description"], group["Configuration"].get("BytesScannedCutoffPerQuery"),
            group["Configuration"]["ResultConfiguration"]["EncryptionConfiguration"]["EncryptionOption"])


EXAMPLES: list[tuple[Any, ...]] = [
    ("aws:athena/workgroup:Workgroup",
            {"name": "flights", "description": "a", "configuration": configuration(), "tags": {"owner": "a"}},
            {"description": "b", "state": "DISABLED", "configuration": {
                **configuration(), "bytesScannedCutoffPerQuery": None}, "tags": {"owner": "b"}},
            seen, ("ENABLED", "a", GIGABYTE, "SSE_KMS"), ("DISABLED", "b", None, "SSE_KMS"), ("name", "other"),
            {"bucket": "aws:s3/bucket:Bucket", "key": "aws:kms/key:Key"}),
    ("aws:athena/workgroup:Workgroup", {"name": "plain", "state": "DISABLED"}, {"state": "ENABLED"},
            lambda boto, out: boto("athena").get_work_group(WorkGroup=out["name"])["WorkGroup"]["State"],
            "DISABLED", "ENABLED"),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[1]["name"])
def test_a_type_lives_from_creation_to_deletion(example: tuple[Any, ...], lives: Callable[..., None]) -> None:
    lives(*example)


def test_a_workgroup_that_queries_ran_in_is_deleted_only_where_the_user_says_so(
        aws: AwsProvider, stand: Any, boto: Callable[[str], Any]) -> None:
    resource_id, inputs, outputs = stand.create(WORKGROUP, {"name": "used"})
    boto("athena").start_query_execution(QueryString="SELECT 1", WorkGroup="used")

    with pytest.raises(ProviderError, match="is not empty"):
        AwsProvider(aws.target, {}).delete(WORKGROUP, stand.urn(WORKGROUP), resource_id, inputs, outputs, timeout=60)
    aws.delete(WORKGROUP, stand.urn(WORKGROUP), resource_id, inputs, outputs, timeout=60)

    assert aws.read(WORKGROUP, resource_id, inputs, outputs) is None
