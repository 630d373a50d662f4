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


def render(target: Path, own: Mapping[str, str], given: Mapping[str, str], *, ask: bool) -> None:
    """Render a template into the folder `target`.

    Args:
        target: a folder that is not there yet, or is empty.
        own: mlstead's own answers, and the default of project_name; `given` wins over them.
        given: the user's answers; one that the template does not ask for is refused.
        ask: ask in the terminal what was not given; otherwise the defaults hold.

    Raises:
        BadAnswer: an answer is unknown, or not one that its question takes.
        KeyboardInterrupt: the user stopped a prompt, or the rendering.
    """
    from copier import run_copy
    from copier.errors import CopierAnswersInterrupt

    refuse_unknown(given, assets_directory() / "copier.yml")
    fixed = {name: value for name, value in own.items() if name != "project_name"} | dict(given)
    with tempfile.TemporaryDirectory(prefix="mlstead-template-") as staged:
        source = Path(staged)
        _stage(fixed["template"], source)
        try:
            run_copy(
                str(source), target, data=fixed, user_defaults={"project_name": own["project_name"]}, defaults=not ask,
                quiet=True, overwrite=True, unsafe=False,
            )
        except CopierAnswersInterrupt as stopped:
            raise KeyboardInterrupt from stopped
        except ValueError as error:
            raise _bad_answer(error, {**own, **fixed}) from error
    _record_origin(target / ANSWERS_FILE, own["mlstead_version"])


def _stage(template: str, source: Path) -> None:
    """Copy what Copier reads aside: a checkout is a git repository, of which Copier would render the latest tag."""
    if not (assets_directory() / "templates" / template / "pyproject.toml.jinja").is_file():
        known = sorted(folder.name for folder in (assets_directory() / "templates").iterdir() if folder.is_dir())
        raise BadAnswer(f"There is no template {template!r}.", where=f"-d template={template}",
                        fix=f"choose one of: {', '.join(known)}")
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
    named = re.search(r"(?:question|choice for) '(\w+)'", text)
    if named is None:
        return BadAnswer(f"The answers do not fit the template: {text}")
    name = named[1]
    choices = re.search(r"is not in \[(.*)\]", text)
    reason = f"choose one of: {choices[1].replace(chr(39), '')}" if choices else text.partition(": ")[2]
    return BadAnswer(f"{answers.get(name, '')!r} is no answer to {name}.", where=f"-d {name}={answers.get(name, '')}",
                     fix=reason)
