"""What becomes of which resource, by component, with the properties that differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.rendering.blocks import (
    Block,
    Code,
    Details,
    Fence,
    Heading,
    Item,
    Items,
    Line,
    Paragraph,
    Strong,
    Table,
)
from mlstead_toolkit.review.rendering.room import Room
from mlstead_toolkit.review.rendering.words import (
    SIGNS,
    VERBS,
    class_name,
    code,
    groups,
    named,
    number,
    place,
    short_type,
)
from mlstead_toolkit.review.report import Difference, ResourceChange, Review

# A document that differs in more lines than these is folded.
OPEN_LINES = 12
# Resources with one and the same difference, from which on it is told once.
ALIKE = 4
OPERATIONS = tuple(operation.value for operation in VERBS)


def blocks(review: Review, room: Room) -> tuple[Block, ...]:
    """Count, then tell by environment and component."""
    if not any(each.changes for each in review.environments):
        return ()
    found: list[Block] = [Heading(3, ("What changes",)), *_counts(review, room)]
    grouped, rest = room.cut(list(groups(review, lambda each: each.changes)))
    for label, changes in grouped:
        title = ": ".join(filter(None, (label, number(len(changes), "resource"))))
        told = by_component(changes, room)
        if _rows(changes) > room.open_rows:
            found.append(Details((Strong(title),), told)) if room.folded else found.append(
                Paragraph((Strong(title), ": left out here")))
        else:
            found += [Paragraph((Strong(title),)), *told]
    return *found, *((Paragraph((f"and {rest} more groups of environments",)),) if rest else ())


def _counts(review: Review, room: Room) -> tuple[Block, ...]:
    """Count by environment; a sentence does where all are the same."""
    rows: dict[tuple[int, ...], list[str]] = {}
    evaluated = [each for each in review.environments if each.counts or each.unchanged]
    for each in evaluated:
        counted = dict(each.counts)
        rows.setdefault((*(counted.get(name, 0) for name in OPERATIONS), each.unchanged), []).append(each.environment)
    if len(rows) == 1:
        (counts,) = rows
        told = [f"{count} {verb}" for count, verb in zip(counts, VERBS.values(), strict=False) if count]
        everywhere = f"In {named([each.environment for each in evaluated])}: "
        return (Paragraph((f"{everywhere}{', '.join([*told, f'{counts[-1]} unchanged'])}.",)),)
    used = [index for index in range(len(OPERATIONS)) if any(counts[index] for counts in rows)] + [len(OPERATIONS)]
    names = (*VERBS.values(), "unchanged")
    shown, _ = room.cut(list(rows.items()))
    return (Table(("environment", *(names[index] for index in used)),
                  tuple(((named(environments),), *((str(counts[index]),) for index in used))
                        for counts, environments in shown), numbers=tuple(range(1, len(used) + 1))),)


def by_component(changes: Sequence[ResourceChange], room: Room) -> tuple[Block, ...]:
    """List resources below the names of their components; those of none come first, after what many share."""
    several, single = _alike(changes)
    shown, rest = room.cut(sorted(single, key=lambda change: change.component))  # stable: order within is kept
    shared, left_out = room.cut(several)
    found: list[Block] = [Items(tuple(_shared(each, room) for each in shared))] if shared else []
    rest += sum(map(len, several[len(several) - left_out:]))
    for component, resources in groupby(shown, key=lambda change: change.component):
        if component:
            found.append(Paragraph(_path(component, room)))
        found.append(Items(tuple(Item(_line(change, room), _below(change, room)) for change in resources)))
    return *found, *((Paragraph((f"and {number(rest, 'resource')} more",)),) if rest else ())


def _alike(changes: Sequence[ResourceChange]) -> tuple[list[list[ResourceChange]], list[ResourceChange]]:
    """Part what many resources share from what is told of each by itself."""
    same: dict[tuple[object, ...], list[ResourceChange]] = {}
    for change in changes:
        if change.differences and not change.old_name:
            key = (change.operation, change.delete_before_replace, change.differences)
            same.setdefault(key, []).append(change)
    several = [found for found in same.values() if len(found) >= ALIKE]
    told = {change for found in several for change in found}
    return several, [change for change in changes if change not in told]


def _shared(changes: Sequence[ResourceChange], room: Room) -> Item:
    """Tell what many resources share, their names folded below the outermost components."""
    first = changes[0]
    line: Line = (Code(_sign(first)), " ", Strong(number(len(changes), "resource")), *_how(first), ", each:")
    return Item(line, (*_below(first, room), *_names(changes, room)))


def _names(changes: Sequence[ResourceChange], room: Room) -> tuple[Block, ...]:
    if not room.folded:
        return ()
    by_outermost: dict[tuple[str, ...], list[ResourceChange]] = {}
    for change in sorted(changes, key=lambda change: change.component):
        by_outermost.setdefault(change.component[:1], []).append(change)
    shown, rest = room.cut(list(by_outermost.items()))
    items = [Item(_members(component, members, room)) for component, members in shown]
    more = [Item((f"and {number(rest, 'component')} more",))] if rest else []
    return (Details(("Which they are",), (Items((*items, *more)),)),)


def _members(component: tuple[str, ...], changes: Sequence[ResourceChange], room: Room) -> Line:
    shown, rest = room.cut(changes)
    names = [part for change in shown for part in (", ", code(change.name, room), f" {class_name(change.type)}")][1:]
    places = {change.place for change in changes}
    lead: Line = (code(component[0], room), ": ") if component else ()
    return (*lead, *names, f" and {rest} more" if rest else "", *place(places.pop() if len(places) == 1 else "", room))


def _path(component: tuple[str, ...], room: Room) -> Line:
    parts = [part for name in component for part in (" › ", code(name, room))]  # noqa: RUF001 - as paths are written
    return "in ", *parts[1:]


def _line(change: ResourceChange, room: Room) -> Line:
    renamed: Line = (", before ", code(change.old_name, room)) if change.old_name else ()
    return (Code(_sign(change)), " ", code(change.name, room), f" {short_type(change.type)}", *renamed, *_how(change),
            *place(change.place, room))


def _sign(change: ResourceChange) -> str:
    return "-+" if change.operation is Operation.REPLACE and change.delete_before_replace else SIGNS[change.operation]


def _how(change: ResourceChange) -> Line:
    how = {Operation.REPLACE: "replaced, the old one goes first" if change.delete_before_replace else "replaced",
           Operation.DELETE: "deleted", Operation.IMPORT: "imported"}.get(change.operation, "")
    return (" ", Strong(how)) if how else ()


def _below(change: ResourceChange, room: Room) -> tuple[Block, ...]:
    shown, rest = room.cut(change.differences)
    items = [Item(_difference(each, room), _document(each, room)) for each in shown]
    if rest:
        items.append(Item((f"and {rest} more",)))
    return (Items(tuple(items)),) if items else ()


def _difference(difference: Difference, room: Room) -> Line:
    forced: Line = (" ", Strong("forces the replacement")) if difference.replaces else ()
    path = code(difference.path, room)
    if difference.lines:
        return path, *forced
    if not difference.before:
        return path, ": ", code(difference.after, room), " (new)", *forced
    if not difference.after:
        return path, ": ", code(difference.before, room), " (gone)", *forced
    return path, ": ", code(difference.before, room), " → ", code(difference.after, room), *forced


def _document(difference: Difference, room: Room) -> tuple[Block, ...]:
    if not difference.lines or not room.lines:
        return ()
    shown = list(difference.lines[: room.lines])
    if rest := len(difference.lines) - len(shown):
        shown.append(f"  … and {number(rest, 'line')} more")
    fence = Fence("diff", tuple(line if len(line) <= 2 * room.value else f"{line[: 2 * room.value - 1]}…"
                                for line in shown))
    return (fence,) if len(shown) <= OPEN_LINES else (Details((number(len(shown), "line"),), (fence,)),)


def _rows(changes: Sequence[ResourceChange]) -> int:
    several, single = _alike(changes)
    told = [*(found[0] for found in several), *single]
    return sum(1 + len(change.differences) + sum(len(each.lines) for each in change.differences) for change in told)
