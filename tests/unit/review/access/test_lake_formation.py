"""What Lake Formation lets a principal do."""

from __future__ import annotations

from typing import Any

from access_lab import changes, resource, role, told

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.review.report import AccessKind

TRAINING = role()
TABLE = {"databaseName": "curated", "name": "flights"}


def permissions(*what: str, name: str = "p", **on: Any) -> ResourceState:
    return resource("aws:lakeformation/permissions:Permissions", name, {
        "principal": TRAINING.outputs["arn"], "permissions": list(what or ["SELECT"])} | on)


def tagged(*sensitivity: str, own: bool = True) -> dict[str, Any]:
    project = [{"key": "project:flights-dev", "values": ["tables"]}] if own else []
    return {"lfTagPolicy": {"resourceType": "TABLE", "expressions": [
        *project, {"key": "sensitivity", "values": list(sensitivity)}]}}


def test_a_table_that_may_be_queried_is_told() -> None:
    assert told([TRAINING], [TRAINING, permissions("SELECT", "DESCRIBE", table=TABLE)]) == [
        "training role may now query the table flights of curated"]
    assert told([TRAINING, permissions(table=TABLE)], [TRAINING]) == [
        "- training role may no longer query the table flights of curated"]


def test_one_more_column_is_told_by_its_name() -> None:
    before, after = (permissions(tableWithColumns=TABLE | {"columnNames": names})
                     for names in (["day"], ["day", "passenger"]))
    assert told([TRAINING, before], [TRAINING, after]) == [
        "training role may now query the table flights of curated in the column passenger"]


def test_a_column_that_is_excluded_no_more_is_told() -> None:
    before, after = (permissions(tableWithColumns=TABLE | {"wildcard": True, "excludedColumnNames": names})
                     for names in (["passenger", "seat"], ["seat"]))
    assert told([TRAINING, before], [TRAINING, after]) == [
        "training role may now query the table flights of curated, now also in the column passenger"]
    assert told([TRAINING, after], [TRAINING, before]) == [
        "- training role may now query the table flights of curated, no longer in the column passenger"]


def test_a_higher_sensitivity_is_told_by_its_tag() -> None:
    assert told([TRAINING, permissions(**tagged("public"))], [TRAINING, permissions(**tagged("public", "pii"))]) == [
        "training role may now query the project's tables tagged sensitivity pii"]


def test_a_grant_that_is_not_held_to_the_project_reaches_every_projects_tables() -> None:
    found = told([TRAINING, permissions(**tagged("public"))], [TRAINING, permissions(**tagged("public", own=False))])
    assert found == ["training role may now query every project's tables tagged sensitivity public, "
                     "no longer only the project's tables"]


def test_the_right_to_pass_a_right_on_is_told() -> None:
    assert told([TRAINING, permissions(table=TABLE)], [
        TRAINING, permissions(table=TABLE, permissionsWithGrantOptions=["SELECT"])]) == [
        "training role may now let others use the table flights of curated"]


def test_another_filter_of_rows_is_told() -> None:
    def cells(rows: str) -> list[ResourceState]:
        named = {"databaseName": "curated", "tableName": "flights", "name": "f"}
        return [TRAINING, resource("aws:lakeformation/dataCellsFilter:DataCellsFilter", "f", {
            "tableData": named | {"columnWildcard": {}, "rowFilter": {"filterExpression": rows}}}),
            permissions(dataCellsFilter=named)]

    assert told(cells("origin='JFK'"), cells("origin='EWR'")) == [
        "training role may now query the table flights of curated in the rows of origin='EWR'",
        "- training role may no longer query the table flights of curated in the rows of origin='JFK'"]


def test_whoever_iam_lets_is_everybody() -> None:
    settings = resource("aws:lakeformation/dataLakeSettings:DataLakeSettings", "s", {"createTableDefaultPermissions": [
        {"principal": "IAM_ALLOWED_PRINCIPALS", "permissions": ["ALL"]}]})
    (found,) = changes([], [settings])
    assert (found.kind, found.text) == (AccessKind.EXPOSURE, "anybody may now do anything with new tables")


TAG = "aws:lakeformation/resourceLfTag:ResourceLfTag"


def flights(*more: ResourceState, columns: tuple[str, ...] = ("day", "tailnum")) -> list[ResourceState]:
    """Write a table of the project whose columns are internal, and a role that may select what is."""
    table = {"databaseName": "curated", "name": "flights"}
    return [
        TRAINING, permissions("SELECT", **tagged("public", "internal")),
        resource("aws:glue/catalogTable:CatalogTable", "t", table | {
            "storageDescriptor": {"columns": [{"name": name} for name in columns]}}),
        resource(TAG, "p", {"table": table, "lfTag": {"key": "project:flights-dev", "value": "tables"}}),
        resource(TAG, "s", {"table": table, "lfTag": {"key": "sensitivity", "value": "internal"}}), *more,
    ]


def sensitive(value: str, column: str = "tailnum") -> ResourceState:
    return resource(TAG, f"s-{column}", {
        "tableWithColumns": {"databaseName": "curated", "name": "flights", "columnNames": [column]},
        "lfTag": {"key": "sensitivity", "value": value}})


def test_a_column_that_is_tagged_less_sensitive_is_told_though_no_grant_changes() -> None:
    said = "training role may now query the table flights of curated in the column tailnum"
    assert told(flights(sensitive("pii")), flights()) == [said]
    assert told(flights(sensitive("pii")), flights(sensitive("public"))) == [said]
    assert told(flights(), flights(sensitive("pii"))) == ["- " + said.replace("now", "no longer")]


def test_a_column_that_stays_within_what_is_granted_is_nothing_to_tell() -> None:
    assert told(flights(), flights(sensitive("public"))) == []


def test_tags_on_several_columns_but_some_are_read() -> None:
    tags = {"tableWithColumns": TABLE | {"wildcard": True, "excludedColumnNames": ["day"]},
            "lfTags": [{"key": "sensitivity", "value": "pii"}]}
    all_but_day = resource("aws:lakeformation/resourceLfTags:ResourceLfTags", "s-all", tags)
    assert told(flights(all_but_day), flights()) == [
        "training role may now query the table flights of curated in the column tailnum"]


def test_a_grant_by_tag_that_changes_is_told_by_its_tag_and_not_by_every_column() -> None:
    before, after = flights(sensitive("pii")), flights(sensitive("pii"))
    after[1] = permissions("SELECT", **tagged("public", "internal", "pii"))
    assert told(before, after) == ["training role may now query the project's tables tagged sensitivity pii"]
