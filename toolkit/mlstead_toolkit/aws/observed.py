"""The inputs that would make a resource as the cloud has it, in the program's spelling where nothing has moved."""

from __future__ import annotations

from mlstead_toolkit.aws.canonical import same
from mlstead_toolkit.aws.properties import Kind, Property
from mlstead_toolkit.engine.values import Properties, PropertyValue


def observed_inputs(rows: tuple[Property, ...], old: Properties, values: Properties, known: frozenset[str], *,
                    importing: bool) -> Properties:
    """Merge what was read into the old inputs; a property that no answer carries (`known` lacks it) stays as it was."""
    inputs: Properties = {}
    for row in rows:
        before = old.get(row.name)
        if row.name not in known:
            value = row.default if before is None and importing else before
        else:
            value = _observed(row, before, values.get(row.name), importing)
        if value is not None:
            inputs[row.name] = value
    return inputs


def _observed(row: Property, before: PropertyValue, now: PropertyValue, importing: bool) -> PropertyValue:
    if same(row, before, now):
        return before if before is not None or not importing else now
    if now is None or (before is None and row.computed and not importing):
        return None
    return now if importing else settled(row, before, now)


def settled(row: Property, before: PropertyValue, now: PropertyValue) -> PropertyValue:
    """Give a value as the cloud has it: in the old spelling where both mean the same, without what AWS added inside."""
    projected = _project(row, before, now)
    return before if same(row, before, projected) else projected


def _project(row: Property, before: PropertyValue, now: PropertyValue) -> PropertyValue:
    """Drop from what was read the values inside blocks that AWS chose and the program never gave."""
    if not row.fields:
        return now
    if isinstance(now, dict):
        return _project_block(row, before if isinstance(before, dict) else {}, now)
    if not isinstance(now, list):
        return now
    olds = list(before) if isinstance(before, list) else []
    projected = []
    for index, item in enumerate(now):
        candidates = olds if row.kind is Kind.SET else olds[index:index + 1]
        views = [_project_block(row, old, item) for old in candidates if isinstance(old, dict)]
        match = next((view for view, old in zip(views, candidates, strict=False) if same(row, [view], [old])), None)
        projected.append(match or (views[0] if views else _project_block(row, {}, item)))
    return projected


def _project_block(row: Property, before: Properties, now: Properties) -> Properties:
    kept: Properties = {}
    for line in row.fields:
        old, new = before.get(line.name), now.get(line.name)
        if new is None or (old is None and (line.computed or same(line, None, new))):
            continue
        value = _project(line, old, new)
        kept[line.name] = old if old is not None and same(line, old, value) else value
    return kept
