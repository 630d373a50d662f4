"""What a real `pulumi` prints of a deployment and of drift is what the review reads.

Skipped where there is none on the PATH; what it printed once is in tests/unit/review/cloud.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from drifting import PROGRAM, change_by_hand
from workplace import Workplace, needs_pulumi

from mlstead_toolkit.cli.provider_server import stop_serving
from mlstead_toolkit.cloud.control import CloudStatus
from mlstead_toolkit.review import rendering
from mlstead_toolkit.review.cloud import with_previews
from mlstead_toolkit.review.cloud.drift import drift_of_pulumi
from mlstead_toolkit.review.cloud.pulumi_plan import PulumiPlan, read_plan
from mlstead_toolkit.review.report import EnvironmentReview, Review
from mlstead_toolkit.review.verdict import Verdict

pytestmark = needs_pulumi


@pytest.fixture
def place(tmp_path: Path, cloud: CloudStatus, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    made = Workplace(tmp_path, cloud, PROGRAM)
    yield made
    stop_serving(made.home)


def test_drift_and_what_is_not_deployed_are_told_and_nothing_is_changed(
        place: Workplace, boto: Callable[[str], Any], tmp_path: Path) -> None:
    folder = tmp_path / "previews"
    folder.mkdir()

    def cloud() -> tuple[Review, str]:
        (folder / "local.json").write_text(place.pulumi("preview", "--json"))
        (folder / "local.drift.json").write_text(place.pulumi("refresh", "--preview-only", "--json"))
        one = EnvironmentReview("local", (Verdict.SAFE,), (), 0)
        review = with_previews(Review("tried", "main", "this change", (one,)), folder)
        assert review.environments[0].cloud is not None
        return review, review.environments[0].cloud.summary

    def plan(*words: str) -> PulumiPlan:
        return read_plan(place.pulumi(*words, "--json"), project="tried", environment="local", where="")

    place.pulumi("stack", "init")
    assert cloud()[1] == "nothing is deployed yet, 10 to create; no drift"
    place.pulumi("up", "--yes", "--skip-preview")
    assert cloud()[1] == "10 unchanged; no drift"

    change_by_hand(boto)
    place.stage(2)
    state = place.pulumi("stack", "export")
    review, summary = cloud()
    assert summary == "1 to create, 3 to update, 1 to replace, 1 to delete, 5 unchanged; 3 drifted"
    assert "`retentionInDays`: `30` → `7`" in rendering.markdown(review)
    assert "fish" not in rendering.markdown(review)
    found = drift_of_pulumi(plan("refresh", "--preview-only"), plan("preview", "--refresh"))
    assert found.summary == "3 drifted, 5 not deployed"
    assert place.pulumi("stack", "export") == state
