"""The key of the stack's secrets: that the settings name one, and that it opens for whoever asks."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import PLATFORM, Finding, Unseen, off, well

_SCHEME = "awskms://"
_DRY_RUN, _OF_ANOTHER = "DryRunOperation", ("IncorrectKey", "InvalidCiphertext")
_NOT_ENABLED = ("Disabled", "KMSInvalidState", "KeyUnavailable")


@dataclass(frozen=True)
class SecretsKey:
    """A key as an address of Pulumi's names it.

    Args:
        key: its id, alias or ARN.
        region: where it is; empty: the stack's.
    """

    key: str
    region: str

    @classmethod
    def read(cls, address: str) -> SecretsKey:
        """Read awskms://alias/name?region=eu-west-1, awskms://<id>, awskms:///arn:aws:kms:….

        https://www.pulumi.com/docs/iac/concepts/secrets/#aws-key-management-service-kms
        """
        parts = urlsplit(address)
        return cls(f"{parts.netloc}{parts.path}".lstrip("/"), parse_qs(parts.query).get("region", [""])[0])


def enabled(account: Account) -> Iterator[Finding]:
    """Look the key up."""
    key = _key(account)
    if key is None:
        yield _none(account, str(account.written.get("secretsprovider") or ""))
        return
    described = account.ask("kms", "DescribeKey", region=key.region, KeyId=key.key)
    if described is None:
        yield off(f"there is no key {key.key} in {key.region or account.region}",
                  f"{PLATFORM} for the bootstrap's output secrets_provider, then, in infra/: pulumi stack "
                  f"change-secrets-provider --stack {account.environment} '<secrets_provider>'")
        return
    state, arn = described["KeyMetadata"]["KeyState"], described["KeyMetadata"]["Arn"]
    if state != "Enabled":
        back = f"aws kms cancel-key-deletion --key-id {arn} && " if state == "PendingDeletion" else ""
        yield off(f"the key {key.key} is {state}: no secret opens",
                  f"{PLATFORM} to type: {back}aws kms enable-key --key-id {arn}")


def opens(account: Account) -> Iterator[Finding]:
    """Ask it to open the stack's own data key, or where there is none yet to seal something, without doing it.

    https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html
    """
    key, sealed = _key(account), str(account.written.get("encryptedkey") or "")
    if key is None:
        return
    try:
        if sealed:
            done = account.ask("kms", "Decrypt", region=key.region, KeyId=key.key, DryRun=True,
                               CiphertextBlob=base64.b64decode(sealed))
        else:
            done = account.ask("kms", "Encrypt", region=key.region, KeyId=key.key, DryRun=True,
                               Plaintext=b"mlstead doctor")
    except Unseen as why:
        yield from _refused(account, key, why)
        return
    if done is not None:
        yield well(f"{key.key} opens")


def _refused(account: Account, key: SecretsKey, why: Unseen) -> Iterator[Finding]:
    if why.code.startswith(_DRY_RUN):
        yield well(f"{key.key} opens")
    elif why.code.startswith(_OF_ANOTHER):
        yield off(f"encryptedkey of {account.settings_file} is of another key than {key.key}",
                  f"bring back the committed one: git restore {account.settings_file}")
    elif not why.code.startswith(_NOT_ENABLED):
        yield off(f"{account.caller['Arn']} may not use {key.key} ({why})",
                  f"{PLATFORM} to name its role under mlstead-bootstrap:deployers, or take credentials that are there")


def _key(account: Account) -> SecretsKey | None:
    address = str(account.written.get("secretsprovider") or "")
    return SecretsKey.read(address) if address.startswith(_SCHEME) else None


def _none(account: Account, address: str) -> Finding:
    wanted = f"{_SCHEME}alias/mlstead-bootstrap-{account.environment}/secrets?region={account.region}"
    environment = account.environment
    if address or account.written.get("encryptionsalt"):
        return off(f"{account.settings_file} seals with {address or 'a passphrase'}, which CI does not have",
                   f"in infra/: pulumi stack change-secrets-provider --stack {environment} '{wanted}' "
                   "(the bootstrap's output secrets_provider)")
    return off(f"{account.settings_file} names no key for secrets: the stack was never made, or it is not committed",
               f"in infra/: pulumi stack init {environment} --secrets-provider '{wanted}' "
               f"(the bootstrap's output secrets_provider), and commit Pulumi.{environment}.yaml")
