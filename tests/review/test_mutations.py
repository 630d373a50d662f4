"""Every mutation of the scaffolded project is caught where the table says, and what is not mutated is safe."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from mutations import Draw, Mutation, misses
from mutations_of_access import ACCESS
from mutations_of_guards import KEPT
from mutations_of_settings import SETTINGS
from mutations_that_break import BROKEN
from reviewed_project import Checked, Copy, review_of, side

from mlstead_toolkit.review.evaluations import Evaluations
from mlstead_toolkit.review.verdict import Verdict

MUTATIONS = (*SETTINGS, *ACCESS, *KEPT, *BROKEN)
SEED = int(os.environ.get("MLSTEAD_SEED", "2026"))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name.replace(" ", "-"))
def test_a_mutation_is_caught_where_the_table_says(mutation: Mutation, base: Checked, evaluations: Evaluations,
                                                   tmp_path: Path) -> None:
    chance = random.Random(f"{SEED} {mutation.name}")
    environment = chance.choice(mutation.environments)
    head = Copy(base[0].root).copied_to(tmp_path / "head")
    mutation.make(Draw(head, environment, chance))

    review = review_of(base, side("head", head), evaluations, (environment,))

    assert not misses(mutation, review), "\n".join(misses(mutation, review))


def test_an_unmutated_copy_is_safe(base: Checked, evaluations: Evaluations, tmp_path: Path) -> None:
    review = review_of(base, side("head", Copy(base[0].root).copied_to(tmp_path / "head")), evaluations)

    assert review.verdicts == (Verdict.SAFE,)
    assert all(not one.changes and not one.access and not one.policies for one in review.environments)


def test_the_table_has_what_was_promised() -> None:
    assert len(MUTATIONS) >= 30
    assert len({one.name for one in MUTATIONS}) == len(MUTATIONS)
