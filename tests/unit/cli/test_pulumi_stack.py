"""What the commands for real accounts read from a project's settings."""

from pathlib import Path

import pytest

from mlstead_toolkit.cli.pulumi_stack import foundation_name
from mlstead_toolkit.project import Project, ProjectError


def project_with(folder: Path, settings: str) -> Project:
    (folder / "infra").mkdir()
    (folder / "infra" / "Pulumi.dev.yaml").write_text(settings)
    return Project(folder, "flight-delays")


def test_the_foundation_is_the_one_that_the_settings_name(tmp_path: Path) -> None:
    project = project_with(tmp_path, "config:\n  flight-delays:foundation: acme/ml-foundation/dev\n")
    assert foundation_name(project, "dev") == "acme/ml-foundation/dev"


@pytest.mark.parametrize("settings", ["", "config: {}", "config: [", "config:\n  other:foundation: a/b/c\n"])
def test_settings_without_a_foundation_are_named_with_the_line_to_write(tmp_path: Path, settings: str) -> None:
    with pytest.raises(ProjectError, match="flight-delays:foundation") as raised:
        foundation_name(project_with(tmp_path, settings), "dev")
    assert "Pulumi.dev.yaml" in str(raised.value)
