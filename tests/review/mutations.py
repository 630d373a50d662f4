"""What can be changed of the scaffolded project's infrastructure, and what a review must say of it.

Each row is made anew by a seeded generator: the environment, the names and the numbers differ from seed to seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reviewed_project import ENVIRONMENTS, Copy

from mlstead_toolkit.review.report import EnvironmentReview, Review
from mlstead_toolkit.review.verdict import Verdict

Section = Literal["changes", "access", "policies", "cost", "problems", "notes", "remarks"]
SAFE, COSTS_MORE, REPLACES, DOWNTIME, MAY_LOSE_DATA, WIDENS_ACCESS, WEAKENS_A_CONTROL, CANNOT_BE_DEPLOYED = Verdict
OTHER_ACCOUNT = "999988887777"


@dataclass(frozen=True)
class Draw:
    """What the generator chose for one mutation."""

    copy: Copy
    environment: str
    random: random.Random

    def setting(self, old: str, new: str) -> None:
        self.copy.setting(self.environment, old, new)

    def add_setting(self, line: str) -> None:
        """Write one more line below the region."""
        self.setting("config:\n", f"config:\n  flight-delays:{line}\n")

    def with_aws(self, text: str) -> None:
        """Write at the program's end what takes pulumi_aws and json; WORD stands for a name."""
        self.copy.program("import mlstead\nimport pulumi\n",
                          "import json\n\nimport mlstead\nimport pulumi\nimport pulumi_aws as aws\n")
        self.copy.add(text.strip("\n").replace("WORD", self.word()) + "\n")

    def word(self) -> str:
        return self.random.choice(("audit", "export", "partner", "report", "sandbox"))


@dataclass(frozen=True)
class Mutation:
    """A row of the table.

    Args:
        name: what is mutated.
        make: makes it.
        section: which section has to say it.
        says: a regular expression that something in the section has to match.
        verdict: what has to be among the verdicts; SAFE: the only one.
        environments: of which one is drawn.
    """

    name: str
    make: Callable[[Draw], None]
    section: Section
    says: str
    verdict: Verdict
    environments: tuple[str, ...] = ENVIRONMENTS


def told(review: Review, section: Section) -> str:
    """Give all that a section says, a line an item."""
    items: list[object] = list(review.problems) if section == "problems" else []
    items += list(review.notes) if section == "notes" else []
    for environment in review.environments:
        items += _items(environment, section)
    return "\n".join(map(repr, items))


def _items(environment: EnvironmentReview, section: Section) -> list[object]:
    if section == "cost":
        return [*environment.cost.changes] if environment.cost is not None else []
    return list(getattr(environment, section))


def misses(mutation: Mutation, review: Review) -> list[str]:
    """Say what the review should have said of a mutation and has not."""
    found = []
    said = told(review, mutation.section)
    if not re.search(mutation.says, said, re.DOTALL):
        found.append(f"{mutation.section} does not say /{mutation.says}/ but:\n{said}")
    if mutation.verdict not in review.verdicts:
        found.append(f"the verdict is {', '.join(one.words for one in review.verdicts)}, "
                     f"not {mutation.verdict.words}: {told(review, 'remarks')}")
    return found
