"""Which kind of zone an address is of."""

from __future__ import annotations

from pathlib import Path

from mlstead_jobs.zone import Zone, ZoneFailure


def zone_of(uri: str) -> Zone:
    """Give the zone at s3://bucket/prefix, or in a folder.

    Raises:
        ZoneFailure: the address is neither.
    """
    if uri.startswith("s3://"):
        from mlstead_jobs.bucket_zone import BucketZone

        return BucketZone(uri)
    if "://" in uri or not uri:
        raise ZoneFailure(f"{uri!r} is no zone.", fix="give s3://bucket/prefix, or a folder")
    from mlstead_jobs.folder_zone import FolderZone

    return FolderZone(Path(uri))
