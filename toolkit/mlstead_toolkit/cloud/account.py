"""The one account that a local cloud has."""

from __future__ import annotations

ACCOUNT_ID = "123456789012"
PARTITION = "aws"
