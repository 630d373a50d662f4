"""Amazon Athena: workgroups."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    arn,
    block,
    boolean,
    integer,
    string,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    ResourceType,
    Step,
    Tagging,
)
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

_LEAST_CUTOFF: Final = 10_485_760
# What an update must name to take it away: the member of the configuration, and the flag that removes it.
_REMOVABLE: Final = {
    "BytesScannedCutoffPerQuery": "RemoveBytesScannedCutoffPerQuery",
    "CustomerContentEncryptionConfiguration": "RemoveCustomerContentEncryptionConfiguration"}
_REMOVABLE_OF_RESULTS: Final = {
    "OutputLocation": "RemoveOutputLocation", "EncryptionConfiguration": "RemoveEncryptionConfiguration",
    "ExpectedBucketOwner": "RemoveExpectedBucketOwner", "AclConfiguration": "RemoveAclConfiguration"}


def _name(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation != "CreateWorkGroup":
        arguments["WorkGroup"] = state["name"]
    if operation == "UpdateWorkGroup":
        arguments.setdefault("Description", "")


def _configure(work: Work) -> None:
    """Change the configuration: what the program no longer says must be removed by name."""
    given = work.arguments(WORKGROUP.create, whole=True).get("Configuration", {})
    updates = {name: value for name, value in given.items()
               if name not in ("ResultConfiguration", "ManagedQueryResultsConfiguration")}
    updates |= {flag: True for name, flag in _REMOVABLE.items() if name not in given}
    results = given.get("ResultConfiguration", {})
    updates["ResultConfigurationUpdates"] = {
        **results, **{flag: True for name, flag in _REMOVABLE_OF_RESULTS.items() if name not in results}}
    if managed := given.get("ManagedQueryResultsConfiguration"):
        kept = {} if "EncryptionConfiguration" in managed else {"RemoveEncryptionConfiguration": True}
        updates["ManagedQueryResultsConfigurationUpdates"] = {**managed, **kept}
    work.call("UpdateWorkGroup", WorkGroup=work.resource_id, ConfigurationUpdates=updates)


def _check_workgroup(inputs: Properties) -> list[tuple[str, str]]:
    configuration = inputs.get("configuration")
    if not isinstance(configuration, dict):
        return []
    faults = []
    cutoff = configuration.get("bytesScannedCutoffPerQuery")
    if isinstance(cutoff, int) and 0 < cutoff < _LEAST_CUTOFF:
        faults.append(("configuration.bytesScannedCutoffPerQuery", f"is {cutoff}, and the least is {_LEAST_CUTOFF}"))
    results = configuration.get("resultConfiguration")
    encryption = results.get("encryptionConfiguration") if isinstance(results, dict) else None
    if isinstance(encryption, dict):
        option = encryption.get("encryptionOption")
        if option in ("SSE_KMS", "CSE_KMS") and encryption.get("kmsKeyArn") is None:
            faults.append(("configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn",
                           f"is missing: {option} needs it"))
    return faults


def _force(work: Work) -> None:
    if work.purge:
        work.inputs = {**work.inputs, "forceDestroy": True}


WORKGROUP: Final = ResourceType(
    "aws:athena/workgroup:Workgroup",
    service="athena",
    identity="{name}",
    name=AutomaticName("name", 128),
    properties=(
        string("name", replaces=True, computed=True, pattern=r"[a-zA-Z0-9._-]{1,128}"),
        string("description"),
        string("state", default="ENABLED", enum=("ENABLED", "DISABLED")),
        boolean("forceDestroy", default=False, api="RecursiveDeleteOption"),
        block("configuration",
              integer("bytesScannedCutoffPerQuery"),
              block("customerContentEncryptionConfiguration", arn("kmsKey")),
              boolean("enableMinimumEncryptionConfiguration", computed=True),
              boolean("enforceWorkgroupConfiguration", default=True),
              block("engineVersion", string("effectiveEngineVersion", computed=True),
                    string("selectedEngineVersion", default="AUTO"), computed=True),
              arn("executionRole"),
              *unsupported("the local cloud has no identity center", "identityCenterConfiguration"),
              block("managedQueryResultsConfiguration", boolean("enabled"),
                    block("encryptionConfiguration", arn("kmsKey"))),
              *unsupported("the local cloud runs no Spark session", "monitoringConfiguration"),
              boolean("publishCloudwatchMetricsEnabled", default=True),
              block("queryResultsS3AccessGrantsConfiguration", string("authenticationType", required=True),
                    boolean("createUserLevelPrefix"), boolean("enableS3AccessGrants", required=True)),
              boolean("requesterPaysEnabled", default=False),
              block("resultConfiguration",
                    block("aclConfiguration", string("s3AclOption", required=True)),
                    block("encryptionConfiguration", string("encryptionOption"), arn("kmsKeyArn", api="KmsKey")),
                    string("expectedBucketOwner"), string("outputLocation")),
              computed=True),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="", template="arn:{partition}:athena:{region}:{account}:workgroup/{name}"),),
    validate=_check_workgroup,
    create=Call("CreateWorkGroup", without=("state", "forceDestroy")),
    read=Call("GetWorkGroup", result="WorkGroup"),
    delete=Call("DeleteWorkGroup", also=("forceDestroy",)),
    gone=("InvalidRequestException:is not found",),
    steps=(
        Step(("state",), Call("UpdateWorkGroup")),
        Step(("description",), Call("UpdateWorkGroup"), on_create=False),
        Step(("configuration",), _configure, on_create=False),
    ),
    tagging=Tagging(handle=("ResourceARN", "arn"), listing="ListTagsForResource", listed="Tags", add="TagResource",
                    remove="UntagResource"),
    to_api=_name,
    before_delete=_force,
)

RESOURCE_TYPES: Final = (WORKGROUP,)
