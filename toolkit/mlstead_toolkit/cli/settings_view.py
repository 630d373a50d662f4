"""Settings on a terminal: a row each, a column for each environment, and below it what a reviewer should see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from mlstead.settings.settings import Block
from mlstead.weakened import Weakened
from mlstead_toolkit.cli.console import UNBROKEN, out
from mlstead_toolkit.settings.environments import PRODUCTION, StackSettings
from mlstead_toolkit.settings.fields import SettingField

NOTHING = "-"
_NARROW = 100  # columns, below which a table of four environments breaks names and values


def print_settings(stacks: Sequence[StackSettings], *, differing: bool) -> None:
    """Print each stack's settings and where they stand, then what is weakened, and where production is weaker."""
    console = out(UNBROKEN)
    for stack in stacks:
        console.print(Text.assemble((stack.stack, "bold"), f"  {stack.directory}/Pulumi.<environment>.yaml"))
        if console.width < _NARROW:
            for block in _blocks(stack, differing=differing):
                console.print(block, soft_wrap=False)
        else:
            console.print(_table(stack, differing=differing), soft_wrap=False)
        if stack.missing:
            files = ", ".join(f"Pulumi.{environment}.yaml" for environment in stack.missing)
            console.print(Text.assemble(("! ", "bold red"), f"{stack.stack} has no {files}"))
    for stack in stacks:
        for guard in stack.weakened():
            console.print(Text.assemble(("weakened: ", "bold yellow"), f"{guard.stack}:{guard.setting} in "
                                        f"{guard.environment}: {guard.reason}"))
        for found in stack.weaker_production():
            console.print(Text.assemble(
                ("! ", "bold red"), f"{found.stack}:{found.setting} is {show(found.production)} in {PRODUCTION} and "
                f"{show(found.value)} in {found.environment}: {found.stronger} is stronger"))


def as_data(stacks: Sequence[StackSettings], *, differing: bool) -> dict[str, Any]:
    """Give it all as plain data, for a script."""
    return {
        "stacks": [{
            "stack": stack.stack, "directory": str(stack.directory), "environments": list(stack.environments),
            "missing": stack.missing, "foreign": stack.foreign,
            "settings": [{
                "name": field.name, "type": field.type, "default": plain(field.default), "required": field.required,
                "stronger": field.strength.value, "meaning": field.meaning,
                "values": {name: plain(field.value(settings)) for name, settings in stack.environments.items()},
            } for field in _rows(stack, differing=differing)],
        } for stack in stacks],
        "weakened": [vars(guard) for stack in stacks for guard in stack.weakened()],
        "weaker_in_production": [vars(found) | {"production": plain(found.production), "value": plain(found.value)}
                                 for stack in stacks for found in stack.weaker_production()],
    }


def plain(value: Any) -> Any:
    """Give a setting as it is written in YAML."""
    if isinstance(value, Weakened):
        return {"weakened": value.reason}
    if isinstance(value, Block):
        return value.model_dump()
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return value


def show(value: Any) -> str:
    """Give a setting as text."""
    if isinstance(value, Weakened):
        return "weakened"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Block):
        return f"{{{', '.join(f'{name}: {show(part)}' for name, part in value)}}}"
    if isinstance(value, list):
        return ", ".join(value) or NOTHING
    if isinstance(value, dict):
        return ", ".join(f"{name}: {show(part)}" for name, part in value.items()) or NOTHING
    return NOTHING if value in (None, "") else str(value)


def _rows(stack: StackSettings, *, differing: bool) -> list[SettingField]:
    return [field for field in stack.fields
            if not differing or _differ([field.value(settings) for settings in stack.environments.values()])]


def _differ(values: Sequence[Any]) -> bool:
    return any(value != values[0] for value in values)


def _table(stack: StackSettings, *, differing: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("setting", no_wrap=True)
    table.add_column("default", style="dim", overflow="fold")
    for environment in stack.environments:
        table.add_column(environment, overflow="fold")
    for row in _shown(stack, differing=differing):
        table.add_row(*row)
    return table


def _blocks(stack: StackSettings, *, differing: bool) -> Iterator[Text]:
    """Give a setting to a block: its name and default, and a line for each environment that says something else."""
    for name, default, *values in _shown(stack, differing=differing):
        yield Text.assemble((name.plain, "bold"), "  ", (default.plain, "dim"))
        for environment, value in zip(stack.environments, values, strict=True):
            if value.plain:
                yield Text.assemble(f"  {environment}: ", value)


def _shown(stack: StackSettings, *, differing: bool) -> Iterator[list[Text]]:
    """Give a setting to a row: its name, its default, and what each environment says."""
    weaker = {found.setting for found in stack.weaker_production()}
    for key in sorted({key for settings in stack.foreign.values() for key in settings}):
        values = [settings.get(key, NOTHING) for settings in stack.foreign.values()]
        if not differing or _differ(values):
            yield [Text(key), Text(), *map(Text, values)]
    for field in _rows(stack, differing=differing):
        default = "required" if field.required else show(field.default)
        yield [Text(field.name), Text(default), *[
            _cell(field, field.value(settings), weak=environment == PRODUCTION and field.name in weaker)
            for environment, settings in stack.environments.items()]]


def _cell(field: SettingField, value: Any, *, weak: bool) -> Text:
    text = "" if value == field.default and not field.required else show(value)
    if weak:
        return Text(f"{text or show(value)} !", style="bold red")
    return Text(text, style="yellow" if isinstance(value, Weakened) else "")
