"""Roles that services make for themselves, of those that the project's types need."""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import PLATFORM, Finding, off, well

# https://docs.aws.amazon.com/sagemaker/latest/dg/using-service-linked-roles.html
_STUDIO = "AWSServiceRoleForAmazonSageMakerNotebooks"


def studio(account: Account) -> Iterator[Finding]:
    """Ask for the one that Studio's profiles have their network by."""
    if account.ask("iam", "GetRole", RoleName=_STUDIO):
        yield well(_STUDIO)
    else:
        yield well(f"{_STUDIO} is not there yet: SageMaker makes it where whoever deploys a Studio domain may "
                   "iam:CreateServiceLinkedRole for sagemaker.amazonaws.com, as the foundation's deploy role may")


def macie(account: Account) -> Iterator[Finding]:
    """Ask whether Macie is enabled, which makes its role, where the settings have it look through raw."""
    if not account.settings.gates.macie:
        return
    session = account.ask("macie2", "GetMacieSession")
    if session is None or session.get("status") != "ENABLED":
        yield off("gates.macie is set, and Macie is not enabled in the account",
                  f"{PLATFORM} to type: aws macie2 enable-macie --region {account.region}, and to set "
                  f"mlstead-foundation:macie: true; or write gates: {{macie: false}} in {account.settings_file}")
    else:
        yield well("Macie is enabled")
