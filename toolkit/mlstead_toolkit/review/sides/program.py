"""The Pulumi program that is reviewed: a project's infra/, or a stack by itself such as stacks/foundation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mlstead_toolkit.project import ProjectError, find_project, pulumi_name
from mlstead_toolkit.review.sides.repository import Repository

FILE, ANSWERS = "Pulumi.yaml", ".copier-answers.yml"
EVERYTHING = "."


@dataclass(frozen=True)
class ReviewedProgram:
    """Where a program is, on one side; paths are relative to the repository's root.

    Args:
        name: Pulumi's name of the project.
        infra: the folder of Pulumi.yaml.
        project: the folder of the scaffolded project; None for a stack by itself.
    """

    name: str
    infra: str
    project: str | None

    @property
    def needed(self) -> str:
        """The folder that has all that the program reads: a stack by itself may read what lies beside it."""
        return EVERYTHING if self.project is None else self.project


def program_here(folder: Path, root: Path) -> ReviewedProgram:
    """Find the program that is meant in a folder: the stack that it is, or the project that it is in.

    Raises:
        ProjectError: it is neither.
    """
    folder = folder.resolve()
    of_project = folder.name == "infra" and (folder.parent / ANSWERS).is_file()
    if (folder / FILE).is_file() and not of_project:
        return ReviewedProgram(pulumi_name(folder / FILE), _relative(folder, root), None)
    project = find_project(folder)
    if not project.root.is_relative_to(root):
        raise ProjectError("The project is not in the git repository that this folder is in.", where=str(project.root),
                           fix="cd into the project's own folder")
    return ReviewedProgram(project.name, _relative(project.infra, root), _relative(project.root, root))


def program_at(repository: Repository, commit: str, here: ReviewedProgram) -> tuple[ReviewedProgram | None, str]:
    """Find the same program in a commit, wherever it was: the program, and a note where something is off.

    Raises:
        ProjectError: it was there more than once.
    """
    if named := _name(repository, commit, f"{_folder(here.infra)}{FILE}"):
        if named == here.name:
            return here, ""
        return None, (f"The base calls this project {named}, so Pulumi takes it for another: everything is new, and "
                      f"the stacks of {named} stay until they are destroyed.")
    files = [file for file in repository.files(commit) if PurePosixPath(file).name == FILE]
    found = [file for file in files if _name(repository, commit, file) == here.name]
    if not found:
        return None, "The base has no such program: everything is new."
    if len(found) > 1:
        raise ProjectError(f"The base has {here.name} in several places, and none where it is now.",
                           where=", ".join(found), fix="give each Pulumi.yaml a name of its own")
    infra = PurePosixPath(found[0]).parent
    answers = repository.text(commit, f"{_folder(str(infra.parent))}{ANSWERS}")
    project = None if answers is None else str(infra.parent)
    return ReviewedProgram(here.name, str(infra), project), f"It was moved: on the base it is in {infra}."


def _name(repository: Repository, commit: str, file: str) -> str:
    import yaml

    text = repository.text(commit, file)
    try:
        document = yaml.safe_load(text) if text is not None else None
    except yaml.YAMLError:
        return ""
    return str(document.get("name") or "") if isinstance(document, dict) else ""


def _relative(folder: Path, root: Path) -> str:
    return folder.relative_to(root).as_posix()


def _folder(path: str) -> str:
    return "" if path == EVERYTHING else f"{path}/"
