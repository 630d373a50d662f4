"""AWS Glue: databases and tables of the data catalog, and how the catalog is encrypted."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    Property,
    arn,
    block,
    blocks,
    boolean,
    integer,
    mapping,
    string,
    string_list,
    string_set,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    ResourceType,
    Step,
    Tagging,
)
from mlstead_toolkit.engine.values import Properties

_CATALOG: Final = string("catalogId", replaces=True, computed=True, template="{account}")
_LOWER: Final = r"[^A-Z]+"


def _name(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    """Name the database or table beside its description, where a call changes, reads or deletes it."""
    if not operation.startswith("Create") and operation != "UpdateTable":
        arguments["Name"] = state["name"]
    given = arguments.get("DatabaseInput", {})
    if given.get("CreateTableDefaultPermissions") == []:
        # The real provider sends no empty list, so that the account's settings decide.
        del given["CreateTableDefaultPermissions"]


def _columns(name: str, **facts: Any) -> Property:
    return blocks(name, string("name", required=True), string("type"), string("comment"), mapping("parameters"),
                  **facts)


CATALOG_DATABASE: Final = ResourceType(
    "aws:glue/catalogDatabase:CatalogDatabase",
    service="glue",
    identity="{catalogId}:{name}",
    name=AutomaticName("name", 255),
    properties=(
        _CATALOG,
        string("name", replaces=True, computed=True, api="DatabaseInput.Name", pattern=_LOWER),
        string("description", api="DatabaseInput.Description"),
        string("locationUri", computed=True, api="DatabaseInput.LocationUri"),
        mapping("parameters", api="DatabaseInput.Parameters"),
        blocks("createTableDefaultPermissions",
               string_set("permissions"), block("principal", string("dataLakePrincipalIdentifier")),
               computed=True, api="DatabaseInput.CreateTableDefaultPermissions"),
        block("targetDatabase", string("catalogId", required=True), string("databaseName", required=True),
              string("region"), replaces=True, api="DatabaseInput.TargetDatabase"),
        *unsupported("the local cloud has no other catalog to federate", "federatedDatabase"),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="", template="arn:{partition}:glue:{region}:{account}:database/{name}"),),
    create=Call("CreateDatabase"),
    read=Call("GetDatabase", result="Database"),
    delete=Call("DeleteDatabase"),
    steps=(Step(("*",), Call("UpdateDatabase"), on_create=False),),
    tagging=Tagging(handle=("ResourceArn", "arn"), listing="GetTags", listed="Tags", add="TagResource",
                    remove="UntagResource", tags="TagsToAdd", keys="TagsToRemove", as_map=True),
    to_api=_name,
)

CATALOG_TABLE: Final = ResourceType(
    "aws:glue/catalogTable:CatalogTable",
    service="glue",
    identity="{catalogId}:{databaseName}:{name}",
    name=AutomaticName("name", 255),
    properties=(
        _CATALOG,
        string("databaseName", required=True, replaces=True),
        string("name", replaces=True, computed=True, api="TableInput.Name", pattern=_LOWER),
        string("description", api="TableInput.Description"),
        string("owner", api="TableInput.Owner"),
        mapping("parameters", computed=True, api="TableInput.Parameters"),
        integer("retention", api="TableInput.Retention"),
        string("tableType", api="TableInput.TableType"),
        string("viewExpandedText", api="TableInput.ViewExpandedText"),
        string("viewOriginalText", api="TableInput.ViewOriginalText"),
        _columns("partitionKeys", api="TableInput.PartitionKeys"),
        block("storageDescriptor",
              string_list("additionalLocations"), string_list("bucketColumns"), _columns("columns", computed=True),
              boolean("compressed"), string("inputFormat"), string("location"), integer("numberOfBuckets"),
              string("outputFormat"), mapping("parameters"),
              block("schemaReference",
                    block("schemaId", string("registryName"), arn("schemaArn"), string("schemaName")),
                    string("schemaVersionId"), integer("schemaVersionNumber", required=True)),
              block("serDeInfo", string("name"), mapping("parameters"), string("serializationLibrary")),
              block("skewedInfo", string_list("skewedColumnNames"), mapping("skewedColumnValueLocationMaps"),
                    string_list("skewedColumnValues")),
              blocks("sortColumns", string("column", required=True), integer("sortOrder", required=True)),
              boolean("storedAsSubDirectories"),
              computed=True, api="TableInput.StorageDescriptor"),
        block("targetTable", string("catalogId", required=True), string("databaseName", required=True),
              string("name", required=True), string("region"), replaces=True, api="TableInput.TargetTable"),
        *unsupported("the local cloud writes no Iceberg metadata", "openTableFormatInput"),
        *unsupported("the local cloud has no index of partitions", "partitionIndices"),
        *unsupported("the local cloud has no views over several engines", "viewDefinition"),
        REGION,
    ),
    outputs=(string("arn", api="", template="arn:{partition}:glue:{region}:{account}:table/{databaseName}/{name}"),),
    create=Call("CreateTable"),
    read=Call("GetTable", result="Table"),
    delete=Call("DeleteTable"),
    steps=(Step(("*",), Call("UpdateTable"), on_create=False),),
    to_api=_name,
)

ENCRYPTION_SETTINGS: Final = ResourceType(
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
    service="glue",
    identity="{catalogId}",
    properties=(
        _CATALOG,
        block("dataCatalogEncryptionSettings",
              block("connectionPasswordEncryption", boolean("returnConnectionPasswordEncrypted", required=True),
                    arn("awsKmsKeyId"), required=True),
              block("encryptionAtRest", string("catalogEncryptionMode", required=True),
                    arn("catalogEncryptionServiceRole"), arn("sseAwsKmsKeyId"), required=True),
              required=True),
        REGION,
    ),
    create=Call("PutDataCatalogEncryptionSettings"),
    read=Call("GetDataCatalogEncryptionSettings"),
    # A catalog always has settings: to delete them is to put nothing, which is AWS's default.
    delete=Call("PutDataCatalogEncryptionSettings", fixed=(("DataCatalogEncryptionSettings", {}),)),
    singleton=True,
)

RESOURCE_TYPES: Final = (CATALOG_DATABASE, CATALOG_TABLE, ENCRYPTION_SETTINGS)
