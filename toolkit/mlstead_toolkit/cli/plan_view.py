"""The plan as Pulumi shows it: a tree by component, a sign for each change, what changed below it, the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from mlstead_toolkit.cli import weakening_view
from mlstead_toolkit.cli.console import out
from mlstead_toolkit.cli.property_view import Line, describe
from mlstead_toolkit.engine.plan import Operation, StackPlan, Step
from mlstead_toolkit.review.changes.consequences import lost_with
from mlstead_toolkit.review.changes.values import plain, show

SIGNS = {Operation.SAME: " ", Operation.CREATE: "+", Operation.UPDATE: "~", Operation.REPLACE: "+-",
         Operation.DELETE: "-", Operation.READ: ">", Operation.IMPORT: "=", Operation.REFRESH: "~"}
STYLES = {"+": "green", "~": "yellow", "+-": "magenta", "-+": "magenta", "-": "red", ">": "cyan", "=": "cyan",
          " ": "dim"}
# Columns that sign, gaps and the longest usual label take; and the tree's least, below which it says nothing.
REST, NARROWEST_TREE = 14, 32


@dataclass(frozen=True)
class Row:
    """One line of the tree."""

    step: Step
    branch: str


def print_plans(plans: Sequence[StackPlan], *, everything: bool = False) -> None:
    """Print each stack's tree, the counts and what is weakened; `everything` shows the inputs of what is new too."""
    for plan in plans:
        if plan.changes:
            _print_tree(plan, everything=everything)
    _print_counts(plans)
    for warning in warnings(plans):
        out().print(Text.assemble(("warning: ", "bold yellow"), warning))
    weakening_view.show(weakening_view.planned(plans))


def warnings(plans: Sequence[StackPlan]) -> list[str]:
    """Give a sentence for each change that loses something for good."""
    found = []
    for plan in plans:
        for step in plan.changes:
            lost = f": {what} would be lost" if (what := lost_with(step.type)) else ""
            if step.operation in (Operation.REPLACE, Operation.DELETE) and (step.protect or lost):
                verb = "replaced" if step.operation is Operation.REPLACE else "deleted"
                kept = "; it is protected, so nothing will be done" if step.protect else ""
                found.append(f"{step.name} ({step.type}) would be {verb}{lost}{kept}.")
    return found


def counts(plans: Sequence[StackPlan]) -> dict[str, int]:
    """Count the steps by what happens to them."""
    counted = Counter(step.operation.value for plan in plans for step in plan.steps)
    return {operation.value: counted[operation.value] for operation in Operation if counted[operation.value]}


def as_data(plans: Sequence[StackPlan]) -> dict[str, Any]:
    """Give the plans as plain data, for a script."""
    return {"changed": any(plan.changes for plan in plans), "summary": counts(plans), "warnings": warnings(plans),
            "weakenings": weakening_view.as_data(weakening_view.planned(plans)),
            "stacks": [_stack_data(plan) for plan in plans]}


def _stack_data(plan: StackPlan) -> dict[str, Any]:
    return {
        "project": plan.project, "stack": plan.stack, "outputs": plain(plan.outputs),
        "steps": [{
            "operation": step.operation.value, "type": step.type, "name": step.name, "urn": step.urn,
            "id": step.resource_id, "parent": step.parent, "protect": step.protect, "declaredOnly": step.declared_only,
            "changes": [{"path": change.path, "kind": change.kind, "before": plain(change.before),
                         "after": plain(change.after), "replaces": change.replaces} for change in step.changes],
        } for step in plan.changes],
    }


