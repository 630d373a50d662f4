"""Properties whose one value loses something or stops something: force_destroy on, versioning suspended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mlstead_toolkit.review.verdict import Verdict

ANY: Final = "*"


@dataclass(frozen=True)
class Switch:
    """One property and the value of it that a reviewer has to mind when it is taken up.

    Args:
        type: the resource's type; ANY: whichever has the property.
        path: the property; [*] for every element.
        values: what is to be minded.
        text: what it amounts to.
        default: what AWS takes where nothing is given.
        verdict: how bad that is.
    """

    type: str
    path: str
    values: tuple[Any, ...]
    text: str
    default: Any = None
    verdict: Verdict = Verdict.MAY_LOSE_DATA


@dataclass(frozen=True)
class Companion:
    """A resource that is a setting of another: deleting it switches the setting off.

    Args:
        owner: the property that names the other.
        text: what goes.
    """

    owner: str
    text: str


_LOSES_ALL: Final = "deleting it from now on takes everything in it along, without asking"
_OFF: Final = (False, "false")
_NOTHING_RUNS: Final = "nothing runs any more"

SWITCHES: Final = (
    Switch(ANY, "forceDestroy", (True,), _LOSES_ALL),
    Switch(ANY, "forceDelete", (True,), _LOSES_ALL),
    Switch(ANY, "skipFinalSnapshot", (True,), "deleting it from now on leaves no snapshot", default=False),
    Switch(ANY, "deletionProtection", (*_OFF, "INACTIVE"), "AWS no longer refuses to delete it", default=False),
    Switch(ANY, "deletionProtectionEnabled", _OFF, "AWS no longer refuses to delete it", default=False),
    Switch(ANY, "enableDeletionProtection", _OFF, "AWS no longer refuses to delete it", default=False),
    Switch(ANY, "deleteAutomatedBackups", (True,), "deleting it from now on takes its backups along", default=True),
    Switch("aws:s3/bucketVersioning:BucketVersioning", "versioningConfiguration.status", ("Suspended", "Disabled"),
           "what is overwritten or deleted from now on cannot be brought back"),
    Switch("aws:s3/bucketVersioning:BucketVersioning", "versioningConfiguration.mfaDelete", ("Disabled",),
           "deleting a version no longer takes a second factor", default="Disabled"),
    Switch("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "rule.defaultRetention.mode",
           ("GOVERNANCE",), "whoever may bypass governance can delete locked objects", default="COMPLIANCE"),
    Switch("aws:dynamodb/table:Table", "pointInTimeRecovery.enabled", _OFF,
           "an earlier state of the table can no longer be brought back", default=False),
    Switch("aws:dynamodb/table:Table", "ttl.enabled", (True,),
           "items whose time has passed are deleted from now on", default=False),
    Switch("aws:efs/backupPolicy:BackupPolicy", "backupPolicy.status", ("DISABLED", "DISABLING"),
           "the file system is no longer backed up"),
    Switch("aws:sagemaker/domain:Domain", "retentionPolicy.homeEfsFileSystem", ("Delete",),
           "deleting the domain from now on takes everybody's home directory along", default="Retain"),
    Switch("aws:sagemaker/endpointConfiguration:EndpointConfiguration", "productionVariants[*].initialInstanceCount",
           (0,), "no instance of the variant is left, and nothing answers for it", verdict=Verdict.DOWNTIME),
    Switch("aws:kms/key:Key", "isEnabled", _OFF, "nothing that it encrypts can be read while it is disabled",
           default=True, verdict=Verdict.DOWNTIME),
    Switch("aws:cloudwatch/eventRule:EventRule", "state", ("DISABLED",),
           "what it starts is not started any more", default="ENABLED", verdict=Verdict.DOWNTIME),
    Switch("aws:scheduler/schedule:Schedule", "state", ("DISABLED",),
           "what it starts is not started any more", default="ENABLED", verdict=Verdict.DOWNTIME),
    Switch("aws:glue/trigger:Trigger", "enabled", _OFF, "what it starts is not started any more", default=True,
           verdict=Verdict.DOWNTIME),
    Switch("aws:lambda/eventSourceMapping:EventSourceMapping", "enabled", _OFF,
           "nothing is read from its source any more", default=True, verdict=Verdict.DOWNTIME),
    Switch("aws:lambda/function:Function", "reservedConcurrentExecutions", (0,), "every call is refused", default=-1,
           verdict=Verdict.DOWNTIME),
    Switch("aws:cloudfront/distribution:Distribution", "enabled", _OFF, "it answers no more", verdict=Verdict.DOWNTIME),
    Switch("aws:ecs/service:Service", "desiredCount", (0,), _NOTHING_RUNS, verdict=Verdict.DOWNTIME),
    Switch("aws:autoscaling/group:Group", "maxSize", (0,), _NOTHING_RUNS, verdict=Verdict.DOWNTIME),
    Switch("aws:autoscaling/group:Group", "desiredCapacity", (0,), _NOTHING_RUNS, verdict=Verdict.DOWNTIME),
    Switch("aws:appautoscaling/target:Target", "maxCapacity", (0,), _NOTHING_RUNS, verdict=Verdict.DOWNTIME),
    Switch("aws:ec2/vpcEndpoint:VpcEndpoint", "privateDnsEnabled", _OFF,
           "the service's name leads to its public address, which private subnets do not reach", default=False,
           verdict=Verdict.DOWNTIME),
)

INTERRUPTED_BY: Final = {
    "aws:ec2/instance:Instance": ("instanceType", "userData"),
    "aws:elasticache/cluster:Cluster": ("nodeType", "engineVersion"),
    "aws:mq/broker:Broker": ("hostInstanceType", "engineVersion"),
    "aws:rds/instance:Instance": ("instanceClass", "engineVersion"),
    "aws:redshift/cluster:Cluster": ("nodeType", "numberOfNodes"),
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": ("trackingServerSize", "mlflowVersion"),
    "aws:sagemaker/notebookInstance:NotebookInstance": ("instanceType", "volumeSize", "lifecycleConfigName"),
}
"""Properties that change in place, but stop and start what they belong to."""

_LOCK: Final = Companion("bucket", "new objects are locked against deletion no more")
_VERSIONS: Final = Companion("bucket", "what is overwritten or deleted from now on cannot be brought back")
COMPANIONS: Final = {
    "aws:backup/plan:Plan": Companion("", "what it covers is no longer backed up"),
    "aws:backup/selection:Selection": Companion("planId", "what it covers is no longer backed up"),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": Companion(
        "backupVaultName", "recovery points can be deleted before their time"),
    "aws:efs/backupPolicy:BackupPolicy": Companion("fileSystemId", "the file system is no longer backed up"),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _LOCK,
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2": _LOCK,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": Companion(
        "bucket", "new objects are no longer kept a second time elsewhere"),
    "aws:s3/bucketVersioning:BucketVersioning": _VERSIONS,
    "aws:s3/bucketVersioningV2:BucketVersioningV2": _VERSIONS,
}
"""Settings that are resources of their own."""
