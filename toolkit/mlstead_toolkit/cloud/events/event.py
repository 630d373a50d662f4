"""An event as targets get it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]
MEMBERS = ("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
_PATH = re.compile(rf"\$(?:{_STEP.pattern})*")


def new_event(source: str, detail_type: str, region: str, account: str, resources: list[str], detail: Event,
              when: float) -> Event:
    """Make an event that an AWS service sends."""
    return {
        "version": "0", "id": str(uuid.uuid4()), "detail-type": detail_type, "source": source, "account": account,
        "time": _stamp(when), "region": region, "resources": resources, "detail": detail,
    }


def plain(event: Event) -> Event:
    """Give an event of moto's as AWS writes it: its members alone, in order, the time as text."""
    given = {name: event[name] for name in MEMBERS if name in event}
    if isinstance(given.get("time"), int | float):
        given["time"] = _stamp(given["time"])
    return given


def as_moto_has_it(event: Event) -> Event:
    """Give an event for moto's own targets: with times as numbers."""
    when = event["time"]
    number = datetime.fromisoformat(when).timestamp() if isinstance(when, str) else when
    return {**event, "time": number, "ingestion-time": event.get("ingestion-time", number)}


def payload(target: dict[str, Any], event: Event) -> str:
    """Give what a target is sent: its fixed input, a part of the event, what its template makes of it, or all of it."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(at_path(target["InputPath"], event))
    if "InputTransformer" in target:
        return _filled(target["InputTransformer"], event)
    return json.dumps(event)


def is_path(text: str) -> bool:
    """Tell whether a text is a JSON path as EventBridge takes it: the whole of it, dots and indexes alone."""
    return bool(_PATH.fullmatch(text))


def at_path(path: str, event: Event) -> Any:
    """Give what stands at a JSON path; None where nothing does."""
    found: Any = event
    for name, index in _STEP.findall(path):
        if name:
            found = found.get(name) if isinstance(found, dict) else None
        else:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else None
    return found


def _filled(transformer: dict[str, Any], event: Event) -> str:
    """Fill a template: a text goes in bare where the template has it in quotes or is no JSON; all else as JSON."""
    template = str(transformer["InputTemplate"])
    paths = transformer.get("InputPathsMap", {})
    values = {name: at_path(path, event) for name, path in paths.items()} | {"aws.events.event.json": event}
    as_json = template.lstrip().startswith(("{", "[", '"'))

    def filled(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        told, before = json.dumps(values[match[1]]), template[: match.start()].replace('\\"', "")
        bare = isinstance(values[match[1]], str) and (not as_json or before.count('"') % 2 == 1)
        return told[1:-1] if bare else told

    return re.sub(r"<([\w.-]+)>", filled, template)


def _stamp(when: float) -> str:
    return f"{datetime.fromtimestamp(when, UTC):%Y-%m-%dT%H:%M:%SZ}"
