"""The stacks whose settings concern the folder that a command is typed in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.project import FOUNDATION, find_project, pulumi_name
from mlstead_toolkit.settings.environments import StackSettings, read_environments

if TYPE_CHECKING:
    from mlstead.settings.settings import Settings

BOOTSTRAP = "mlstead-bootstrap"


def stacks_here(folder: Path | None = None) -> list[StackSettings]:
    """Read one of mlstead's own stacks where the folder is one; otherwise the foundation and the project.

    Raises:
        MlsteadError: there is no project here, or a settings file is refused.
    """
    from mlstead import BootstrapSettings, FoundationSettings, ProjectSettings

    folder = folder or Path.cwd()
    file = folder / "Pulumi.yaml"
    ours: dict[str, type[Settings]] = {FOUNDATION: FoundationSettings, BOOTSTRAP: BootstrapSettings}
    if file.is_file() and (model := ours.get(pulumi_name(file))):
        return [read_environments(folder, model)]
    project = find_project(folder)
    return [read_environments(stack_directory("foundation"), FoundationSettings),
            read_environments(project.infra, ProjectSettings)]
