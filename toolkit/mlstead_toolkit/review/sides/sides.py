"""Both sides of a change on disk: the working tree, and the commit that it has left the base at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.project import did_you_mean
from mlstead_toolkit.review.comparison import BASE, HEAD, Problem
from mlstead_toolkit.review.sides.foundations import environments_of, foundations_of, in_order
from mlstead_toolkit.review.sides.interpreters import (
    base_interpreter,
    differing_requirements,
    project_interpreter,
    stack_interpreter,
)
from mlstead_toolkit.review.sides.kept import KeptFolders
from mlstead_toolkit.review.sides.program import ANSWERS, ReviewedProgram, program_at, program_here
from mlstead_toolkit.review.sides.repository import Base, Repository
from mlstead_toolkit.review.sides.side import Side

EXPORTS_KEPT = 8

Progress = Callable[[str], None]


class UnknownEnvironment(MlsteadError):
    """Neither side has an environment of that name."""


@dataclass(frozen=True)
class Sides:
    """What is compared.

    Args:
        project: Pulumi's name of the project.
        base: the side before; None where there was none, or it cannot be made (see problems).
        head: the side after; None where it cannot be made.
        base_words: how a reader knows the base: `main (1a2b3c4)`.
        head_words: likewise the head: `this change`.
        environments: those of either side, in the order of promotion.
        settings: the folder whose pyproject.toml says how to review, in the working tree.
        base_settings: the same folder on the base; None where there is none.
        problems: what is wrong with either side, by environment; "" where all are concerned.
        notes: what a reader should know of how they were found.
    """

    project: str
    base: Side | None
    head: Side | None
    base_words: str
    head_words: str
    environments: tuple[str, ...]
    settings: Path
    base_settings: Path | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    def choose(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """Give the environments that are asked for; all, where none is.

        Raises:
            UnknownEnvironment: there is none of that name on either side.
        """
        for name in wanted:
            if name not in self.environments:
                known = ", ".join(self.environments) or "none"
                raise UnknownEnvironment(
                    f"There is no environment {name!r}{did_you_mean(name, self.environments)}, here or on the base.",
                    where="infra/", fix=f"one of {known}; a new one is a file Pulumi.{name}.yaml")
        return in_order(wanted) if wanted else self.environments


@contextmanager
def open_sides(folder: Path, reference: str | None, home: Path, on_progress: Progress = lambda _: None
               ) -> Iterator[Sides]:
    """Make both sides ready to be evaluated; the base's files are kept from being deleted until the end.

    Args:
        folder: where the command is typed: in a project, or in a stack by itself.
        reference: what to compare with; None: main, or the default branch of origin.
        home: MLSTEAD_HOME.
        on_progress: is told, in a few words, what goes on.

    Raises:
        MlsteadError: there is no program here, no git repository, or no such base.
    """
    repository = Repository.around(folder)
    program = program_here(folder, repository.root)
    base = repository.base(reference)
    notes, problems = [base.note], list[Problem]()
    making = _Making(repository, base, home / "review", on_progress)
    with ExitStack() as stack:
        head_side = making.tried(HEAD, problems, lambda: making.head(program, problems))
        base_side = None
        if head_side is not None:
            python = head_side.python
            base_side = making.tried(BASE, problems, lambda: making.base(program, python, problems, notes, stack))
        environments = environments_of(repository.root / program.infra)
        if base_side is not None:
            environments |= environments_of(base_side.infra)
        changed = repository.changed(program.needed)
        yield Sides(program.name, base_side, head_side, base.words,
                    "this change (with uncommitted changes)" if changed else "this change", in_order(environments),
                    repository.root / program.needed, _folder_of(base_side), tuple(problems),
                    tuple(line for line in notes if line))


def _folder_of(side: Side | None) -> Path | None:
    """Give the folder of a side's project, or its whole repository for a stack by itself."""
    if side is None:
        return None
    return side.infra.parent if (side.infra.parent / ANSWERS).is_file() else side.root


@dataclass(frozen=True)
class _Making:
    repository: Repository
    of: Base
    home: Path
    on_progress: Progress

    def tried(self, label: str, problems: list[Problem], make: Callable[[], Side | None]) -> Side | None:
        """Give a side; where it cannot be made, that is a problem, told without a path of this machine."""
        try:
            return make()
        except MlsteadError as error:
            told = (text.replace(f"{self.repository.root}/", "") for text in (
                error.what, error.where or "", error.fix or ""))
            problems.append(Problem("", label, *told))
            return None

    def head(self, program: ReviewedProgram, problems: list[Problem]) -> Side:
        root = self.repository.root
        infra = root / program.infra
        if program.project is None:
            python = stack_interpreter(root, infra, self.home / "overlays")
        else:
            python = project_interpreter(root / program.project, self.on_progress)
        return self._side(HEAD, root, infra, python, problems)

    def base(self, head: ReviewedProgram, python: Path, problems: list[Problem], notes: list[str], stack: ExitStack
             ) -> Side | None:
        program, note = program_at(self.repository, self.of.commit, head)
        notes.append(note)
        if program is None:
            return None

        def export(folder: Path) -> None:
            self.on_progress(f"reading {self.of.words} out of git")
            self.repository.export(self.of.commit, program.needed, folder / "tree")

        key = f"{self.of.commit[:16]}-{hashlib.sha256(program.needed.encode()).hexdigest()[:8]}"
        kept = stack.enter_context(KeptFolders(self.home / "exports", EXPORTS_KEPT).entry(key, export))
        root, overlay, here = kept / "tree", kept / "overlays", self.repository.root
        infra = root / program.infra
        if program.project is None:
            python = stack_interpreter(root, here / head.infra, overlay)
            if differing := differing_requirements(infra, here / head.infra):
                notes.append(f"{', '.join(differing)} differs, and the base was evaluated with the head's packages.")
        else:
            python = stack.enter_context(base_interpreter(
                root / program.project, here / (head.project or "."), python, self.home, overlay, self.on_progress))
        return self._side(BASE, root, infra, python, problems)

    @staticmethod
    def _side(label: str, root: Path, infra: Path, python: Path, problems: list[Problem]) -> Side:
        foundations, broken = foundations_of(infra, root, label)
        problems += broken
        return Side(label, root, infra, python, foundations)
