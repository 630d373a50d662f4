"""Rendering a template with Copier, its failures told as ours."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlstead_toolkit.assets import assets_directory
from mlstead_toolkit.scaffold.answers import BadAnswer, refuse_unknown

ANSWERS_FILE = ".copier-answers.yml"
PUBLIC_ADDRESS = "https://github.com/mlstead/mlstead"
"""Where Copier finds the templates of every version; what is rendered from is a folder of this machine."""

LEFTOVERS = shutil.ignore_patterns("__pycache__", "*.pyc", ".venv*", ".*_cache", ".DS_Store")


def render(template: str, target: Path, answers: Mapping[str, str], given: Mapping[str, str], version: str, *,
           ask: bool) -> None:
    """Render a template into the folder `target`.

    Args:
        template: its folder in templates/.
        target: a folder that is not there yet, or is empty.
        answers: mlstead's own answers and defaults; `given` wins over them, and the user is asked about the rest.
        given: the user's answers; one that the template does not ask for is refused.
        version: mlstead's, recorded so that a later version can update the project.
        ask: ask in the terminal what was not given; otherwise the defaults hold.

    Raises:
        BadAnswer: an answer is unknown, or not one that its question takes.
        KeyboardInterrupt: the user stopped a prompt, or the rendering.
    """
    from copier import run_copy
    from copier.errors import CopierAnswersInterrupt

    refuse_unknown(given, assets_directory() / "copier.yml")
    with tempfile.TemporaryDirectory(prefix="mlstead-template-") as staged:
        source = Path(staged)
        _stage(template, source)
        fixed = {"template": template} | {name: value for name, value in answers.items() if name != "project_name"}
        try:
            run_copy(
                str(source), target, data=fixed | dict(given), user_defaults={"project_name": answers["project_name"]},
                defaults=not ask, quiet=True, overwrite=True, unsafe=False,
            )
        except CopierAnswersInterrupt as stopped:
            raise KeyboardInterrupt from stopped
        except ValueError as error:
            raise _bad_answer(error, dict(answers) | dict(given)) from error
    _record_origin(target / ANSWERS_FILE, version)


def _stage(template: str, source: Path) -> None:
    """Copy what Copier reads aside: a checkout is a git repository, of which Copier would render the latest tag."""
    shutil.copy(assets_directory() / "copier.yml", source / "copier.yml")
    shutil.copytree(assets_directory() / "templates" / template, source / "templates" / template, ignore=LEFTOVERS)


def _record_origin(answers_file: Path, version: str) -> None:
    """Record where a colleague's `update` finds the template: no folder of this machine."""
    kept = [line for line in answers_file.read_text(encoding="utf-8").splitlines(keepends=True)
            if not line.startswith(("_src_path:", "_commit:"))]
    position = next((index for index, line in enumerate(kept) if not line.startswith("#")), len(kept))
    kept[position:position] = [f"_commit: v{version}\n", f"_src_path: {PUBLIC_ADDRESS}\n"]
    answers_file.write_text("".join(kept), encoding="utf-8")


def _bad_answer(error: ValueError, answers: Mapping[str, Any]) -> BadAnswer:
    text = " ".join(str(error).split())
    named = re.search(r"question '(\w+)'", text)
    if named is None:
        return BadAnswer(f"The answers do not fit the template: {text}")
    name = named[1]
    reason = text.partition(": ")[2].partition("'.")[0] or text
    return BadAnswer(f"{answers.get(name, '')!r} is no answer to {name}.", where=f"-d {name}={answers.get(name, '')}",
                     fix=reason)
