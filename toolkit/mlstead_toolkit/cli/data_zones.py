"""The three zones that a project's data goes through, as one environment has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlstead_jobs.zone import Zone

if TYPE_CHECKING:
    from mlstead_toolkit.cli.aws_access import Deployment


@dataclass(frozen=True)
class DataZones:
    """The project's own part of raw, quarantine and curated."""

    raw: Zone
    quarantine: Zone
    curated: Zone


def data_zones(deployed: Deployment) -> DataZones:
    """Give the zones that the project's stack exports."""
    from mlstead_jobs.bucket_zone import BucketZone

    client = deployed.client("s3")
    raw, quarantine, curated = (BucketZone(deployed.output(f"{zone}_uri"), client)
                                for zone in ("raw", "quarantine", "curated"))
    return DataZones(raw, quarantine, curated)
