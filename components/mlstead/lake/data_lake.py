"""The data lake: one bucket a zone, and one for their access logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import pulumi

from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.access_logs import AccessLogs, AccessLogsArgs, Frequency
from mlstead.lake.bucket import Bucket, BucketArgs
from mlstead.lake.grants import LakeGrants
from mlstead.lake.guards import from_network_only, own_prefix_only
from mlstead.lake.zones import DATA_ZONES, ZONES, Zone
from mlstead.network.access import NetworkAccess
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.weakened import Secure


@dataclass(frozen=True)
class DataLakeArgs:
    """Arguments of DataLake.

    Args:
        context: where it lives and whose it is.
        keys: ARN of the KMS key of each zone: raw, quarantine, curated, features, artifacts.
        network: the only network that data zones give data to; None: whoever may, from anywhere.
        tier_after_days: age at which objects move to intelligent tiering.
        noncurrent_days: how long overwritten and deleted versions can be brought back.
        access_log_days: how long access logs and inventories are kept.
        raw_lock_days: how long no version of an object in raw can be deleted, except with s3:BypassGovernanceRetention;
            None: no lock. What lands in raw is stored, and paid for, that long; changing it or taking it away
            concerns only what lands later.
        inventory: how often S3 lists every object of the zones with its encryption and lock: Daily or Weekly.
        protect: whether Pulumi refuses to delete the buckets. Weakened: one mistyped destroy loses every project's
            data.
    """

    context: Context
    keys: Mapping[Zone, pulumi.Input[str]]
    network: NetworkAccess | None = None
    tier_after_days: int = 30
    noncurrent_days: int = 90
    access_log_days: int = 400
    raw_lock_days: int | None = None
    inventory: Frequency = "Weekly"
    protect: Secure = True

    def __post_init__(self) -> None:
        if set(self.keys) != set(ZONES):
            raise Refusal(
                f"Keys are given for {', '.join(sorted(self.keys)) or 'no zone'}.", where="DataLakeArgs.keys",
                fix=f"give one for each of {', '.join(ZONES)}",
            )
        if self.inventory not in get_args(Frequency):
            raise Refusal(f"S3 does not list objects {self.inventory!r}.", where="DataLakeArgs.inventory",
                          fix=f"choose {' or '.join(get_args(Frequency))}")


class DataLake(Component, LakeGrants):
    """The zones raw → curated → features, quarantine for what failed a gate, and artifacts for models and reports.

    In every zone a project's data lies under the prefix `<project>/`, and what projects share under `shared/`. The
    buckets' policies hold each principal that is tagged mlstead:project to its own prefix, whatever its identity policy
    says, so another project changes nothing here.
    """

    access_logs: AccessLogs
    zones: dict[Zone, Bucket]

    def __init__(self, name: str, args: DataLakeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._keys = {zone: pulumi.Output.from_input(arn) for zone, arn in args.keys.items()}
        self.zones = {zone: Bucket(f"{name}-{zone}", _zone(args, zone), self._child()) for zone in ZONES}
        self.access_logs = AccessLogs(f"{name}-access-logs", AccessLogsArgs(
            args.context, {f"{name}-{zone}": bucket for zone, bucket in self.zones.items()},
            keep_days=args.access_log_days, inventory=args.inventory, protect=args.protect,
        ), self._child())
        self.register_outputs(self.outputs)

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what LakeReference needs, as plain data: zones → bucket, arn, key_arn; and log_bucket."""
        return {
            "zones": {
                zone: {"bucket": bucket.bucket, "arn": bucket.arn, "key_arn": self._keys[zone]}
                for zone, bucket in self.zones.items()
            },
            "log_bucket": self.access_logs.bucket,
        }

    def bucket(self, zone: Zone) -> pulumi.Output[str]:
        """Give the name of a zone's bucket."""
        return self.zones[zone].bucket

    def bucket_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of a zone's bucket."""
        return self.zones[zone].arn

    def key_arn(self, zone: Zone) -> pulumi.Output[str]:
        """Give the ARN of the key that encrypts a zone."""
        return self._keys[zone]


def _zone(args: DataLakeArgs, zone: Zone) -> BucketArgs:
    def statements(bucket_arn: pulumi.Output[str]) -> Sequence[Statement]:
        own = own_prefix_only(args.context, bucket_arn)
        # Not artifacts: there SageMaker itself checks models and reads property files, and whoever approves reads
        # reports, none of them from within the network.
        if args.network is None or zone not in DATA_ZONES:
            return own
        return [*own, *from_network_only(args.context, args.network.vpc_id, bucket_arn)]

    return BucketArgs(
        args.context, args.keys[zone], statements=statements, tier_after_days=args.tier_after_days,
        noncurrent_days=args.noncurrent_days, lock_days=args.raw_lock_days if zone == "raw" else None,
        protect=args.protect,
    )
