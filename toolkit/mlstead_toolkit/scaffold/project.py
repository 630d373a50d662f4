"""`mlstead new`: a project's folder appears whole, with its first commit, or not at all."""

from __future__ import annotations

import secrets
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from mlstead.errors import MlsteadError
from mlstead_toolkit.home import home_directory
from mlstead_toolkit.scaffold.render import PUBLIC_ADDRESS, render
from mlstead_toolkit.scaffold.repository import commit_everything, require_git
from mlstead_toolkit.scaffold.source import default_source, mlstead_version
from mlstead_toolkit.scaffold.wheel import file_digest, mlstead_wheel

FIRST_COMMIT = "Start from mlstead's template"


class DestinationTaken(MlsteadError):
    """Where the project should go there is something already."""


def new_project(destination: Path, answers: Mapping[str, str], *, ask: bool = False,
                on_progress: Callable[[str], None] = lambda _: None) -> Path:
    """Make a project: render the template, put mlstead's wheel in if it keeps one, and commit everything.

    Args:
        destination: the folder to make; missing parents are made too. Its name is the default of project_name.
        answers: question → answer, given beforehand.
        ask: ask in the terminal what `answers` lacks; otherwise the defaults hold.
        on_progress: is told, in a few words, what goes on.

    Returns:
        The made folder, absolute.

    Raises:
        DestinationTaken: `destination` is a file, or a folder with something in it.
        BadAnswer: an answer is unknown, or not one that its question takes.
        GitFailed: git is missing, or refused.
    """
    destination = destination.expanduser().absolute()
    _refuse_taken(destination)
    require_git()
    version = mlstead_version()
    own = {"template": "project", "project_name": destination.name,
           "mlstead_source": default_source(), "mlstead_version": version}
    wheel = None
    source = answers.get("mlstead_source", own["mlstead_source"])
    if source == "git":
        own["mlstead_repository"] = PUBLIC_ADDRESS
    if source == "wheel":
        wheel = mlstead_wheel(home_directory(), on_progress)
        own |= {"mlstead_wheel": wheel.name, "mlstead_wheel_digest": file_digest(wheel)}
    try:
        with _aside(destination) as rendered:
            on_progress("rendering the template")
            render(rendered, own, answers, ask=ask)
            if wheel is not None:
                (rendered / "vendor").mkdir()
                shutil.copyfile(wheel, rendered / "vendor" / wheel.name)
            on_progress("committing")
            commit_everything(rendered, FIRST_COMMIT)
    except OSError as error:
        raise MlsteadError(f"The project could not be written: {error.strerror or error}.",
                           where=str(error.filename or destination),
                           fix="see to it that the folder above exists, is yours to write and has room, or choose "
                               "another") from error
    return destination


def _refuse_taken(destination: Path) -> None:
    if destination.is_dir() and any(destination.iterdir()):
        raise DestinationTaken("The folder is not empty, and a new project overwrites nothing.", where=str(destination),
                               fix="choose another folder, or move what is in this one away")
    if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
        raise DestinationTaken("There is a file of that name, or a link.", where=str(destination),
                               fix="choose another name")


@contextmanager
def _aside(destination: Path) -> Iterator[Path]:
    """Give a folder beside `destination` that becomes it at the end, and that no failure leaves behind."""
    made_parents = [parent for parent in destination.parents if not parent.exists()]
    # Named before anything is made, so that there is no moment in which an interruption would leave it behind.
    aside = destination.parent / f".{destination.name}-{secrets.token_hex(4)}"
    done = False
    try:
        with _terminated_as_interrupted():
            destination.parent.mkdir(parents=True, exist_ok=True)
            aside.mkdir(mode=0o700)
            yield aside
            aside.chmod(0o755)
            _move(aside, destination)
            done = True
    finally:
        if not done:
            shutil.rmtree(aside, ignore_errors=True)
            for parent in made_parents:
                with suppress(OSError):  # somebody else uses it by now
                    parent.rmdir()


def _move(aside: Path, destination: Path) -> None:
    if not destination.exists():
        aside.rename(destination)
        return
    # An empty folder that is there already, such as the one that the user stands in, is kept and filled.
    _refuse_taken(destination)
    for item in aside.iterdir():
        item.rename(destination / item.name)
    aside.rmdir()


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM unwind as Ctrl-C does, so that it leaves nothing behind either."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread, where signals cannot be set
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
