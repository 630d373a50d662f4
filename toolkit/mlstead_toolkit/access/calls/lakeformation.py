"""AWS Lake Formation: its actions know no resources; what may be granted is up to its own permissions.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslakeformation.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row, Service, each

TABLE = Service("lakeformation", {
    **each("GetDataLakeSettings PutDataLakeSettings CreateLFTag GetLFTag UpdateLFTag DeleteLFTag ListLFTags "
           "AddLFTagsToResource RemoveLFTagsFromResource GetResourceLFTags GrantPermissions RevokePermissions "
           "BatchGrantPermissions BatchRevokePermissions ListPermissions DescribeResource DeregisterResource "
           "ListResources SearchTablesByLFTags SearchDatabasesByLFTags GetEffectivePermissionsForPath "
           "CreateDataCellsFilter GetDataCellsFilter UpdateDataCellsFilter DeleteDataCellsFilter ListDataCellsFilter"),
    "RegisterResource": Row(passes=("RoleArn",)),
    "UpdateResource": Row(passes=("RoleArn",)),
}, passed_to="lakeformation.amazonaws.com")
