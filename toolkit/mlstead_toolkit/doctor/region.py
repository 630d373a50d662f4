"""Whether the region is open to the account, and the foundation's."""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import Finding, off, well


def same(account: Account) -> Iterator[Finding]:
    """Hold the region to the foundation's: keys, subnets and events of another are out of reach."""
    there = account.foundation.get("region")
    if there and there != account.region:
        yield off(f"aws:region is {account.region}, and the foundation is in {there}",
                  f"write aws:region: {there} in {account.settings_file}, or name another `foundation` there")


def opted_in(account: Account) -> Iterator[Finding]:
    """Ask whether the account has the region: those since 2019 are closed until somebody opens them."""
    answer = account.ask_anywhere("ec2", "DescribeRegions", RegionNames=[account.region], AllRegions=True)
    status = ((answer or {}).get("Regions") or [{}])[0].get("OptInStatus", "opt-in-not-required")
    if status == "not-opted-in":
        yield off(f"{account.region} is not enabled in {account.caller['Account']}",
                  f"ask whoever administers the account: aws account enable-region --region-name {account.region}")
    else:
        yield well(account.region)
