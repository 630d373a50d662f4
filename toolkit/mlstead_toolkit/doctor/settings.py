"""What the project's own files say of an environment, and that they can be read: the only check without an account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlstead.errors import MlsteadError
from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.project import Project


class SettingsRefused(MlsteadError):
    """A file of the project says what cannot be."""


def account_of(project: Project, environment: str) -> Account:
    """Read the project's files of an environment.

    Raises:
        MlsteadError: a file cannot be read, or a setting in it is refused.
    """
    import yaml

    from mlstead import ProjectSettings
    from mlstead_toolkit.aws.regions import unknown_region
    from mlstead_toolkit.engine import configuration

    file = project.settings_file(environment)
    found = configuration.load(project.infra, environment, None)
    settings = ProjectSettings.read(found.settings, found.project, str(file))
    region = found.settings.get("aws:region", "")
    fault = unknown_region(region) if region else "the region is not set"
    if fault:
        raise SettingsRefused(f"{fault[0].upper()}{fault[1:]}.", where=str(file),
                              fix="write below config: aws:region: eu-west-1, or the foundation's")
    return Account(project, environment, settings, region, yaml.safe_load(file.read_text(encoding="utf-8")) or {},
                   foundation_of(project.infra / f"foundation.{environment}.json"))


def foundation_of(file: Path) -> dict[str, Any]:
    """Read what a foundation told when its file was written; empty where there is no file.

    Raises:
        SettingsRefused: it is no such file.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SettingsRefused(f"The file is no JSON: {error}.", where=str(file),
                              fix=f"mlstead outputs {file.name.split('.')[1]} --foundation writes it") from error
    return found if isinstance(found, dict) else {}