def _print_tree(plan: StackPlan, *, everything: bool) -> None:
    rows, console = list(_rows(plan)), out()
    types, names = _widths(rows, console.width if console.is_terminal else None)
    console.print(Text(f"{plan.project} ({plan.stack})", style="bold"))
    for row in rows:
        step = row.step
        sign = _sign(step)
        style = STYLES[sign]
        label = "" if step.operation is Operation.SAME else step.operation.value
        info = " [declared only: nothing here emulates it]" if step.declared_only and label else ""
        shown = Text.assemble(
            (f" {sign:<3}", style), (row.branch, "dim"), (_cell(_short(step.type), types - len(row.branch)), style),
            f"  {step.name:<{names}}  ", (f"{label}{info}", style))
        shown.rstrip()
        console.print(shown)
        for line in _below(step, everything=everything):
            reason = " [forces the replacement]" if line.replaces else ""
            console.print(Text.assemble(" " * (6 + len(row.branch)), (f"{line.sign} ", STYLES[line.sign]),
                                        line.text, (reason, "magenta")))
    console.print()


def _widths(rows: Sequence[Row], room: int | None) -> tuple[int, int]:
    """Give the widths of tree and names; where the terminal has less room, what is longest gives way."""
    types = max(len(row.branch) + len(_short(row.step.type)) for row in rows)
    names = max(len(row.step.name) for row in rows)
    if room is None:
        return types, names
    types = max(min(types, room - REST - names), min(types, NARROWEST_TREE))
    return types, max(min(names, room - REST - types), 0)


def _cell(text: str, width: int) -> str:
    return f"{text:<{width}}" if len(text) <= width else f"{text[: max(width - 1, 1)]}…"


def _short(type_: str) -> str:
    """Shorten a type as Pulumi does where it shows one: aws:s3/bucket:Bucket is aws:s3:Bucket."""
    package, _, rest = type_.partition(":")
    module, _, name = rest.rpartition(":")
    return f"{package}:{module.partition('/')[0]}:{name}" if module else type_


def _sign(step: Step) -> str:
    return "-+" if step.operation is Operation.REPLACE and step.delete_before_replace else SIGNS[step.operation]


def _below(step: Step, *, everything: bool) -> list[Line]:
    if step.operation is Operation.CREATE:
        return [Line("add", f"{key}: {show(value)}") for key, value in step.inputs.items()] if everything else []
    return [line for change in step.changes for line in describe(change)]


def _rows(plan: StackPlan) -> Iterator[Row]:
    """Walk the changed resources and the components above them, parents first."""
    by_urn = {step.urn: step for step in plan.steps}
    wanted: dict[str, Step] = {}
    for step in plan.changes:
        current: Step | None = step
        while current is not None and current.urn not in wanted:
            wanted[current.urn] = current
            current = by_urn.get(current.parent or "")
    children: dict[str, list[Step]] = {}
    # Resources register as their inputs become known, each time in another order: by name a plan looks the same again.
    for step in sorted(plan.steps, key=lambda step: (step.custom, step.type if step.custom else "", step.name)):
        if step.urn in wanted and (step.operation is not Operation.SAME or wanted[step.urn] is step):
            children.setdefault(step.parent if step.parent in wanted else "", []).append(step)

    def walk(urn: str, lead: str) -> Iterator[Row]:
        below = children.get(urn, [])
        for index, step in enumerate(below):
            last = index == len(below) - 1
            branch = "" if not urn else lead + ("└─ " if last else "├─ ")
            yield Row(step, branch)
            yield from walk(step.urn, "" if not urn else lead + ("   " if last else "│  "))

    yield from walk("", "")


def _print_counts(plans: Sequence[StackPlan]) -> None:
    counted = counts(plans)
    words = {"create": "to create", "update": "to update", "replace": "to replace", "delete": "to delete",
             "import": "to import", "refresh": "changed outside"}
    console = out()
    shown = [(operation, words[operation], number) for operation, number in counted.items() if operation in words]
    if not shown:
        console.print(Text(f"Nothing changed: {counted.get('same', 0)} resources are as they should be."))
        return
    console.print(Text("Resources:", style="bold"))
    for operation, verb, number in shown:
        sign = SIGNS[Operation(operation)]
        console.print(Text.assemble(f"    {sign:<2} ", (f"{number} {verb}", STYLES[sign])))
    if same := counted.get("same"):
        console.print(Text(f"       {same} unchanged"))
