"""The pipeline that goes from what is delivered to what is vouched for: ingestion, then the gates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from mlstead.catalog.tables import Tables
from mlstead.component import Component
from mlstead.context import Context
from mlstead.ingestion.data_quality import DataQuality, DataQualityArgs
from mlstead.ingestion.gate_definitions import read_gates
from mlstead.ingestion.sensitive_data import SensitiveDataDiscovery, SensitiveDataDiscoveryArgs
from mlstead.keys.token_key import grant_tokens
from mlstead.lake.grants import LakeGrants
from mlstead.lake.zones import Zone
from mlstead.network.access import NetworkAccess
from mlstead.pipelines.pipeline import Pipeline, PipelineArgs
from mlstead.pipelines.starts import Arrival, PipelineStarts, PipelineStartsArgs, check_schedule
from mlstead.role import ExecutionRole, ExecutionRoleArgs, Grantee
from mlstead.training.image_repository import Image
from mlstead.weakened import Weakened

# An isolated job gets its data before it starts and gives it back when it ends: it could neither write a batch and then
# its record, nor hold a lease, nor ask KMS for its tokens' key.
_TALKS = Weakened(
    "the jobs write each batch to S3 themselves, its record last, and derive tokens by KMS; the private network has an "
    "endpoint for either, and no way out"
)


_ZONES: tuple[Zone, ...] = ("raw", "quarantine", "curated")


@dataclass(frozen=True)
class DataPipelineArgs:
    """Arguments of DataPipeline.

    Args:
        context: where it lives and whose it is.
        definition: path of the reviewed JSON that `mlstead compile` writes, relative to the program's folder.
        lake: where data comes in and goes on, under the prefix `<project>/`.
        network: what its jobs run in: the first two of its subnets.
        image: what its jobs run.
        token_key_arn: the key that tokens in place of personal data are derived from, TokenKey.
        encryption_key_arn: KMS key of alarms.
        tables: the project's tables, which gates.toml is held against.
        gates: path of gates.toml, relative to the program's folder: what its jobs hold each batch to.
        instance_type: what its jobs run on; local disks, where it has them, are encrypted by hardware, not with our
            key.
        schedule: when it runs besides by arrivals: rate(…) or cron(…), UTC; None: never.
        glue_data_quality: whether Glue Data Quality gets the gates' rules for the tables in curated, to hold them to
            as a second opinion; each evaluation is paid for by its time.
        macie: whether Macie looks through raw once a week for personal data that no rule expected. It must be enabled
            in the account and region, and the foundation's setting `macie` lets it read; paid for by the gigabyte.
    """

    context: Context
    definition: str | Path
    lake: LakeGrants
    network: NetworkAccess
    image: Image
    token_key_arn: pulumi.Input[str]
    encryption_key_arn: pulumi.Input[str]
    tables: Tables
    gates: str | Path = "../gates.toml"
    instance_type: str = "ml.m5.large"
    schedule: str | None = None
    glue_data_quality: bool = False
    macie: bool = False

    def __post_init__(self) -> None:
        check_schedule(self.schedule, "DataPipelineArgs.schedule")


class DataPipeline(Component):
    """Two jobs, a role for each, and what starts them: a delivery to raw, a release in quarantine, the clock.

    Ingestion writes raw, and copies to quarantine's `files/` what it cannot read; it writes no report there, and no
    release, which is somebody's word. The gate reads raw and writes curated and quarantine. Neither may delete, and no
    role has both raw and curated to write to: nothing is curated that did not pass the gate. They run in the private
    network but not isolated from it.

    Raises:
        Refusal: as Pipeline does; or gates.toml is missing or wrong, or is not of these tables.
    """

    pipeline_name: pulumi.Output[str]
    role: ExecutionRole
    ingestion_role: ExecutionRole
    gate_role: ExecutionRole
    starts: PipelineStarts

    def __init__(self, name: str, args: DataPipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        read_gates(args.gates, args.tables.described)  # before anything is made: its jobs would fail on what is wrong
        context, lake, project = args.context, args.lake, args.context.project
        self._lake, self._uris = lake, {zone: lake.uri(zone, project) for zone in _ZONES}
        self.ingestion_role = ExecutionRole(
            f"{name}-ingestion", ExecutionRoleArgs(context, use="ingestion"), self._child()
        )
        lake.grant_read_write(self.ingestion_role, "raw")
        lake.grant_write(self.ingestion_role, "quarantine", f"{project}/files")
        self.gate_role = ExecutionRole(f"{name}-gate", ExecutionRoleArgs(context, use="gate"), self._child())
        lake.grant_read(self.gate_role, "raw")
        lake.grant_read_write(self.gate_role, "quarantine")
        lake.grant_read_write(self.gate_role, "curated")
        grant_tokens(self.gate_role, args.token_key_arn)
        self.role = ExecutionRole(f"{name}-role", ExecutionRoleArgs(context, use="data-pipeline"), self._child())
        self._pipeline = Pipeline(name, PipelineArgs(
            context, f"{context.name}-data", args.definition, lake, args.network, args.image, self.role,
            job_roles={"IngestionRole": self.ingestion_role, "GateRole": self.gate_role},
            instance_types={"ProcessingInstanceType": args.instance_type},
            values={
                "RawUri": self._uris["raw"], "QuarantineUri": self._uris["quarantine"],
                "CuratedUri": self._uris["curated"], "TokenKey": args.token_key_arn,
            },
            network_isolation=_TALKS,
        ), self._child())
        self.pipeline_name = self._pipeline.pipeline_name
        self.starts = PipelineStarts(f"{name}-starts", PipelineStartsArgs(
            context, "the data pipeline", self._pipeline.arn, f"{context.name}-data",
            arrivals={
                "deliveries": Arrival(lake.bucket("raw"), f"{project}/landing/"),
                "releases": Arrival(lake.bucket("quarantine"), f"{project}/releases/"),
            },
            encryption_key_arn=args.encryption_key_arn, schedule=args.schedule,
        ), self._child())
        if args.glue_data_quality:
            DataQuality(f"{name}-quality", DataQualityArgs(context, args.tables, args.gates), self._child())
        if args.macie:
            SensitiveDataDiscovery(
                f"{name}-discovery", SensitiveDataDiscoveryArgs(context, lake.bucket("raw")), self._child()
            )
        self.register_outputs({"pipeline_name": self.pipeline_name})

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what a project's stack tells of it."""
        return {
            "data_pipeline_name": self.pipeline_name,
            "landing_uri": pulumi.Output.concat(self._uris["raw"], "/landing"),
            **{f"{zone}_uri": uri for zone, uri in self._uris.items()},
            "ingestion_role_arn": self.ingestion_role.arn,
            "gate_role_arn": self.gate_role.arn,
            "dead_letters_url": self.starts.dead_letters.queue_url,
            "dead_letters_alarm": self.starts.dead_letters.alarm_name,
            "failed_runs_alarm": self.starts.failed_runs_alarm,
        }

    def grant_start(self, role: Grantee) -> None:
        """Let the role start the pipeline, follow its executions and stop them."""
        self._pipeline.grant_start(role)

    def grant_follow(self, role: Grantee) -> None:
        """Let the role follow the pipeline's executions and read its books: records and reports, no rows.

        A report quotes some of the rows that broke a rule, their personal data masked.
        """
        project = self.context.project
        self._pipeline.grant_follow(role)
        self._lake.grant_list(role, "raw")
        self._lake.grant_read(role, "raw", [f"{project}/manifests", f"{project}/deliveries"])
        self._lake.grant_read(role, "quarantine", [f"{project}/reports", f"{project}/releases"])

    def grant_deliver(self, role: Grantee) -> None:
        """Let the role deliver files, and see whether one of that name was delivered before."""
        project = self.context.project
        self._lake.grant_read_write(role, "raw", [f"{project}/landing", f"{project}/incoming"])

    def grant_mend(self, role: Grantee) -> None:
        """Let the role read quarantined rows, to mend them, and release batches in spite of rules."""
        self._lake.grant_read(role, "quarantine")
        self._lake.grant_write(role, "quarantine", f"{self.context.project}/releases")
