"""An account as a rule meets it in an ARN or an image's name."""

from __future__ import annotations

from typing import Final

ACCOUNT: Final = r"(?:\d{12}|⟨account⟩)"
"""A pattern: the number, or the symbol that a review has in its place before anything is deployed."""
