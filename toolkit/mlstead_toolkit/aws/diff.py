"""What would change between checked inputs and those that the state holds. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mlstead_toolkit.aws.canonical import canonical, same
from mlstead_toolkit.aws.naming import looks_automatic
from mlstead_toolkit.aws.properties import Kind, Property
from mlstead_toolkit.aws.schema import ResourceType
from mlstead_toolkit.engine.provider import ChangeKind, DiffResult
from mlstead_toolkit.engine.values import UNKNOWN, Properties, PropertyValue


@dataclass(slots=True)
class _Changes:
    kinds: dict[str, ChangeKind] = field(default_factory=dict)
    replaces: list[str] = field(default_factory=list)

    def note(self, path: str, old: PropertyValue, new: PropertyValue, replaces: bool) -> None:
        self.kinds[path] = "add" if old is None else "delete" if new is None else "update"
        if replaces:
            self.replaces.append(path)


def difference(row: ResourceType, old_inputs: Properties, old_outputs: Properties, news: Properties,
               ignore_changes: tuple[str, ...], default_tags: dict[str, str]) -> DiffResult:
    """Compare by meaning: sets in any order, documents by what they say, a default as good as leaving it out."""
    changes = _Changes()
    for line in row.properties:
        _compare(line, line.name, old_inputs.get(line.name), news.get(line.name), line.replaces, changes)
    if row.tagged:
        _compare_all_tags(old_outputs, news, default_tags, changes)
    for path in [path for path in changes.kinds if ignored(path, ignore_changes)]:
        del changes.kinds[path]
    replaces = tuple(path for path in changes.replaces if path in changes.kinds)
    return DiffResult(changes.kinds, replaces, bool(replaces) and _collides(row, old_inputs, news))


def ignored(path: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a path lies at or below one of `ignore_changes`; "[*]" stands for any element."""
    for pattern in patterns:
        plain = re.sub(r'\["([^"]+)"\]', r".\1", pattern)
        expression = re.escape(plain).replace(r"\[\*\]", r"\[\d+\]").replace(r"\*", r"[^.\[]+")
        if re.match(rf"{expression}($|[.\[])", path):
            return True
    return False


def _compare(row: Property, path: str, old: PropertyValue, new: PropertyValue, replaces: bool, out: _Changes) -> None:
    if new is None and row.computed:
        return
    if new is not UNKNOWN and same(row, old, new):
        return
    replaces = replaces or row.replaces or (row.chosen and (old is None) != (new is None))
    if row.kind is Kind.MAP and isinstance(new, dict) and isinstance(old or {}, dict):
        for key in sorted({*(old or {}), *new}):
            before, after = (old or {}).get(key), new.get(key)
            if after is UNKNOWN or before != after:
                out.note(_join(path, key), before, after, replaces)
    elif row.kind is Kind.MAP and new is None and isinstance(old, dict):
        for key in sorted(old):
            out.note(_join(path, key), old[key], None, replaces)
    elif row.kind is Kind.OBJECT and isinstance(new, dict) and isinstance(old, dict):
        for line in row.fields:
            _compare(line, f"{path}.{line.name}", old.get(line.name), new.get(line.name), replaces, out)
    elif row.kind in (Kind.LIST, Kind.SET) and isinstance(new, list) and isinstance(old, list) and row.fields:
        _compare_blocks(row, path, old, new, replaces, out)
    else:
        out.note(path, old, new, replaces)


def _compare_blocks(row: Property, path: str, old: list[PropertyValue], new: list[PropertyValue], replaces: bool,
                    out: _Changes) -> None:
    pairs = _pairs(row, old, new)
    for before, after in pairs:
        where = f"{path}[{after if after is not None else before}]"
        if before is None or after is None:
            out.note(where, None if before is None else old[before], None if after is None else new[after], replaces)
            continue
        one, other = old[before], new[after]
        if not isinstance(one, dict) or not isinstance(other, dict):
            out.note(where, one, other, replaces)
            continue
        for line in row.fields:
            _compare(line, f"{where}.{line.name}", one.get(line.name), other.get(line.name), replaces, out)


def _pairs(row: Property, old: list[PropertyValue], new: list[PropertyValue]) -> list[tuple[int | None, int | None]]:
    if row.kind is Kind.LIST:
        left, right = list(range(len(old))), list(range(len(new)))
    else:
        meanings = [canonical(row, [item]) for item in old]
        left, right = list(range(len(old))), []
        for index, item in enumerate(new):
            match = next((other for other in left if meanings[other] == canonical(row, [item])), None)
            if match is None:
                right.append(index)
            else:
                left.remove(match)
    width = max(len(left), len(right))
    padded_left: list[int | None] = [*left, *[None] * (width - len(left))]
    padded_right: list[int | None] = [*right, *[None] * (width - len(right))]
    return list(zip(padded_left, padded_right, strict=True))


def _compare_all_tags(old_outputs: Properties, news: Properties, default_tags: dict[str, str], out: _Changes) -> None:
    old, own = old_outputs.get("tagsAll"), news.get("tags") or {}
    if not isinstance(old, dict) or own is UNKNOWN:
        return
    everything = {**default_tags, **own}
    for key in sorted({*old, *everything}):
        if old.get(key) != everything.get(key) and _join("tags", key) not in out.kinds:
            out.note(_join("tagsAll", key), old.get(key), everything.get(key), False)


def _collides(row: ResourceType, old_inputs: Properties, news: Properties) -> bool:
    """Tell whether old and new would bear one name: the key is given by the inputs, and no part of it changes.

    Where AWS makes the key up, the name that the type has beside it counts, as for the real provider.
    """
    named = all(name in row.by_name for name in row.key)
    names = row.key if named else (row.name.property,) if row.name is not None else ()
    for name in names:
        line = row.by_name[name]
        old, new = old_inputs.get(name), news.get(name)
        if new is UNKNOWN or not same(line, old, new):
            return False
        rule = row.name
        if rule is not None and rule.property == name:
            return not (looks_automatic(new) or news.get(rule.prefix_property or ""))
    return bool(names)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if re.fullmatch(r"[\w:/@-]+", key) else f'{path}["{key}"]'
