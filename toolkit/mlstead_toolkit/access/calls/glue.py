"""AWS Glue: the Data Catalog and data quality.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html
What is done to a table has to be allowed on the database and the catalog that hold it, too:
https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
"""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.access.calls.call import ApiCall, Known, Need
from mlstead_toolkit.access.calls.row import Row, Service, each
from mlstead_toolkit.access.calls.through import uses_key

DATABASE = ("catalog", "database/{Name}")
TABLE_OF = ("catalog", "database/{DatabaseName}", "table/{DatabaseName}/{Name}")
PARTITION_OF = ("catalog", "database/{DatabaseName}", "table/{DatabaseName}/{TableName}")
RULESET = "dataQualityRuleset/{Name}"
ANY_RULESET = "dataQualityRuleset/*"

ENCRYPTED = ("kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt")


def _read(call: ApiCall, known: Known) -> Iterator[Need]:
    """https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html"""
    yield from _use(call, known, "kms:Decrypt")


def _write(call: ApiCall, known: Known) -> Iterator[Need]:
    yield from _use(call, known, *ENCRYPTED)


def _use(call: ApiCall, known: Known, *actions: str) -> Iterator[Need]:
    key = known.encryption(f"{TABLE.start(call)}catalog").key
    yield from uses_key(call, known, "glue", key, *actions, context={
        "kms:EncryptionContext:glue_catalog_id": call.account, "kms:EncryptionContextKeys": ["glue_catalog_id"],
    })


TABLE = Service("glue", {
    "CreateDatabase": Row("catalog", "database/{DatabaseInput.Name}", more=_write),
    "UpdateDatabase": Row(*DATABASE, more=_write),
    "GetDatabase": Row(*DATABASE, more=_read),
    "DeleteDatabase": Row(*DATABASE, "table/{Name}/*", "userDefinedFunction/{Name}/*"),
    "GetDatabases": Row("catalog", "database/*", more=_read),
    **each("CreateTable UpdateTable", "catalog", "database/{DatabaseName}", "table/{DatabaseName}/{TableInput.Name}",
           more=_write),
    "GetTable": Row(*TABLE_OF, more=_read),
    "DeleteTable": Row(*TABLE_OF),
    "GetTables": Row("catalog", "database/{DatabaseName}", "table/{DatabaseName}/*", more=_read),
    **each("GetTableVersions GetPartition GetPartitions GetPartitionIndexes BatchGetPartition", *PARTITION_OF,
           more=_read),
    **each("CreatePartition BatchCreatePartition UpdatePartition", *PARTITION_OF, more=_write),
    **each("DeletePartition BatchDeletePartition", *PARTITION_OF),
    **each("GetDataCatalogEncryptionSettings PutDataCatalogEncryptionSettings", "catalog"),
    "CreateDataQualityRuleset": Row(tags="Tags"),
    **each("GetDataQualityRuleset UpdateDataQualityRuleset DeleteDataQualityRuleset", RULESET),
    "StartDataQualityRulesetEvaluationRun": Row("dataQualityRuleset/{RulesetNames}", passes=("Role",)),
    # A run and a result are known by their ids alone.
    **each("GetDataQualityRulesetEvaluationRun GetDataQualityResult ListDataQualityResults", ANY_RULESET),
    "GetTags": Row("{ResourceArn}"),
    "TagResource": Row("{ResourceArn}", tags="TagsToAdd"),
    "UntagResource": Row("{ResourceArn}", context={"aws:TagKeys": "TagsToRemove"}),
}, passed_to="glue.amazonaws.com")
