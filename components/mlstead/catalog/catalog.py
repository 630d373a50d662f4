"""The databases of an environment's data zones, under Lake Formation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import glue, iam, lakeformation

from mlstead.catalog.governance import CatalogGovernance, key_of_governed_catalog
from mlstead.catalog.sensitivity import SENSITIVITY_TAG
from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.grants import LakeGrants
from mlstead.lake.zones import DATA_ZONES, Zone
from mlstead.policy import Statement, document


@dataclass(frozen=True)
class CatalogArgs:
    """Arguments of Catalog.

    Args:
        context: where it lives and whose it is.
        lake: the lake whose data zones it describes.
        governance: the settings that must stand before a database is made; None: another environment of this account
            and region has made them.
    """

    context: Context
    lake: LakeGrants
    governance: CatalogGovernance | None


class Catalog(Component):
    """A Glue database for each data zone, and the zones' buckets registered with Lake Formation.

    Whoever queries gets at the data by the one role that Lake Formation assumes, and by that only the columns that were
    granted; without hybrid access, IAM alone opens nothing. Databases are tagged `internal`, which their tables and
    columns inherit until they say otherwise. The role carries the foundation's mlstead:project, so the zones' bucket
    and key policies admit it (https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html).
    """

    databases: dict[Zone, pulumi.Output[str]]
    encryption_key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: CatalogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        governed: list[pulumi.Resource] = [args.governance] if args.governance else []
        self.encryption_key_arn = pulumi.Output.from_input(
            args.governance.encryption_key_arn if args.governance else key_of_governed_catalog(args.context)
        )
        role = iam.Role(
            name,
            description=f"How Lake Formation reads and writes the data zones of {args.context.name}",
            path=args.context.role_path,
            assume_role_policy=document(_trust(args.context)),
            tags=self.tags,
            opts=self._child(),
        )
        access = iam.RolePolicy(
            name, name="data-zones", role=role.name, policy=document(*_access(args)), opts=self._child()
        )
        self.databases = {}
        for zone in DATA_ZONES:
            location = lakeformation.Resource(
                f"{name}-{zone}", arn=args.lake.bucket_arn(zone), role_arn=role.arn, hybrid_access_enabled=False,
                # To register what is registered is no error to the provider: the old one's end would deregister it.
                opts=pulumi.ResourceOptions(
                    parent=self, depends_on=[*governed, access], delete_before_replace=True,
                ),
            )
            database = glue.CatalogDatabase(
                f"{name}-{zone}",
                name=f"mlstead_{args.context.environment.replace('-', '_')}_{zone}",
                description=f"Tables of the zone {zone} of {args.context.name}",
                location_uri=args.lake.uri(zone, ""),
                tags=self.tags,
                opts=self._child(depends_on=[*governed, location]),
            )
            lakeformation.ResourceLfTag(
                f"{name}-{zone}", database={"name": database.name},
                lf_tag={"key": SENSITIVITY_TAG, "value": "internal"}, opts=self._child(depends_on=governed),
            )
            self.databases[zone] = database.name
        self.register_outputs(self.outputs)

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what CatalogReference needs, as plain data."""
        return {
            "databases": self.databases, "sensitivity_tag": SENSITIVITY_TAG,
            "encryption_key_arn": self.encryption_key_arn,
        }


def _trust(context: Context) -> Statement:
    # https://docs.aws.amazon.com/lake-formation/latest/dg/cross-service-confused-deputy-prevention.html
    return Statement(
        "AssumeByLakeFormation", ["sts:AssumeRole"], principals={"Service": "lakeformation.amazonaws.com"},
        conditions={
            "StringEquals": {"aws:SourceAccount": context.account_id},
            "ArnLike": {"aws:SourceArn": context.arn("lakeformation", "*")},
        },
    )


def _access(args: CatalogArgs) -> list[Statement]:
    statements = []
    for zone in DATA_ZONES:
        bucket = args.lake.bucket_arn(zone)
        objects = pulumi.Output.concat(bucket, "/*")
        statements += [
            Statement(f"List{zone.capitalize()}", ["s3:ListBucket"], [bucket]),
            Statement(f"ReadWrite{zone.capitalize()}", ["s3:GetObject", "s3:PutObject"], [objects]),
            Statement(
                f"UseKeyOf{zone.capitalize()}", ["kms:GenerateDataKey", "kms:Decrypt"], [args.lake.key_arn(zone)],
                conditions={
                    "StringEquals": {"kms:ViaService": args.context.via("s3")},
                    "ArnLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, objects]},
                },
            ),
        ]
    return statements
