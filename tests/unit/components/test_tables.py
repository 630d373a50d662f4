"""A project's tables: what is described, what is made of it, who may select what, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mlstead import Context, ExecutionRole, ExecutionRoleArgs, FoundationReference, Tables, TablesArgs
from mlstead.catalog.table_definitions import read_tables
from mlstead.errors import MlsteadError

TEMPLATE = Path(__file__).parents[3] / "templates" / "project" / "tables.toml"
ONE_TABLE = """
[raw.people]
comment = "A person"
path = "people"
[raw.people.columns]
id = "bigint"
name = { type = "string", sensitivity = "pii" }
[raw.people.partitions]
year = { type = "int", projection = { type = "integer", range = "2020,2030" } }
"""


@pytest.fixture
def made(run, context, tmp_path):
    (tmp_path / "tables.toml").write_text(ONE_TABLE)

    def program():
        catalog = FoundationReference("organization/mlstead-foundation/dev", context)
        tables = Tables("tables", TablesArgs(context, catalog.catalog, catalog.lake, tmp_path / "tables.toml"))
        for sensitivity in ("public", "internal", "pii"):
            tables.grant_select(ExecutionRole(f"sees-{sensitivity}", ExecutionRoleArgs(context, "exploration")),
                                sensitivity)

    return run(program)


def test_a_table_lies_under_the_projects_prefix_and_bears_its_name(made):
    table = made.one("CatalogTable", "tables-raw-people").inputs
    assert (table["databaseName"], table["name"]) == ("mlstead_dev_raw", "flight_delays_people")
    storage = table["storageDescriptor"]
    assert storage["location"] == "s3://lake-raw-0a1b2c3/flight-delays/people/"
    assert [(each["name"], each["type"]) for each in storage["columns"]] == [("id", "bigint"), ("name", "string")]
    assert [(each["name"], each["type"]) for each in table["partitionKeys"]] == [("year", "int")]
    assert table["tableType"] == "EXTERNAL_TABLE"
    assert storage["serDeInfo"]["serializationLibrary"].endswith("ParquetHiveSerDe")


def test_partitions_are_found_without_anybody_adding_them(made):
    parameters = made.one("CatalogTable", "tables-raw-people").inputs["parameters"]
    assert {key: value for key, value in parameters.items() if key.startswith("projection")} == {
        "projection.enabled": "true", "projection.year.type": "integer", "projection.year.range": "2020,2030",
    }


def test_columns_that_differ_are_tagged_and_the_projects_tag_comes_last(made):
    tags = {each.name: each for each in made.of("ResourceLfTag")}
    assert tags["tables-raw-people"].inputs["lfTag"] == {"key": "sensitivity", "value": "internal"}
    assert tags["tables-raw-people-name"].inputs["lfTag"] == {"key": "sensitivity", "value": "pii"}
    assert tags["tables-raw-people-name"].inputs["tableWithColumns"]["columnNames"] == ["name"]
    last = tags["tables-raw-people-project"]
    assert last.inputs["lfTag"] == {"key": "project:flight-delays-dev", "value": "tables"}
    for first in ("tables-raw-people", "tables-raw-people-name"):
        assert any(urn.endswith(f"ResourceLfTag::{first}") for urn in last.dependencies)


@pytest.mark.parametrize(("sensitivity", "values"), [
    ("public", ["public"]), ("internal", ["public", "internal"]), ("pii", ["public", "internal", "pii"]),
])
def test_a_grant_reaches_this_projects_columns_up_to_a_sensitivity(made, sensitivity, values):
    grant = made.one("Permissions", f"tables-sees-{sensitivity}-columns").inputs
    assert grant["principal"].endswith(f"sees-{sensitivity}-0a1b2c3")
    assert grant["permissions"] == ["DESCRIBE", "SELECT"]
    assert grant["lfTagPolicy"] == {"resourceType": "TABLE", "expressions": [
        {"key": "project:flight-delays-dev", "values": ["tables"]}, {"key": "sensitivity", "values": values},
    ]}
    database = made.one("Permissions", f"tables-sees-{sensitivity}-raw").inputs
    assert (database["database"]["name"], database["permissions"]) == ("mlstead_dev_raw", ["DESCRIBE"])


def test_no_grant_can_be_passed_on_or_changes_anything(made):
    for grant in made.of("Permissions"):
        assert set(grant.inputs["permissions"]) <= {"DESCRIBE", "SELECT"}
        assert "permissionsWithGrantOptions" not in grant.inputs


def test_metadata_is_readable_of_this_projects_tables_alone_however_many(made):
    (policy,) = [each for each in made.of("RolePolicy") if each.name == "sees-internal-query-tables"]
    statements = {each["Sid"]: each for each in policy.policies()["policy"]["Statement"]}
    glue = "arn:aws:glue:eu-west-1:123456789012"
    assert statements["ReadMetadata"]["Resource"] == [
        f"{glue}:catalog", f"{glue}:database/mlstead_dev_raw", f"{glue}:table/mlstead_dev_raw/flight_delays_*",
    ]
    assert all(action.startswith("glue:Get") or action == "glue:BatchGetPartition"
               for action in statements["ReadMetadata"]["Action"])
    assert statements["DecryptMetadata"]["Condition"]["StringEquals"] == {
        "kms:ViaService": ["glue.eu-west-1.amazonaws.com"], "kms:EncryptionContext:glue_catalog_id": "123456789012",
    }


def test_another_environments_tables_have_another_tag(run, tmp_path):
    (tmp_path / "tables.toml").write_text(ONE_TABLE)
    staging = Context("flight-delays", "staging", "eu-west-1", "123456789012")

    def program():
        foundation = FoundationReference("organization/mlstead-foundation/staging", staging)
        Tables("tables", TablesArgs(staging, foundation.catalog, foundation.lake, tmp_path / "tables.toml"))

    (tag,) = run(program, stack="staging").of("LfTag")
    assert (tag.inputs["key"], tag.inputs["values"]) == ("project:flight-delays-staging", ["tables"])


def test_the_templates_tables_keep_tail_numbers_and_what_failed_from_exploration(project):
    (tag,) = [each.inputs for each in project.of("ResourceLfTag") if "tableWithColumns" in each.inputs]
    assert (tag["tableWithColumns"]["columnNames"], tag["lfTag"]["value"]) == (["tailnum"], "pii")
    sensitivity = {each.name: each.inputs["lfTag"]["value"] for each in project.of("ResourceLfTag")}
    for table in ("flights", "weather"):
        assert sensitivity[f"flight-delays-tables-quarantine-{table}"] == "pii"
    sees = {each.name: each.inputs["lfTagPolicy"]["expressions"][1]["values"]
            for each in project.of("Permissions") if "lfTagPolicy" in each.inputs}
    assert sees == {f"flight-delays-tables-flight-delays-{role}-columns": ["public", "internal"]
                    for role in ("exploration", "team-data-scientist")}


def wrong(change: str) -> str:
    return ONE_TABLE.replace(*change.split(" → "))


@pytest.mark.parametrize(("text", "said"), [
    (wrong("raw. → rwa."), r"\[rwa\] is no zone.*Did you mean raw"),
    (wrong("raw. → artifacts."), r"\[artifacts\] is no zone"),
    (wrong("people.columns → people.colums"), r"\[raw.people\] has no key colums\. Did you mean columns"),
    (wrong("sensitivity → sensitivty"), r"\[raw.people.columns.name\] has no key sensitivty"),
    (wrong('"pii" → "secret"'), r"\[raw.people.columns.name\] sensitivity is 'secret'.*'public', 'internal' or 'pii'"),
    (wrong('"bigint" → "int64"'), r"\[raw.people.columns.id\] type is 'int64', but Glue calls that bigint"),
    (wrong('"bigint" → "map<int>"'), r"\[raw.people.columns.id\] type is 'map<int>'"),
    (wrong("id = → Id ="), r"\[raw.people.columns\] Id is no name"),
    (wrong("raw.people → raw.People"), r"\[raw\] People is no name"),
    (wrong('path = "people" → path = "/people"'), r"\[raw.people\]: path is '/people'"),
    (wrong('path = "people" → path = "../people"'), r"\[raw.people\]: path is '../people'"),
    (wrong('path = "people" → '), r"\[raw.people\] does not say its path"),
    (wrong('comment = "A person" → comment = ""'), r"\[raw.people\] comment is ''"),
    (wrong("year = → id ="), r"\[raw.people\]: id cannot be a column of the files and of the folders"),
    (wrong(', range = "2020,2030" → '), r"projection of type integer needs range"),
    (wrong("id = → ="), "no TOML"),
    ("", "No table is described"),
    ("raw = 3", r"\[raw\] is 3"),
])
def test_what_is_wrong_in_tables_toml_is_named_with_its_place(tmp_path, text, said):
    (tmp_path / "tables.toml").write_text(text)
    with pytest.raises(MlsteadError, match=f"(?s){said}.*tables.toml"):
        read_tables(tmp_path / "tables.toml")


@pytest.mark.parametrize("path", ["flights", "flights/late"])
def test_two_tables_of_the_same_files_are_refused_since_one_would_show_what_the_other_hides(tmp_path, path):
    file = tmp_path / "tables.toml"
    file.write_text("".join(f'[raw.{name}]\ncomment = "x"\npath = "{where}"\ncolumns = {{tailnum = "string"}}\n'
                            for name, where in (("flights", "flights"), ("flights_too", "flights2"), ("again", path))))
    with pytest.raises(MlsteadError, match=r"raw\.again\] and \[raw\.flights\]|raw\.flights\] and \[raw\.again"):
        read_tables(file)


def test_a_missing_description_is_refused(tmp_path):
    with pytest.raises(MlsteadError, match="no description of tables"):
        read_tables(tmp_path / "tables.toml")


@pytest.mark.parametrize("type_", [
    "string", "decimal(10,2)", "varchar(20)", "array<string>", "map<string,array<int>>",
    "struct<a:int,b:map<string,decimal(10,2)>>",
])
def test_the_types_of_athena_are_taken(tmp_path, type_):
    (tmp_path / "tables.toml").write_text(ONE_TABLE.replace("bigint", type_))
    assert read_tables(tmp_path / "tables.toml")["raw"]["people"].columns["id"].type == type_


def test_a_grant_of_no_known_sensitivity_is_refused(run, context):
    def program():
        foundation = FoundationReference("organization/mlstead-foundation/dev", context)
        tables = Tables("tables", TablesArgs(context, foundation.catalog, foundation.lake, TEMPLATE))
        tables.grant_select(ExecutionRole("role", ExecutionRoleArgs(context, "exploration")), "secret")

    with pytest.raises(MlsteadError, match="public, internal, pii"):
        run(program)


def test_a_name_too_long_for_a_tag_is_refused(context):
    long = Context("a" * 32, "a-long-environment", "eu-west-1", "123456789012")
    with pytest.raises(MlsteadError, match="longer than the 50 characters"):
        TablesArgs(long, None, None, "tables.toml")


def test_every_table_of_the_template_says_what_it_is():
    said = tomllib.loads(TEMPLATE.read_text())
    assert {(zone, name) for zone, tables in said.items() for name in tables} == {
        *((zone, name) for zone in ("raw", "quarantine", "curated") for name in ("flights", "weather")),
        ("features", "flights"),
    }
