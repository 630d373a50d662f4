"""Examples of the theme lake_formation."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.rules.lake_formation import (
    CATALOG_DATABASE,
    FILTER,
    LOCATION,
    PERMISSIONS,
    RESOURCE_TAG,
    RESOURCE_TAGS,
    SETTINGS,
)

ROLE = "arn:aws:iam::123456789012:role/exploration"
IAM = "IAM_ALLOWED_PRINCIPALS"
FLIGHTS = {"databaseName": "mlstead_dev_curated", "name": "flights"}
PERSONAL = resource(RESOURCE_TAG, "flights-name", lfTag={"key": "sensitivity", "value": "pii"},
                    tableWithColumns=FLIGHTS | {"columnNames": ["passenger_name"]})
ALSO_PERSONAL = resource(RESOURCE_TAGS, "flights-name", table=FLIGHTS,
                         lfTags=[{"key": "zone", "value": "raw"}, {"key": "sensitivity", "value": "PII"}])


def _settings(**changed: Any) -> Stack:
    return stack(resource(SETTINGS, **{
        "admins": ["arn:aws:iam::123456789012:role/deploy"], "createDatabaseDefaultPermissions": [],
        "createTableDefaultPermissions": [],
    } | changed))


def _granted(**changed: Any) -> Resource:
    return resource(PERMISSIONS, **{
        "principal": ROLE, "permissions": ["DESCRIBE", "SELECT"],
        "lfTagPolicy": {"resourceType": "TABLE", "expressions": [{"key": "sensitivity", "values": ["internal"]}]},
    } | changed)


def _grant(**changed: Any) -> Stack:
    return stack(_granted(**changed))


def _on(*, tag: Resource = PERSONAL, **what: Any) -> Stack:
    return stack(tag, _granted(lfTagPolicy=None, **what))


def _database(principal: str | None) -> Stack:
    defaults = [{"permissions": ["ALL"], "principal": {"dataLakePrincipalIdentifier": principal}}] if principal else []
    return stack(resource(CATALOG_DATABASE, name="flights", createTableDefaultPermissions=defaults))


def _location(**changed: Any) -> Stack:
    return stack(resource(LOCATION, **{
        "arn": "arn:aws:s3:::lake-curated", "roleArn": "arn:aws:iam::123456789012:role/lake",
        "hybridAccessEnabled": False,
    } | changed))


def _filter(**data: Any) -> Stack:
    return stack(resource(FILTER, tableData={
        "databaseName": "mlstead_dev_curated", "tableName": "flights", "name": "one", "tableCatalogId": "123456789012",
    } | data))


EVERY_ROW = {"allRowsWildcard": {}}

EXAMPLES = {
    "lake-formation-decides": example((_settings(), _grant(), _database(None)), (
        _settings(createTableDefaultPermissions=[{"permissions": ["ALL"], "principal": IAM}]),
        _settings(createDatabaseDefaultPermissions=[{"permissions": ["ALL"], "principal": IAM}]),
        _grant(principal=IAM, permissions=["DESCRIBE"]), _database(IAM),
    )),
    "lake-formation-to-somebody": example(_grant(), _grant(principal="123456789012:IAMPrincipals")),
    "lake-formation-rights-named": example(_grant(), (_grant(permissions=["ALL"]), _grant(permissions=["SUPER"]))),
    "lake-formation-not-passed-on": example(
        (_grant(), _grant(permissionsWithGrantOptions=[])), _grant(permissionsWithGrantOptions=["SELECT"])),
    "lake-formation-own-role": example(_location(), (
        _location(roleArn=None, useServiceLinkedRole=True), _location(roleArn=None),
    )),
    "lake-formation-not-hybrid": example(_location(), _location(hybridAccessEnabled=True)),
    "lake-formation-filters-inside": example(_settings(), (
        _settings(allowExternalDataFiltering=True), _settings(allowFullTableExternalDataAccess=True),
    )),
    "lake-formation-personal-by-column": example(
        (_on(tableWithColumns=FLIGHTS | {"columnNames": ["delay"]}), _on(table=FLIGHTS | {"name": "weather"}),
         _on(table=FLIGHTS, permissions=["DESCRIBE"]),
         _on(tableWithColumns=FLIGHTS | {"wildcard": True, "excludedColumnNames": ["passenger_name"]})),
        (_on(table=FLIGHTS), _on(table={"databaseName": "mlstead_dev_curated", "wildcard": True}),
         _on(tableWithColumns=FLIGHTS | {"wildcard": True}), _on(tag=ALSO_PERSONAL, table=FLIGHTS)),
    ),
    "lake-formation-filter-filters": example(
        (_filter(rowFilter=EVERY_ROW, columnNames=["delay"]), _filter(rowFilter={"filterExpression": "origin = 'JFK'"}),
         _filter(rowFilter=EVERY_ROW, columnWildcard={"excludedColumnNames": ["passenger_name"]})),
        _filter(rowFilter=EVERY_ROW, columnWildcard={}),
    ),
}
