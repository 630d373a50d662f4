"""Puts our parts into moto's EC2."""

from __future__ import annotations

from mlstead_toolkit.cloud.ec2 import dependency, endpoint, flow_log, security_rule


def install() -> None:
    """Extend moto's EC2."""
    for part in (dependency, endpoint, flow_log, security_rule):
        part.install()
