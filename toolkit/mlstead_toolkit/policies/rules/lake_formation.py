"""Lake Formation: it decides alone, nobody is granted everything, and personal data goes by columns and rows.

No public standard has controls for it. https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack, own_controls

SETTINGS: Final = "aws:lakeformation/dataLakeSettings:DataLakeSettings"
PERMISSIONS: Final = "aws:lakeformation/permissions:Permissions"
LOCATION: Final = "aws:lakeformation/resource:Resource"
FILTER: Final = "aws:lakeformation/dataCellsFilter:DataCellsFilter"
RESOURCE_TAG: Final = "aws:lakeformation/resourceLfTag:ResourceLfTag"
RESOURCE_TAGS: Final = "aws:lakeformation/resourceLfTags:ResourceLfTags"
CATALOG_DATABASE: Final = "aws:glue/catalogDatabase:CatalogDatabase"

_IAM: Final = "IAM_ALLOWED_PRINCIPALS"
_DEFAULTS: Final = ("createDatabaseDefaultPermissions", "createTableDefaultPermissions")
_PERSONAL: Final = frozenset({"pii", "personal", "phi"})
_READS: Final = frozenset({"SELECT", "ALL", "SUPER"})


def _governed(resource: Resource, _stack: Stack) -> Iterator[str]:
    found = [resource.value("principal")] if resource.type == PERMISSIONS else [
        default.value(f"principal{path}") for part in _DEFAULTS for default in resource.blocks(part)
        for path in ("", ".dataLakePrincipalIdentifier")
    ]
    if _IAM in found:
        yield "whoever IAM lets use Glue may do what Lake Formation should decide"


def _to_somebody(grant: Resource, _stack: Stack) -> Iterator[str]:
    principal = grant.get("principal", "")
    if principal.endswith(":IAMPrincipals") or principal in ("*", "EVERYONE"):
        yield f"{principal} is everybody of the account"


def _by_name(grant: Resource, _stack: Stack) -> Iterator[str]:
    for right in grant.get("permissions", []):
        if right in ("ALL", "SUPER"):
            yield f"{right} also lets alter and drop"


def _not_passed_on(grant: Resource, _stack: Stack) -> Iterator[str]:
    if grant.get("permissionsWithGrantOptions", []):
        yield "whoever has it gives it to others, and no review sees that"


def _own_role(location: Resource, _stack: Stack) -> Iterator[str]:
    if location.flag("useServiceLinkedRole") or not location.filled("roleArn"):
        yield "the service-linked role reads the location: neither key nor bucket can hold it to a project"


def _not_hybrid(location: Resource, _stack: Stack) -> Iterator[str]:
    if location.flag("hybridAccessEnabled"):
        yield "IAM alone goes on opening the location"


def _no_outside_filter(settings: Resource, _stack: Stack) -> Iterator[str]:
    for option in ("allowExternalDataFiltering", "allowFullTableExternalDataAccess"):
        if settings.flag(option):
            yield f"{option}: other engines are given whole files, and are trusted to filter them"


def _personal_by_column(grant: Resource, stack: Stack) -> Iterator[str]:
    if not _READS & set(grant.get("permissions", [])):
        return
    for part in ("table", "tableWithColumns"):
        for table in grant.blocks(part):
            whole = part == "table" or (not table.filled("columnNames") and not table.filled("excludedColumnNames"))
            if not whole:
                continue
            for tag in stack.of(RESOURCE_TAG, RESOURCE_TAGS):
                if _is_personal(tag) and _is_of(tag, table):
                    yield f"the whole table is granted, though {tag.name} tags what is in it as personal data"


def _filters(cells: Resource, _stack: Stack) -> Iterator[str]:
    for data in cells.blocks("tableData"):
        every_row = data.has("rowFilter.allRowsWildcard") and not data.filled("rowFilter.filterExpression")
        every_column = not data.filled("columnNames") and not data.filled("columnWildcard.excludedColumnNames")
        if every_row and every_column:
            yield "the filter lets every row and column pass"


def _is_personal(tag: Resource) -> bool:
    return any(str(each.get("value", "")).lower() in _PERSONAL
               for path in ("lfTag", "lfTags") for each in tag.blocks(path))


def _is_of(tag: Resource, table: Block) -> bool:
    return any(
        (each.value("databaseName"), each.value("name")) == (table.value("databaseName"), table.value("name"))
        or (table.flag("wildcard") and each.value("databaseName") == table.value("databaseName"))
        for path in ("table", "tableWithColumns") for each in tag.blocks(path)
    )


RULES: Final = (
    Rule(
        id="lake-formation-decides",
        level=Level.MANDATORY,
        controls=(own_controls.GOVERNED_CATALOG,),
        title="Nothing in the catalog is open to IAMAllowedPrincipals.",
        fix="Leave the default permissions empty, and grant to roles by name.",
        types=(SETTINGS, PERMISSIONS, CATALOG_DATABASE),
        check=_governed,
    ),
    Rule(
        id="lake-formation-to-somebody",
        level=Level.MANDATORY,
        controls=(own_controls.LEAST_DATA,),
        title="A grant goes to a role or a user, never to everybody.",
        fix="Set principal to the ARN of a role.",
        types=(PERMISSIONS,),
        check=_to_somebody,
    ),
    Rule(
        id="lake-formation-rights-named",
        level=Level.MANDATORY,
        controls=(own_controls.LEAST_DATA,),
        title="A grant names what may be done.",
        fix='Set permissions=["DESCRIBE", "SELECT"].',
        types=(PERMISSIONS,),
        check=_by_name,
    ),
    Rule(
        id="lake-formation-not-passed-on",
        level=Level.ADVISORY,
        controls=(own_controls.LEAST_DATA,),
        title="Whoever was granted something cannot grant it to others.",
        fix="Leave permissions_with_grant_options out.",
        types=(PERMISSIONS,),
        check=_not_passed_on,
    ),
    Rule(
        id="lake-formation-own-role",
        level=Level.MANDATORY,
        controls=(own_controls.GOVERNED_CATALOG,),
        title="A location is registered with a role of your own.",
        fix="Set role_arn, and leave use_service_linked_role out.",
        types=(LOCATION,),
        check=_own_role,
    ),
    Rule(
        id="lake-formation-not-hybrid",
        level=Level.MANDATORY,
        controls=(own_controls.GOVERNED_CATALOG,),
        title="A registered location is opened by Lake Formation alone.",
        fix="Set hybrid_access_enabled=False.",
        types=(LOCATION,),
        check=_not_hybrid,
    ),
    Rule(
        id="lake-formation-filters-inside",
        level=Level.MANDATORY,
        controls=(own_controls.GOVERNED_CATALOG,),
        title="Columns and rows are filtered before data leaves Lake Formation.",
        fix="Leave allow_external_data_filtering and allow_full_table_external_data_access out.",
        types=(SETTINGS,),
        check=_no_outside_filter,
    ),
    Rule(
        id="lake-formation-personal-by-column",
        level=Level.MANDATORY,
        controls=(own_controls.LEAST_DATA,),
        title="A table with columns tagged as personal data is not granted whole.",
        fix="Grant by lf_tag_policy, by column_names, or by a data cells filter.",
        types=(PERMISSIONS,),
        check=_personal_by_column,
    ),
    Rule(
        id="lake-formation-filter-filters",
        level=Level.MANDATORY,
        controls=(own_controls.LEAST_DATA,),
        title="A data cells filter leaves something out.",
        fix="Name column_names, or give row_filter a filter_expression.",
        types=(FILTER,),
        check=_filters,
    ),
)
