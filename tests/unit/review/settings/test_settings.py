"""How a project wants its changes reviewed is one table, and a typo in it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlstead_toolkit.review.settings import BadReviewSetting, ReviewSettings, read_settings, threshold
from mlstead_toolkit.review.verdict import Verdict


def read(folder: Path, table: str) -> ReviewSettings:
    (folder / "pyproject.toml").write_text(table)
    return read_settings(folder)


def test_without_a_table_what_cannot_be_deployed_fails_and_every_environment_counts(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == ReviewSettings(Verdict.CANNOT_BE_DEPLOYED, ())
    assert read(tmp_path, "[project]\nname = 'shop'\n") == ReviewSettings()


def test_both_settings_are_read(tmp_path: Path) -> None:
    table = '[tool.mlstead.review]\nfail_on = "widens access"\nenvironments = ["dev", "prod"]\n'
    assert read(tmp_path, table) == ReviewSettings(Verdict.WIDENS_ACCESS, ("dev", "prod"))


@pytest.mark.parametrize(("table", "told"), [
    ('[tool.mlstead.review]\nfail-on = "downtime"\n', "did you mean 'fail_on'"),
    ('[tool.mlstead.review]\nfail_on = "down time"\n', "did you mean 'downtime'"),
    ('[tool.mlstead.review]\nfail_on = "safe"\n', "no verdict that a review can fail on"),
    ("[tool.mlstead.review]\nfail_on = 3\n", "no verdict that a review can fail on"),
    ('[tool.mlstead.review]\nenvironments = "dev"\n', "list of environments"),
    ('[tool.mlstead]\nreview = "dev"\n', "no table"),
    ("[tool.mlstead.review\n", "no valid TOML"),
])
def test_what_is_refused_names_the_file_and_the_fix(tmp_path: Path, table: str, told: str) -> None:
    with pytest.raises(BadReviewSetting, match=told) as refused:
        read(tmp_path, table)
    assert str(refused.value.where).startswith("pyproject.toml") and refused.value.fix


@pytest.mark.parametrize("words", ["may lose data", "may-lose-data", "May Lose Data"])
def test_a_verdict_may_be_typed_with_hyphens(words: str) -> None:
    assert threshold(words, "--fail-on") is Verdict.MAY_LOSE_DATA
