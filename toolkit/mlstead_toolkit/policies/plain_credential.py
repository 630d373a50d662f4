"""Settings that look as if they held a password, a token or a key in clear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mlstead_toolkit.policies.block import Block

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ALONE: Final = frozenset({"password", "passwd", "secret", "token", "apikey", "credential", "credentials"})
_PAIRS: Final = frozenset({("api", "key"), ("access", "key"), ("private", "key"), ("account", "key")})
# Who says where the secret is has not told it; and a tokenizer's <pad>, </s> or [MASK] is no secret.
_REFERENCE: Final = re.compile(r"arn:|s3://|https?://|/[\w/-]+$|\{\{resolve:|\$\{|<[^<>]*>$|\[[A-Z]+\]$")
# Forms that are nothing else: AWS, GitHub, GitLab, Hugging Face, Slack, a private key in PEM.
_FORM: Final = re.compile(
    r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}|\bglpat-[\w-]{20}|\bhf_[A-Za-z]{30}|\bxox[abp]-\d|"
    r"-----BEGIN [A-Z ]*PRIVATE KEY"
)
_IN_ADDRESS: Final = re.compile(r"\w+://[^/@\s]+:[^/@\s]+@")


def is_called_a_credential(name: str) -> bool:
    """Tell whether a setting's name ends as those of credentials do: DB_PASSWORD, hfToken; not SECRET_ARN."""
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and (words[-1] in _ALONE or tuple(words[-2:]) in _PAIRS)


def is_in_clear(value: str) -> bool:
    """Tell whether a text is, or has in it, a credential of a known form."""
    return bool(_FORM.search(value) or _IN_ADDRESS.search(value))


def credentials(block: Block, path: str) -> Iterator[str]:
    """Give the names of the settings in a map that hold a credential in clear.

    Raises:
        NotDecided: a value whose name or place makes it doubtful is not known.
    """
    if not block.has(path):
        return
    settings: Mapping[str, Any] = block.value(path)
    for name, value in settings.items():
        if isinstance(value, str) and value and (
                is_in_clear(value) or (is_called_a_credential(name) and not _REFERENCE.match(value))):
            yield name
