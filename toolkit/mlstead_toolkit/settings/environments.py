"""A stack's settings in all of its environments, side by side: what is weakened, and where production is weaker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mlstead.settings.settings import Settings
from mlstead.weakened import Weakened
from mlstead_toolkit.engine import configuration
from mlstead_toolkit.settings.fields import SettingField, setting_fields

PRODUCTION = "prod"
_ORDER = ("local", "dev", "staging", PRODUCTION)


@dataclass(frozen=True)
class WeakenedGuard:
    """A guard that an environment has switched off."""

    stack: str
    environment: str
    setting: str
    reason: str


@dataclass(frozen=True)
class WeakerProduction:
    """A setting by which production protects less than another environment."""

    stack: str
    setting: str
    production: Any
    environment: str
    value: Any
    stronger: str


@dataclass(frozen=True)
class StackSettings:
    """The settings of one stack.

    Args:
        stack: its namespace, the name in Pulumi.yaml.
        directory: where Pulumi.yaml and the environments' files are.
        environments: what each environment's file says, checked; in the order of promotion.
        foreign: what it says to others than the stack, such as aws:region, by environment.
    """

    stack: str
    directory: Path
    environments: dict[str, Settings]
    foreign: dict[str, dict[str, str]]

    @cached_property
    def fields(self) -> list[SettingField]:
        """Every setting that the stack has."""
        models = [type(settings) for settings in self.environments.values()]
        return setting_fields(models[0]) if models else []

    @property
    def missing(self) -> list[str]:
        """Name the usual environments that have no file here."""
        return [environment for environment in _ORDER if environment not in self.environments]

    def weakened(self) -> Iterator[WeakenedGuard]:
        """Find the guards that are switched off, with their reasons."""
        for field in self.fields:
            for environment, settings in self.environments.items():
                value = field.value(settings)
                if isinstance(value, Weakened):
                    yield WeakenedGuard(self.stack, environment, field.name, value.reason)

    def weaker_production(self) -> Iterator[WeakerProduction]:
        """Find where production protects less than another environment does."""
        if PRODUCTION not in self.environments:
            return
        for field in self.fields:
            production = field.value(self.environments[PRODUCTION])
            for environment, settings in self.environments.items():
                value = field.value(settings)
                if field.strength.weaker(production, value):
                    yield WeakerProduction(
                        self.stack, field.name, production, environment, value, field.strength.value)


def read_environments(directory: Path, model: type[Settings]) -> StackSettings:
    """Read and check every Pulumi.<environment>.yaml of a stack; what is sealed stays so.

    Raises:
        MlsteadError: a file cannot be read, or a setting in it is refused.
    """
    files = {file.name.split(".")[1]: file for file in directory.glob("Pulumi.*.yaml")}
    name, environments, foreign = directory.name, {}, {}
    for environment in sorted(files, key=lambda known: (_ORDER.index(known) if known in _ORDER else -1, known)):
        found = configuration.load(directory, environment, None)
        name = found.project
        environments[environment] = model.read(found.settings, name, str(files[environment]))
        foreign[environment] = {key: value for key, value in found.settings.items() if not key.startswith(f"{name}:")}
    return StackSettings(name, directory.resolve(), environments, foreign)
