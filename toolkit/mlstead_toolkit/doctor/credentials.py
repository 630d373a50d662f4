"""Who asks, in which account, and whether it is the one that the project means."""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import Finding, off, well

_OTHER = "take credentials of the account {wanted}: AWS_PROFILE, or aws sso login"


def signed_in(account: Account) -> Iterator[Finding]:
    """Ask STS who this is, and hold the account to what the project's files say."""
    who, here = account.caller["Arn"], account.caller["Account"]
    wanted = str(account.foundation.get("account_id") or here)
    if wanted != here:
        yield off(f"{who} is of {here}, and infra/foundation.{account.environment}.json of {wanted}",
                  _OTHER.format(wanted=wanted))
    config = account.written.get("config") or {}
    allowed = [str(each) for each in config.get("aws:allowedAccountIds") or ()]
    if allowed and here not in allowed:
        names = ", ".join(allowed)
        yield off(f"{who} is of {here}, and aws:allowedAccountIds of {account.settings_file} names {names}",
                  _OTHER.format(wanted=" or ".join(allowed)))
    yield well(f"{who}{_kind(who)}")


def _kind(who: str) -> str:
    """Say what is better not used, where it is."""
    if who.endswith(":root"):
        return ", the root user: fit for nothing but what only it may do; sign in as a role"
    if ":user/" in who:
        return ", a user with a key that does not expire; better a role (aws sso login)"
    return ""
