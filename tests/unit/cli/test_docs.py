"""What is written for readers is what there is."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_page_of_commands_is_what_the_commands_say(tmp_path: Path) -> None:
    page = tmp_path / "commands.md"
    command = [sys.executable, "-m", "typer", "mlstead_toolkit.cli.main", "utils", "docs", "--name", "mlstead",
               "--title", "Commands", "--output", str(page)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert html.unescape(page.read_text()) == (ROOT / "docs" / "commands.md").read_text(), "run: make docs"


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
