"""A scaffolded project as a platform team has it after some months: foundations checked in, models served."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mlstead_toolkit.review.assembly import assemble
from mlstead_toolkit.review.comparison import Problem
from mlstead_toolkit.review.evaluation import compare
from mlstead_toolkit.review.evaluations import Evaluations
from mlstead_toolkit.review.report import Review
from mlstead_toolkit.review.sides.foundations import foundations_of
from mlstead_toolkit.review.sides.side import Side

ENVIRONMENTS = ("dev", "staging", "prod")
FOUNDATION = Path(__file__).parents[1] / "unit" / "components" / "foundation_outputs.json"
ACCOUNTS = {"dev": "111122223333", "staging": "222233334444", "prod": "333344445555"}
SERVED = {"dev": 9, "staging": 8, "prod": 7}


@dataclass(frozen=True)
class Copy:
    """A working copy of the project, to be edited as a person would."""

    root: Path

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands in a file exactly once."""
        path = self.root / file
        content = path.read_text(encoding="utf-8")
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {file}"
        path.write_text(content.replace(old, new), encoding="utf-8")

    def append(self, file: str, text: str) -> None:
        """Write below what a file has."""
        path = self.root / file
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        """Write a file anew."""
        (self.root / file).write_text(text, encoding="utf-8")

    def program(self, old: str, new: str) -> None:
        """Edit infra/__main__.py."""
        self.edit("infra/__main__.py", old, new)

    def add(self, text: str) -> None:
        """Write at the end of infra/__main__.py."""
        self.append("infra/__main__.py", "\n" + text)

    def setting(self, environment: str, old: str, new: str) -> None:
        """Edit a line of Pulumi.<environment>.yaml."""
        self.edit(f"infra/Pulumi.{environment}.yaml", old, new)

    def copied_to(self, folder: Path) -> Copy:
        """Give a copy of it elsewhere."""
        shutil.copytree(self.root, folder, ignore=shutil.ignore_patterns(".git", "__pycache__"))
        return Copy(folder)


Edit = Callable[[Copy], None]


def settled(project: Path) -> Copy:
    """Make a fresh project one that has been in use: each environment with its foundation, and a model served."""
    copy = Copy(project)
    told = json.loads(FOUNDATION.read_text(encoding="utf-8"))["*"]
    for environment in ENVIRONMENTS:
        text = json.dumps(told, indent=2, sort_keys=True)
        text = text.replace("123456789012", ACCOUNTS[environment]).replace("/dev-", f"/{environment}-")
        copy.write(f"infra/foundation.{environment}.json", text.replace("_dev_", f"_{environment}_") + "\n")
        copy.setting(environment, "flight-delays:model: none",
                     f"flight-delays:model: {{version: {SERVED[environment]}}}")
    return copy


Checked = tuple[Side, list[Problem]]
"""A side, and what is wrong with the files beside its program."""


def side(label: str, copy: Copy, python: Path = Path(sys.executable)) -> Checked:
    """Make a side of it, and say what is wrong with the files beside its program."""
    infra = copy.root / "infra"
    foundations, problems = foundations_of(infra, copy.root, label)
    return Side(label, copy.root, infra, python, foundations), problems


def review_of(base: Checked, head: Checked, evaluations: Evaluations, environments: tuple[str, ...] = ENVIRONMENTS
              ) -> Review:
    """Review the one against the other."""
    problems = [one for one in (*base[1], *head[1]) if one.environment in environments]
    compared = compare(base[0], head[0], environments, evaluations=evaluations)
    return assemble(compared, base="main (1a2b3c4)", head="this change", problems=problems)
