"""What is written for readers is what there is."""

import html
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path

import pytest

import mlstead
from mlstead_toolkit.pages.__main__ import PAGES as WRITTEN
from mlstead_toolkit.pages.arguments import arguments

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_page_of_commands_is_what_the_commands_say(tmp_path: Path) -> None:
    page = tmp_path / "commands.md"
    command = [sys.executable, "-m", "typer", "mlstead_toolkit.cli.main", "utils", "docs", "--name", "mlstead",
               "--title", "Commands", "--output", str(page)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert html.unescape(page.read_text()) == (ROOT / "docs" / "commands.md").read_text(), "run: make docs"


@pytest.mark.parametrize("name", WRITTEN)
def test_a_page_that_the_code_writes_is_what_the_code_says(name: str) -> None:
    assert WRITTEN[name]() == (ROOT / "docs" / name).read_text(), "run: make docs"


def test_every_guard_of_a_component_says_what_weakening_it_costs() -> None:
    guards = [(args.__name__, argument) for args in _argument_classes() for argument in arguments(args)
              if argument.guards]
    assert len(guards) > 10
    assert [(owner, guard.name) for owner, guard in guards if not guard.cost.endswith(".")] == []


def test_every_argument_of_a_component_says_what_it_is_for() -> None:
    silent = [(args.__name__, argument.name) for args in _argument_classes() for argument in arguments(args)
              if not argument.meaning]
    assert silent == []


def _argument_classes() -> Iterator[type]:
    for found in pkgutil.walk_packages(mlstead.__path__, "mlstead."):
        module = importlib.import_module(found.name)
        for name, member in vars(module).items():
            if name.endswith("Args") and is_dataclass(member) and member.__module__ == module.__name__:
                yield member


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_every_command_that_a_page_names_exists() -> None:
    from typer.main import get_command

    from mlstead_toolkit.cli.main import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    named = {word for page in PAGES for word in re.findall(r"`mlstead ([a-z]+)", page.read_text())}
    assert named and named <= known
