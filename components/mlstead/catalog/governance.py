"""What decides over the Data Catalog of an account and region: encryption, administrators, the tag of sensitivity."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws import glue, lakeformation

from mlstead.catalog.sensitivity import SENSITIVITIES, SENSITIVITY_TAG
from mlstead.component import Component
from mlstead.context import Context
from mlstead.refusal import Refusal
from mlstead.weakened import Secure

_PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/\S+")


@dataclass(frozen=True)
class CatalogGovernanceArgs:
    """Arguments of CatalogGovernance.

    Args:
        context: where it lives and whose it is.
        encryption_key_arn: KMS key that encrypts the catalog's metadata and the passwords of its connections.
        administrators: IAM ARNs of the roles and users that administer Lake Formation, in place of those that were;
            none: whoever deploys, until somebody else does.
        protect: whether Pulumi refuses to take encryption, administrators and tag away. Weakened: where account_wide is
            mistakenly turned off, every grant by sensitivity in the account and region ends, and new metadata is in
            clear.
    """

    context: Context
    encryption_key_arn: pulumi.Input[str]
    administrators: Sequence[str] = ()
    protect: Secure = True

    def __post_init__(self) -> None:
        check_administrators(self.administrators, "CatalogGovernanceArgs.administrators")


def check_administrators(arns: Sequence[str], where: str) -> None:
    """Refuse what is no ARN of a role or user."""
    for arn in arns:
        if not _PRINCIPAL.fullmatch(arn):
            raise Refusal(
                f"{arn!r} is no role or user that could administer Lake Formation.", where=where,
                fix="give IAM ARNs, such as arn:aws:iam::123456789012:role/deploy; of a session, its role's",
            )


class CatalogGovernance(Component):
    """The catalog's settings, of which an account and region has one set: of environments that share them, one has it.

    Default permissions are empty, so that nothing made from then on is open to IAMAllowedPrincipals, which would be
    every IAM policy on Glue (https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html). The provider
    sends an empty list by leaving it out, which clears it; what somebody adds later by hand it does not take away.

    Controls: no FSBP control exists for Lake Formation; metadata and connection passwords encrypted with an own key.
    """

    encryption_key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: CatalogGovernanceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self.encryption_key_arn = pulumi.Output.from_input(args.encryption_key_arn)
        protect = bool(args.protect)
        glue.DataCatalogEncryptionSettings(
            name,
            data_catalog_encryption_settings={
                "encryption_at_rest": {
                    "catalog_encryption_mode": "SSE-KMS", "sse_aws_kms_key_id": args.encryption_key_arn,
                },
                "connection_password_encryption": {
                    "return_connection_password_encrypted": True, "aws_kms_key_id": args.encryption_key_arn,
                },
            },
            opts=self._child(protect=protect),
        )
        settings = lakeformation.DataLakeSettings(
            name,
            admins=list(args.administrators) or [_deployer()],
            create_database_default_permissions=[],
            create_table_default_permissions=[],
            # Both are in every answer of Lake Formation; 4 shares tags and hybrid locations between accounts by RAM.
            # https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-versions.html
            parameters={"CROSS_ACCOUNT_VERSION": "4", "SET_CONTEXT": "TRUE"},
            opts=self._child(protect=protect),
        )
        # Only an administrator creates tags, so the settings come first.
        lakeformation.LfTag(
            name, key=SENSITIVITY_TAG, values=list(SENSITIVITIES),
            opts=self._child(protect=protect, depends_on=[settings]),
        )
        self.register_outputs({"encryption_key_arn": self.encryption_key_arn})


def key_of_governed_catalog(context: Context) -> str:
    """Ask which key encrypts the catalog that another environment of this account and region governs.

    Raises:
        Refusal: none does; a database made now would be in clear, and open to every IAM policy on Glue.
    """
    found = glue.get_data_catalog_encryption_settings(catalog_id=context.account_id)
    (at_rest,) = found.data_catalog_encryption_settings[0].encryption_at_rests
    if at_rest.catalog_encryption_mode != "SSE-KMS":
        raise Refusal(
            f"No environment governs the catalog of {context.account_id} in {context.region} yet.",
            where=f"{context.name}: account_wide", fix="bring up the environment with account_wide: true first",
        )
    return at_rest.sse_aws_kms_key_id


def _deployer() -> str:
    """Name who deploys as Lake Formation does: a session by its role."""
    caller = aws.get_caller_identity().arn
    if ":assumed-role/" not in caller:
        return caller
    # The role's path is not in the session's ARN, so it is asked for.
    return aws.iam.get_session_context(arn=caller).issuer_arn
