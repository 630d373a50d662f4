"""How long things are kept, by type: a shorter term loses what is older."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Term:
    """A property that says how long something is kept.

    Args:
        path: the property; [*] for every element, where both sides have it.
        kept: what is kept that long: `log lines`.
        unit: of its value.
        default: what AWS takes where it is not given; None: for ever.
        forever: whether 0 or -1 stands for that.
        instead: another property that says it, in another unit; where it is given, this one says nothing.
    """

    path: str
    kept: str
    unit: str = "days"
    default: float | None = 0
    forever: bool = False
    instead: str = ""


_BACKUPS: Final = "automated backups"
_DELETION: Final = Term("deletionWindowInDays", "a deleted key, to be taken back,", default=30)

_RECOVERY: Final = "lifecycle.deleteAfter"

TERMS: Final = {
    "aws:backup/plan:Plan": (
        Term(f"rules[*].{_RECOVERY}", "recovery points", default=None, forever=True),
        Term(f"rules[*].copyActions[*].{_RECOVERY}", "copies of recovery points", default=None, forever=True),
    ),
    "aws:cloudtrail/eventDataStore:EventDataStore": (Term("retentionPeriod", "events", default=2555),),
    "aws:cloudwatch/eventArchive:EventArchive": (Term("retentionDays", "events", default=None, forever=True),),
    "aws:cloudwatch/logGroup:LogGroup": (Term("retentionInDays", "log lines", default=None, forever=True),),
    "aws:docdb/cluster:Cluster": (Term("backupRetentionPeriod", _BACKUPS, default=1),),
    "aws:elasticache/cluster:Cluster": (Term("snapshotRetentionLimit", _BACKUPS),),
    "aws:elasticache/replicationGroup:ReplicationGroup": (Term("snapshotRetentionLimit", _BACKUPS),),
    "aws:fsx/lustreFileSystem:LustreFileSystem": (Term("automaticBackupRetentionDays", _BACKUPS),),
    "aws:fsx/ontapFileSystem:OntapFileSystem": (Term("automaticBackupRetentionDays", _BACKUPS),),
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": (Term("automaticBackupRetentionDays", _BACKUPS),),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": (Term("automaticBackupRetentionDays", _BACKUPS, default=7),),
    "aws:kinesis/stream:Stream": (Term("retentionPeriod", "records", "hours", 24),),
    "aws:kinesis/videoStream:VideoStream": (Term("dataRetentionInHours", "video", "hours"),),
    "aws:kms/externalKey:ExternalKey": (_DELETION,),
    "aws:kms/key:Key": (_DELETION,),
    "aws:kms/replicaKey:ReplicaKey": (_DELETION,),
    "aws:memorydb/cluster:Cluster": (Term("snapshotRetentionLimit", _BACKUPS),),
    "aws:neptune/cluster:Cluster": (Term("backupRetentionPeriod", _BACKUPS, default=1),),
    "aws:rds/cluster:Cluster": (Term("backupRetentionPeriod", _BACKUPS, default=1),),
    "aws:rds/instance:Instance": (Term("backupRetentionPeriod", _BACKUPS),),
    "aws:redshift/cluster:Cluster": (Term("automatedSnapshotRetentionPeriod", _BACKUPS, default=1),),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": (
        Term("rule.defaultRetention.days", "locked objects", instead="rule.defaultRetention.years"),
        Term("rule.defaultRetention.years", "locked objects", "years", instead="rule.defaultRetention.days"),
    ),
    "aws:secretsmanager/secret:Secret": (
        Term("recoveryWindowInDays", "a deleted secret, to be taken back,", default=30),),
    "aws:sqs/queue:Queue": (Term("messageRetentionSeconds", "unread messages", "seconds", 345_600),),
    "aws:timestreamwrite/table:Table": (
        Term("retentionProperties.memoryStoreRetentionPeriodInHours", "records in memory", "hours", 6),
        Term("retentionProperties.magneticStoreRetentionPeriodInDays", "records on disk", default=73_000),
    ),
}
"""The terms, with what AWS takes where none is given (each service's API reference)."""
