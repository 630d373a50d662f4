"""docs/settings.md: every setting of the stacks, and every argument of the components."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import mlstead
from mlstead.settings.settings import Settings
from mlstead.settings.strength import Strength
from mlstead_toolkit.cli.settings_view import NOTHING, show
from mlstead_toolkit.pages.arguments import Argument, arguments
from mlstead_toolkit.pages.table import code, table
from mlstead_toolkit.settings.fields import SettingField, setting_fields

_HEAD = """# Settings

Written by `make docs` from the code. `mlstead settings` prints what each environment of a project and its
foundation has set, and says where prod is weaker than another environment.

## Of stacks

They stand in `Pulumi.<environment>.yaml`, below `config`, each after the stack's namespace:

```yaml
config:
  mlstead-foundation:log_retention_days: 365
  mlstead-foundation:network: {zones: 3, flow_logs: {weakened: "the reason, as a sentence"}}
```

What has a dot in its name below lies in a block, as `network.zones` does. What is not set has its default; what is
not listed here is refused. A guard is on, or off with a reason; a plain `false` is refused.

*Stronger* is the direction that protects more; prod is nowhere weaker than another environment of the same stack.
"""
_COMPONENTS = """## Of components

A stack of your own writes `mlstead.DataLake("lake", mlstead.DataLakeArgs(…))`. A guard (`Secure`) is `True`, or
`mlstead.Weakened("the reason, as a sentence")`; `mlstead preview` and `mlstead up` list every weakened one with its
reason.
"""


def page() -> str:
    """Give the page."""
    stacks = [
        _stack("Foundation: `stacks/foundation`, namespace `mlstead-foundation`", mlstead.FoundationSettings),
        _stack("Project: `infra/`, the project's name as namespace", mlstead.ProjectSettings),
        _stack("Bootstrap: `stacks/bootstrap`, namespace `mlstead-bootstrap`", mlstead.BootstrapSettings),
    ]
    return "\n".join([_HEAD, *stacks, _COMPONENTS, *_components()])


def _stack(title: str, model: type[Settings]) -> str:
    rows = map(_setting, setting_fields(model))
    head = ["setting", "type", "default", "meaning", "stronger", "weakened, it costs"]
    return f"### {title}\n\n{table(head, rows)}"


def _setting(field: SettingField) -> list[str]:
    stronger = "" if field.strength is Strength.NEUTRAL else field.strength.value
    default = show(field.default)
    shown = "required" if field.required else "not set" if default == NOTHING else code(default)
    return [code(field.name), field.type, shown, field.meaning, stronger, field.cost]


def _components() -> Iterator[str]:
    for name in mlstead.__all__:
        if f"{name}Args" in mlstead.__all__:
            purpose = (inspect.getdoc(getattr(mlstead, name)) or "").partition("\n\n")[0].replace("\n", " ")
            rows = map(_argument, arguments(getattr(mlstead, f"{name}Args")))
            head = ["argument", "type", "default", "meaning", "weakened, it costs"]
            yield f"### {name}\n\n{purpose}\n\n{table(head, rows)}"


def _argument(argument: Argument) -> list[str]:
    default = "required" if argument.default is None else code(argument.default)
    return [code(argument.name), code(argument.type), default, argument.meaning, argument.cost]
