"""Message authentication codes of KMS: moto makes them with keys that are disabled, and names the key by its id alone.

https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
Contract: tests/unit/cloud/test_message_code.py.
"""

from __future__ import annotations

import functools
from typing import Any

from moto.core.exceptions import JsonRESTError

OPERATIONS = frozenset({"GenerateMac", "VerifyMac"})


def install() -> None:
    """Put it around moto's KMS."""
    from moto.kms.models import KmsBackend

    make = KmsBackend.generate_mac

    @functools.wraps(make)
    def generate_mac(backend: Any, message: bytes, key_id: str, *args: Any, **more: Any) -> tuple[str, str, str]:
        key = backend.describe_key(key_id)
        if not key.enabled:
            if key.key_state == "PendingDeletion":
                raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
            raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
        mac, algorithm, _ = make(backend, message, key_id, *args, **more)
        return mac, algorithm, key.arn

    KmsBackend.generate_mac = generate_mac  # type: ignore[method-assign, assignment]
