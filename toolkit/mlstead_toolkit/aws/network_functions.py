"""Functions of pulumi-aws about networks: the zones of a region, and the addresses of AWS's own services."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.engine.provider import ProviderError
from mlstead_toolkit.engine.values import Properties

_OF_ZONES: Final = {"opt-in-status": "OptInStatus", "region-name": "RegionName", "state": "State", "zone-id": "ZoneId",
                    "zone-name": "ZoneName", "zone-type": "ZoneType"}


def availability_zones(target: Target, region: str, arguments: Properties) -> Properties:
    """Answer getAvailabilityZones; the emulator has no zones that an account must opt in to."""
    answer = target.call("ec2", "DescribeAvailabilityZones", {}, region=region, where="getAvailabilityZones")
    excluded = {*(arguments.get("excludeNames") or []), *(arguments.get("excludeZoneIds") or [])}
    zones = [zone for zone in answer["AvailabilityZones"] if _passes(zone, arguments)
             and not {zone["ZoneName"], zone["ZoneId"]} & excluded]
    names = [zone["ZoneName"] for zone in zones]
    return {**arguments, "id": region, "region": region, "names": names, "zoneIds": [zone["ZoneId"] for zone in zones],
            "groupNames": sorted({name[:-1] for name in names})}


def prefix_list(target: Target, region: str, arguments: Properties) -> Properties:
    """Answer getPrefixList: the networks of an AWS service, by its name or its id."""
    asked = [{"Name": name, "Values": [arguments[key]]} for name, key in (
        ("prefix-list-name", "name"), ("prefix-list-id", "prefixListId")) if arguments.get(key)]
    asked += [{"Name": one["name"], "Values": one["values"]} for one in arguments.get("filters") or []]
    answer = target.call("ec2", "DescribePrefixLists", {"Filters": asked}, region=region, where="getPrefixList")
    found = answer.get("PrefixLists", [])
    if len(found) != 1:
        raise ProviderError(f"{len(found)} prefix lists are as asked.", where="getPrefixList",
                            fix="name one, such as com.amazonaws.eu-west-1.s3")
    return {**arguments, "id": found[0]["PrefixListId"], "prefixListId": found[0]["PrefixListId"], "region": region,
            "name": found[0]["PrefixListName"], "cidrBlocks": found[0].get("Cidrs", [])}


def _passes(zone: dict[str, Any], arguments: Properties) -> bool:
    wanted = {one["name"]: one["values"] for one in arguments.get("filters") or []}
    if arguments.get("state"):
        wanted["state"] = [arguments["state"]]
    for name, values in wanted.items():
        if name not in _OF_ZONES:
            raise ProviderError(f"Zones are not listed by {name!r} here.", where="getAvailabilityZones",
                                fix=f"filter by {', '.join(_OF_ZONES)}")
        if zone.get(_OF_ZONES[name], "opt-in-not-required" if name == "opt-in-status" else None) not in values:
            return False
    return True
