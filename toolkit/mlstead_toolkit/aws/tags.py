"""Tags: the program's own over the provider's defaults, in the form that each service wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlstead_toolkit.aws.schema import Tagging
from mlstead_toolkit.engine.values import UNKNOWN, Properties, PropertyValue

if TYPE_CHECKING:
    from mlstead_toolkit.aws.work import Work


def all_tags(inputs: Properties, default_tags: dict[str, str]) -> PropertyValue:
    """Give `tagsAll`: the default tags, overridden by the resource's own; UNKNOWN where those are."""
    own = inputs.get("tags")
    return UNKNOWN if own is UNKNOWN else {**default_tags, **(own or {})}


def own_tags(every: dict[str, str], old_inputs: Properties, default_tags: dict[str, str]) -> dict[str, str]:
    """Give `tags` as the cloud has them: everything but the default tags that the program does not repeat."""
    old = old_inputs.get("tags")
    repeated = old if isinstance(old, dict) else {}
    return {key: value for key, value in every.items() if key in repeated or default_tags.get(key) != value}


def in_request(style: Tagging, tags: dict[str, str]) -> Any:
    """Write tags as the service wants them."""
    return dict(tags) if style.as_map else [{style.key: key, style.value: value} for key, value in tags.items()]


def at_creation(style: Tagging, tags: dict[str, str]) -> Any:
    """Write tags as the call that creates wants them."""
    plain = in_request(style, tags)
    return [{"ResourceType": style.specification, "Tags": plain}] if style.specification else plain


def read_tags(work: Work) -> dict[str, str]:
    """Ask the service for the tags of a resource; those that AWS itself sets are left out."""
    style = _style(work)
    named = _handle(work, style)
    if style.specification:
        named = {"Filters": [{"Name": "resource-id", "Values": named[style.handle[0]]}]}
    listed = work.call(style.listing, **named).get(style.listed) or []
    pairs = listed.items() if isinstance(listed, dict) else ((tag[style.key], tag[style.value]) for tag in listed)
    return {key: value for key, value in pairs if not key.startswith("aws:")}


def write_tags(work: Work, old: dict[str, str]) -> None:
    """Bring the tags of a resource from `old` to what its inputs and the defaults say."""
    style, new = _style(work), all_tags(work.inputs, work.default_tags)
    if style.whole is not None:
        if new:
            work.call(style.add, **_handle(work, style), **{style.whole: {style.tags: in_request(style, new)}})
        elif old:
            work.call(style.remove, **_handle(work, style))
        return
    dropped = sorted(set(old) - set(new))
    added = {key: value for key, value in new.items() if old.get(key) != value}
    if dropped:
        keys = [{style.key: key} for key in dropped] if style.specification else dropped
        work.call(style.remove, **_handle(work, style), **{style.keys: keys})
    if added:
        work.call(style.add, **_handle(work, style), **{style.tags: in_request(style, added)})


def _style(work: Work) -> Tagging:
    style = work.row.tagging
    if style is None:
        raise AssertionError(f"{work.row.token} carries no tags")
    return style


def _handle(work: Work, style: Tagging) -> dict[str, Any]:
    state = work.state()
    if style.specification:
        return {style.handle[0]: [state[style.handle[1]]]}
    return {**{member: state[name] for member, name in (style.handle, *style.more)}, **dict(style.extra)}
