"""Tokens that stand for personal data: the same value gives the same token, and no token gives its value back."""

from __future__ import annotations

import base64
import hmac
from typing import Any

from mlstead.errors import MlsteadError

# 10 bytes are 16 letters of base32. Odds that two of n values share a token are about n² / 2^81: 4e-13 for a million.
_BYTES = 10
_REMEMBERED, _SHORT = 100_000, 100


class TokenFailure(MlsteadError):
    """The key that tokens are made under cannot be had."""


class Tokens:
    """Makes tokens under one secret key: HMAC-SHA256, cut to 80 bits, in small letters of base32.

    Whoever has the key and a list of guesses can tell which token is whose, so it lives only as long as a run.

    Args:
        key: the secret, 32 bytes; `derived` gives a project's.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise TokenFailure(f"A key of {len(key)} bytes is too short.", where="tokens", fix="give at least 32 bytes")
        self._key = key
        self._given: dict[tuple[str, str], str] = {}

    def __repr__(self) -> str:
        return "Tokens(…)"

    def __reduce__(self) -> str:
        raise TypeError("a key is not written anywhere")

    def token(self, kind: str, value: str) -> str:
        """Give the token of a value, behind its kind: email:2fnq4zr7kxw3m5ta."""
        token = self._given.get((kind, value))
        if token is None:
            digest = hmac.digest(self._key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), "sha256")
            token = f"{kind}:{base64.b32encode(digest[:_BYTES]).decode().lower()}"
            if len(self._given) >= _REMEMBERED:
                self._given.clear()
            if len(value) <= _SHORT:
                self._given[kind, value] = token
        return token


def derived(key_arn: str, project: str, client: Any = None) -> Tokens:
    """Derive a project's tokens from an HMAC key that never leaves KMS; the same in each run, another in each project.

    Args:
        key_arn: of a KMS key of type HMAC_256.
        project: the project's name, which the derivation is over.
        client: a KMS client; None: one for the key's region.

    Raises:
        TokenFailure: KMS does not answer, or refuses.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        if client is None:
            import boto3

            client = boto3.client("kms", region_name=_region(key_arn))
        answer = client.generate_mac(
            KeyId=key_arn, MacAlgorithm="HMAC_SHA_256", Message=f"mlstead tokens of {project}".encode()
        )
    except (BotoCoreError, ClientError) as error:
        raise TokenFailure(
            f"KMS gives no key to make tokens under: {error}", where=key_arn,
            fix="the gate's role needs kms:GenerateMac on this key, which must be of type HMAC_256 and enabled",
        ) from error
    return Tokens(answer["Mac"])


def _region(key_arn: str) -> str:
    parts = key_arn.split(":")
    if len(parts) != 6 or parts[2] != "kms":
        raise TokenFailure(f"{key_arn!r} is no key's ARN.", where="--token-key",
                           fix="give arn:aws:kms:<region>:<account>:key/<id>")
    return parts[3]
