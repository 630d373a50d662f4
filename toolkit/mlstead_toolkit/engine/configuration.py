"""What a program is told: Pulumi.yaml and Pulumi.<stack>.yaml, with secure values opened and defaults filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.secrets import Crypter

SEALED = "[secret]"
_NOTHING: Mapping[str, str] = {}
_DECLARATION = {"default", "value", "type", "description", "secret", "items"}


class ConfigurationError(EngineError):
    """Pulumi.yaml or Pulumi.<stack>.yaml is missing, malformed, or says something that cannot be."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A project's name, where its program is, and the settings of one stack (namespace:key, JSON where structured)."""

    project: str
    main: Path
    settings: dict[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()
    salt: str = ""  # "" where it seals nothing: another person's pulumi may have written it, with their passphrase
    secret_texts: tuple[str, ...] = ()  # every secret value in clear, for taking it out of messages

    def of_package(self, package: str) -> dict[str, str]:
        """Give the settings of one namespace without it: what a default provider is configured with."""
        prefix = package + ":"
        return {key.removeprefix(prefix): value for key, value in self.settings.items() if key.startswith(prefix)}


def load(directory: Path, stack: str, home: Path | None, instead: Mapping[str, str] = _NOTHING) -> Configuration:
    """Read the settings of a stack.

    Args:
        directory: the folder of Pulumi.yaml.
        stack: the stack's short name; a stack without a file of its own has the project's defaults alone.
        home: where the passphrase may be kept; None: secure values stay sealed, and read SEALED.
        instead: settings that stand in place of the file's, by namespace:key.

    Raises:
        ConfigurationError: a file is missing or malformed; it names the file and the key.
    """
    project_file = _project_file(directory)
    project = _read(project_file)
    name = project.get("name")
    if not isinstance(name, str) or not name:
        raise ConfigurationError("The project has no name.", where=str(project_file),
                                 fix="add a line: name: my-project")
    runtime = project.get("runtime")
    runtime = runtime.get("name") if isinstance(runtime, dict) else runtime
    if runtime != "python":
        raise ConfigurationError(f"The embedded engine runs Python programs; this project's runtime is {runtime!r}.",
                                 where=str(project_file), fix="write runtime: python, or use `pulumi` itself")
    stack_file = directory / str(project.get("stackConfigDir") or ".") / f"Pulumi.{stack}.yaml"
    document = _read(stack_file) if stack_file.exists() else {}
    salt = str(document.get("encryptionsalt") or "")
    reader = _Reader(Crypter(home, salt, where=str(stack_file)) if home else None, stack_file)
    given = document.get("config") or {}
    if not isinstance(given, dict):
        raise ConfigurationError("`config` is no mapping.", where=str(stack_file),
                                 fix="write lines of namespace:key: value")
    for key, value in given.items():
        reader.take(_full_key(str(key), None, stack_file), value)
    defaults = project.get("config")
    if isinstance(defaults, dict):
        for key, declared in defaults.items():
            full = _full_key(str(key), name, project_file)
            if full not in reader.settings:
                reader.take_default(full, declared, project_file)
    reader.settings.update(instead)
    return Configuration(name, _main(directory, project.get("main"), project_file), reader.settings,
                         tuple(reader.secret_keys), salt if reader.secret_keys else "", tuple(reader.secret_texts))


def _project_file(directory: Path) -> Path:
    for name in ("Pulumi.yaml", "Pulumi.yml"):
        if (directory / name).is_file():
            return directory / name
    raise ConfigurationError("There is no Pulumi project here.", where=str(directory),
                             fix="name the folder that holds Pulumi.yaml")


def _main(directory: Path, main: object, project_file: Path) -> Path:
    path = directory / str(main or ".")
    if path.is_dir():
        path = path / "__main__.py"
    if not path.is_file():
        raise ConfigurationError("The program is missing.", where=str(path),
                                 fix=f"write it there, or correct `main` in {project_file.name}")
    return path.resolve()


def _read(file: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both loaders are the safe ones
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = f"{file}:{place.line + 1}" if place is not None else str(file)
        raise ConfigurationError(f"The file is no valid YAML: {getattr(error, 'problem', None) or error}.", where=where,
                                 fix="correct the line") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"The file cannot be read: {error}.", where=str(file), fix="mend its permissions "
                                 "or its encoding (UTF-8)") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ConfigurationError("The file is no mapping of names to values.", where=str(file), fix="write name: value")
    return document


def _full_key(key: str, project: str | None, file: Path) -> str:
    parts = key.split(":")
    if len(parts) == 3 and parts[1] == "config":
        parts = [parts[0], parts[2]]
    if len(parts) == 1 and project is not None:
        parts = [project, parts[0]]
    if len(parts) != 2 or not all(parts):
        raise ConfigurationError(f"{key!r} is no setting's name.", where=str(file),
                                 fix="write it as namespace:name, for example aws:region")
    return ":".join(parts)


class _Reader:
    """Collects settings as the strings that Pulumi hands to programs."""

    def __init__(self, crypter: Crypter | None, file: Path) -> None:
        self._crypter, self._file = crypter, file
        self.settings: dict[str, str] = {}
        self.secret_keys: list[str] = []
        self.secret_texts: list[str] = []

    def take(self, key: str, value: object) -> None:
        opened, secret = self._open(value, key)
        self.settings[key] = _text(opened)
        if secret:
            self.secret_keys.append(key)

    def take_default(self, key: str, declared: object, file: Path) -> None:
        if isinstance(declared, dict) and declared.keys() & _DECLARATION:
            value = declared.get("value", declared.get("default"))
            if value is None:
                if "type" in declared and "default" not in declared and "value" not in declared:
                    raise ConfigurationError(
                        f"The setting {key} is required and missing.", where=str(self._file),
                        fix=f"add it under config: ({file.name} declares it as {declared['type']})")
                return
            self.take(key, value)
            if declared.get("secret") and key not in self.secret_keys:
                self.secret_keys.append(key)
                self.secret_texts.append(self.settings[key])
        elif declared is not None:
            self.take(key, declared)

    def _open(self, value: object, key: str) -> tuple[object, bool]:
        if isinstance(value, dict):
            if set(value) == {"secure"}:
                if self._crypter is None:
                    return SEALED, True
                if not self._crypter.salt:
                    raise ConfigurationError(f"{key} is encrypted, and the file has no encryptionsalt.",
                                             where=str(self._file), fix="set it again: pulumi config set --secret")
                self.secret_texts.append(text := self._crypter.decrypt(str(value["secure"])))
                return text, True
            pairs = {name: self._open(item, key) for name, item in value.items()}
            return {name: item for name, (item, _) in pairs.items()}, any(secret for _, secret in pairs.values())
        if isinstance(value, list):
            items = [self._open(item, key) for item in value]
            return [item for item, _ in items], any(secret for _, secret in items)
        return value, False


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps(value, default=str, separators=(",", ":"), ensure_ascii=False)
