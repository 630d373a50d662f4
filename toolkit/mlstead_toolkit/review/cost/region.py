"""The region that a resource is in, as far as its inputs, its provider or its ARN tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import reveal

_ARN = re.compile(r"arn:[\w-]+:[\w-]*:([a-z]{2}(?:-[a-z]+)+-\d):")


def regions(resources: Iterable[ResourceState]) -> Mapping[str, str]:
    """Give the region of each resource, by URN; "" where nothing tells it."""
    resources = list(resources)
    of_providers = {one.urn: str(reveal(one.inputs).get("region") or "") for one in resources
                    if urns.is_provider(one.type)}
    found = {one.urn: _told(one) or of_providers.get(urns.split_reference(one.provider)[0], "") for one in resources}
    elsewhere = {region for region in found.values() if region}
    only = next(iter(elsewhere)) if len(elsewhere) == 1 else ""
    return {urn: region or only for urn, region in found.items()}


def _told(state: ResourceState) -> str:
    for values in (state.inputs, state.outputs):
        region = reveal(values.get("region"))
        if isinstance(region, str) and region and "⟨" not in region:
            return region
    arn = reveal(state.outputs.get("arn"))
    match = _ARN.match(arn) if isinstance(arn, str) else None
    return match[1] if match else ""
