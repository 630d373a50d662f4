"""Rulesets of Glue Data Quality: kept, changed, listed and gone. Contracts with moto 5.2.5."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.glue import models

RULES = 'Rules = [ IsComplete "carrier", RowCount > 100 ]'
TABLE = {"DatabaseName": "curated", "TableName": "flights"}


@pytest.fixture
def glue(boto: Callable[[str], Any]) -> Any:
    glue = boto("glue")
    glue.create_data_quality_ruleset(Name="flights", Description="a", Ruleset=RULES, TargetTable=TABLE,
                                     Tags={"owner": "a"})
    yield glue
    glue.delete_data_quality_ruleset(Name="flights")


def test_a_ruleset_reads_back_as_it_was_made_and_changes_in_what_an_update_names(glue: Any) -> None:
    made = glue.get_data_quality_ruleset(Name="flights")
    assert (made["Description"], made["Ruleset"], made["TargetTable"]) == ("a", RULES, TABLE)

    glue.update_data_quality_ruleset(Name="flights", Ruleset="Rules = [ RowCount > 200 ]")

    changed = glue.get_data_quality_ruleset(Name="flights")
    assert (changed["Description"], changed["Ruleset"]) == ("a", "Rules = [ RowCount > 200 ]")
    assert changed["LastModifiedOn"] >= changed["CreatedOn"] == made["CreatedOn"]


def test_rulesets_are_listed_by_the_table_they_are_about(glue: Any) -> None:
    assert [one["Name"] for one in glue.list_data_quality_rulesets(Filter={"TargetTable": TABLE})["Rulesets"]] == [
        "flights"]
    other = {**TABLE, "TableName": "weather"}
    assert glue.list_data_quality_rulesets(Filter={"TargetTable": other})["Rulesets"] == []


def test_tags_of_a_ruleset_are_its_own(glue: Any) -> None:
    arn = "arn:aws:glue:eu-west-1:123456789012:dataQualityRuleset/flights"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"owner": "a"}


def test_what_is_no_ruleset_or_stands_already_is_refused(glue: Any) -> None:
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        glue.create_data_quality_ruleset(Name="flights", Ruleset=RULES)
    for wrong in ("RowCount > 1", "Rules = [ RowCount > 1"):
        with pytest.raises(ClientError, match="InvalidInputException"):
            glue.create_data_quality_ruleset(Name="wrong", Ruleset=wrong)
        with pytest.raises(ClientError, match="InvalidInputException"):
            glue.update_data_quality_ruleset(Name="flights", Ruleset=wrong)


def test_a_ruleset_that_is_not_there_is_named(glue: Any) -> None:
    for operation in (glue.get_data_quality_ruleset, glue.update_data_quality_ruleset,
                      glue.delete_data_quality_ruleset):
        with pytest.raises(ClientError, match=r"EntityNotFoundException.*not found: absent"):
            operation(Name="absent")


def test_moto_still_lacks_rulesets() -> None:
    """Contract: when this fails, moto has them, and ours can go."""
    assert "data_quality" not in str(vars(models.GlueBackend))
