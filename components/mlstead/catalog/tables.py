"""A project's tables in the foundation's databases, and who may select which of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_aws import glue, lakeformation

from mlstead.catalog.reference import CatalogReference
from mlstead.catalog.sensitivity import Sensitivity, up_to
from mlstead.catalog.table_definitions import Column, PartitionColumn, Table, read_tables
from mlstead.catalog.table_definitions import Tables as Definitions
from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.grants import LakeGrants
from mlstead.lake.zones import DATA_ZONES, Zone
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import Role

# https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-notes.html
_LONGEST_TAG_KEY = 50
_TAG_VALUE = "tables"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


@dataclass(frozen=True)
class TablesArgs:
    """Arguments of Tables.

    Args:
        context: where they live and whose they are.
        catalog: the catalog with the databases of the zones.
        lake: the lake that holds the data.
        path: the file that describes them, tables.toml; relative to the program's folder.
    """

    context: Context
    catalog: CatalogReference
    lake: LakeGrants
    path: str | Path

    def __post_init__(self) -> None:
        if len(_tag_key(self.context)) > _LONGEST_TAG_KEY:
            raise Refusal(
                f"{_tag_key(self.context)} is longer than the {_LONGEST_TAG_KEY} characters of a Lake Formation tag.",
                where="TablesArgs.context", fix="give the project or the stack a shorter name",
            )


class Tables(Component):
    """Tables named `<project>_<table>`, tagged with how sensitive they and their columns are, and with their project.

    The project's tag is made here and granted here, so that no grant by sensitivity reaches another project's tables.
    It is put on last: until a table has all its other tags, no grant matches it.
    """

    names: dict[Zone, dict[str, str]]
    described: Definitions

    def __init__(self, name: str, args: TablesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._args, self.described = args, read_tables(args.path)
        self._tag = lakeformation.LfTag(name, key=_tag_key(args.context), values=[_TAG_VALUE], opts=self._child())
        self.names = {}
        for zone, tables in self.described.items():
            self.names[zone] = {}
            for title, table in tables.items():
                self.names[zone][title] = f"{_prefix(args.context)}{title}"
                self._make(f"{name}-{zone}-{title}", zone, self.names[zone][title], table)
        self.register_outputs({"names": self.names})

    def database(self, zone: Zone) -> pulumi.Output[str]:
        """Give the name of the database that a zone's tables are in."""
        return self._args.catalog.database(zone)

    def grant_select(self, role: Role, sensitivity: Sensitivity, zones: Sequence[Zone] = DATA_ZONES) -> None:
        """Let the role query the columns that are at most so sensitive, in every table of the project in these zones.

        A table with other columns stays queryable without them. Lake Formation reads the data for the role; what it may
        do with the lake's objects by itself is LakeGrants' business.
        """
        values, catalog = up_to(sensitivity), self._args.catalog
        name = f"{self._name}-{role.pulumi_resource_name}"
        # A grant is replaced, never changed; were the new one made first, revoking the old would take what both say.
        in_order = pulumi.ResourceOptions(parent=self, delete_before_replace=True)
        lakeformation.Permissions(
            f"{name}-columns",
            principal=role.arn,
            permissions=["DESCRIBE", "SELECT"],
            lf_tag_policy={
                "resource_type": "TABLE",
                "expressions": [
                    {"key": self._tag.key, "values": [_TAG_VALUE]},
                    {"key": catalog.sensitivity_tag, "values": values},
                ],
            },
            opts=in_order,
        )
        chosen = [zone for zone in self.names if zone in zones]
        for zone in chosen:
            lakeformation.Permissions(
                f"{name}-{zone}", principal=role.arn, permissions=["DESCRIBE"],
                database={"name": catalog.database(zone)}, opts=in_order,
            )
        role.allow("query-tables", self._metadata(chosen))

    def _make(self, name: str, zone: Zone, title: str, table: Table) -> None:
        database = self._args.catalog.database(zone)
        made = glue.CatalogTable(
            name,
            database_name=database,
            name=title,
            description=table.comment,
            table_type="EXTERNAL_TABLE",
            parameters={"EXTERNAL": "TRUE", "classification": "parquet"} | _projection(table),
            partition_keys=[_column(each, about) for each, about in table.partitions.items()],
            storage_descriptor={
                "location": self._args.lake.uri(zone, f"{self.context.project}/{table.path}/"),
                "input_format": f"{_PARQUET}.MapredParquetInputFormat",
                "output_format": f"{_PARQUET}.MapredParquetOutputFormat",
                "ser_de_info": {
                    "serialization_library": f"{_PARQUET}.serde.ParquetHiveSerDe",
                    "parameters": {"serialization.format": "1"},
                },
                "columns": [_column(each, about) for each, about in table.columns.items()],
            },
            opts=self._child(),
        )
        # A tag is replaced, never changed; were the new one put on first, taking off the old would leave none.
        in_order = pulumi.ResourceOptions(parent=self, delete_before_replace=True)
        sensitivity = self._args.catalog.sensitivity_tag
        tags: list[pulumi.Resource] = [lakeformation.ResourceLfTag(
            name, table={"database_name": database, "name": made.name},
            lf_tag={"key": sensitivity, "value": table.sensitivity}, opts=in_order,
        )]
        for column, value in table.differing().items():
            tags.append(lakeformation.ResourceLfTag(
                f"{name}-{column}",
                table_with_columns={"database_name": database, "name": made.name, "column_names": [column]},
                lf_tag={"key": sensitivity, "value": value}, opts=in_order,
            ))
        lakeformation.ResourceLfTag(
            f"{name}-project", table={"database_name": database, "name": made.name},
            lf_tag={"key": self._tag.key, "value": _TAG_VALUE}, opts=self._child(depends_on=tags),
        )

    def _metadata(self, zones: Sequence[Zone]) -> list[Statement]:
        context, catalog = self.context, self._args.catalog
        resources: list[pulumi.Input[str]] = [context.arn("glue", "catalog")]
        for zone in zones:
            database = catalog.database(zone)
            resources.append(pulumi.Output.concat(context.arn("glue", "database/"), database))
            # Not one by one: a role's inline policies hold 10,240 characters together, a hundred tables. Which tables
            # are seen Lake Formation decides besides, also where another project's name begins with this one's.
            resources.append(pulumi.Output.concat(context.arn("glue", "table/"), database, f"/{_prefix(context)}*"))
        return [
            Statement(
                "ReadMetadata",
                ["glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables", "glue:GetPartition",
                 "glue:GetPartitions", "glue:BatchGetPartition"],
                resources,
            ),
            # https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html
            Statement(
                "DecryptMetadata", ["kms:Decrypt"], [catalog.encryption_key_arn],
                conditions={"StringEquals": {
                    "kms:ViaService": context.via("glue"),
                    "kms:EncryptionContext:glue_catalog_id": context.account_id,
                }},
            ),
            # https://docs.aws.amazon.com/athena/latest/ug/lf-athena-user-permissions.html
            Statement(
                "ReadThroughLakeFormation", ["lakeformation:GetDataAccess"], ["*"],
                reason="GetDataAccess has no resource level; Lake Formation's own grants narrow it",
            ),
        ]


def _tag_key(context: Context) -> str:
    return f"project:{context.name}"


def _prefix(context: Context) -> str:
    return f"{context.project.replace('-', '_')}_"


def _column(name: str, about: Column | PartitionColumn) -> glue.CatalogTableStorageDescriptorColumnArgsDict:
    return {"name": name, "type": about.type, "comment": about.comment}


def _projection(table: Table) -> dict[str, str]:
    parameters = {"projection.enabled": "true"} if table.partitions else {}
    for name, column in table.partitions.items():
        for key, value in column.projection.model_dump(exclude_none=True).items():
            parameters[f"projection.{name}.{key}"] = str(value)
    return parameters
