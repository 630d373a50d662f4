"""Every rule of every theme."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from typing import Final

from mlstead_toolkit.policies import rules
from mlstead_toolkit.policies.rule import Rule


@dataclass(frozen=True)
class Theme:
    """The rules of one file.

    Args:
        name: the file's.
        about: what they are about, one sentence.
        rules: the rules.
    """

    name: str
    about: str
    rules: tuple[Rule, ...]


def _collected() -> tuple[Theme, ...]:
    found = []
    for name in sorted(module.name for module in pkgutil.iter_modules(rules.__path__)):
        theme = importlib.import_module(f"{rules.__name__}.{name}")
        about = (inspect.getdoc(theme) or "").partition("\n\n")[0].replace("\n", " ")
        found.append(Theme(name, about, theme.RULES))
    return tuple(found)


THEMES: Final = _collected()
RULES: Final = tuple(rule for theme in THEMES for rule in theme.rules)
