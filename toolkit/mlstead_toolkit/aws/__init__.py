"""The local AWS provider: what a pulumi-aws resource becomes in AWS API calls, one file a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlstead_toolkit.aws.provider import AwsProvider, provider_factory
    from mlstead_toolkit.aws.target import Target

__all__ = ["AwsProvider", "Target", "provider_factory"]


def __getattr__(name: str) -> object:
    """Load on first use: `mlstead --help` needs none of it."""
    if name == "Target":
        from mlstead_toolkit.aws.target import Target

        return Target
    if name in ("AwsProvider", "provider_factory"):
        from mlstead_toolkit.aws import provider

        return getattr(provider, name)
    raise AttributeError(name)
