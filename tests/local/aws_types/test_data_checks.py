"""What watches data in AWS: Glue's rulesets through their whole life, Macie's types as declared (see conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider

OF_BUCKETS = {"bucketDefinitions": [{"accountId": "123456789012", "buckets": ["raw"]}], "scoping": {"includes": {
    "ands": [{"simpleScopeTerm": {"comparator": "STARTS_WITH", "key": "OBJECT_KEY", "values": ["flights/"]}}]}}}
RULESET = "aws:glue/dataQualityRuleset:DataQualityRuleset"
DECLARED = [
    ("aws:macie2/account:Account", {"status": "ENABLED", "findingPublishingFrequency": "ONE_HOUR"},
     {"status": "PAUSED"}, "123456789012"),
    ("aws:macie2/classificationJob:ClassificationJob",
     {"jobType": "SCHEDULED", "s3JobDefinition": OF_BUCKETS, "scheduleFrequency": {"weeklySchedule": "MONDAY"},
      "tags": {"owner": "a"}}, {"jobStatus": "USER_PAUSED"}, None),
]


def test_a_ruleset_lives_from_creation_to_deletion(lives: Callable[..., None]) -> None:
    lives(RULESET, {"ruleset": 'Rules = [ IsComplete "carrier" ]', "description": "a", "tags": {"owner": "a"},
                    "targetTable": {"databaseName": "{table.databaseName}", "tableName": "{table.name}"}},
          {"ruleset": "Rules = [ RowCount > 1 ]", "description": "b", "tags": {"owner": "b"}},
          lambda boto, out: boto("glue").get_data_quality_ruleset(Name=out["name"])["Ruleset"],
          'Rules = [ IsComplete "carrier" ]', "Rules = [ RowCount > 1 ]", ("name", "other"),
          {"table": "aws:glue/catalogTable:CatalogTable"})


@pytest.mark.parametrize(("token", "inputs", "change", "expected"), DECLARED, ids=["account", "job"])
def test_macie_is_declared_only_checked_and_kept(
    aws: AwsProvider, stand: Any, token: str, inputs: dict[str, Any], change: dict[str, Any], expected: str | None
) -> None:
    resource_id, checked, outputs = stand.create(token, inputs)

    assert aws.declared_only(token)
    assert expected in (None, resource_id)
    assert aws.read(token, resource_id, checked, outputs) is not None
    difference = aws.diff(token, resource_id, checked, outputs, {**checked, **change}, ())
    assert (difference.changed, difference.replaces) == (True, ())
    after = aws.update(token, stand.urn(token), resource_id, checked, outputs, {**checked, **change}, preview=False,
                       timeout=60, ignore_changes=())
    assert {name: after[name] for name in change} == change


def test_another_definition_of_what_a_job_looks_at_takes_a_new_job(aws: AwsProvider, stand: Any) -> None:
    token, inputs, _, _ = DECLARED[1]
    resource_id, checked, outputs = stand.create(token, inputs)
    other = {**checked, "s3JobDefinition": {"bucketDefinitions": [{"accountId": "123456789012", "buckets": ["b"]}]}}

    assert "s3JobDefinition" in str(aws.diff(token, resource_id, checked, outputs, other, ()).replaces)
