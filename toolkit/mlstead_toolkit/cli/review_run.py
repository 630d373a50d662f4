"""What `mlstead review` does: both sides made, evaluated, judged; then the document, and the exit code by severity."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.review_format import ReviewFormat
from mlstead_toolkit.review.report import Review
from mlstead_toolkit.review.settings import BadReviewSetting, ReviewSettings, read_settings
from mlstead_toolkit.review.sides.sides import Sides, open_sides
from mlstead_toolkit.review.verdict import Verdict

if TYPE_CHECKING:
    from rich.status import Status

NOT_COMPARED = 1
ADDED = 10
"""Added to a verdict's number, it is the exit code; the other is that of what was not compared."""

Progress = Callable[[str], None]


class ReviewProgress:
    """Says on stderr what goes on: one live line on a terminal, a line each in a log, nothing for a script."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._status: Status | None = None

    def __enter__(self) -> Self:
        from mlstead_toolkit.cli.console import err

        if err().is_terminal and not self._quiet:
            self._status = err().status("")
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, text: str) -> None:
        """Say what goes on now."""
        from mlstead_toolkit.cli.console import note

        if self._status is not None:
            self._status.update(f"{text} …")
        elif not self._quiet:
            note(text)


def review_here(reference: str | None, wanted: Sequence[str], previews: Path | None, on_progress: Progress
                ) -> tuple[Review, ReviewSettings]:
    """Review the change that the current folder is in.

    Args:
        reference: what to compare with; None: main, or the default branch of origin.
        wanted: environments; none: those that the settings name, or all.
        previews: a folder with what Pulumi has printed (see review/cloud/previews.py); None: there is none.
        on_progress: is told, in a few words, what goes on.

    Returns:
        The review, and how the project wants to be reviewed: no change lowers its own bar.
    """
    from mlstead_toolkit.home import home_directory
    from mlstead_toolkit.review.assembly import assemble
    from mlstead_toolkit.review.cost.usage import read_usage
    from mlstead_toolkit.review.evaluation import compare

    with open_sides(Path.cwd(), reference, home_directory(), on_progress) as sides:
        own = read_settings(sides.settings)
        settings = binding_settings(sides, own)
        usage = read_usage(sides.settings / "pyproject.toml")
        environments = sides.choose(wanted or settings.environments)
        if not environments:
            raise MlsteadError("There is no environment to review.", where="infra/",
                               fix="write one: Pulumi.dev.yaml, with its settings below config:")
        found = compare(sides.base, sides.head, environments, on_progress)
        comparisons = [replace(one, project=sides.project) for one in found]
        on_progress("judging what differs")
        review = assemble(comparisons, base=sides.base_words, head=sides.head_words, problems=sides.problems,
                          notes=[*sides.notes, *changed_settings(sides, own)], usage=usage)
        if previews is not None:
            from mlstead_toolkit.review.cloud import with_previews

            review = with_previews(review, previews)
        return review, settings


def document(review: Review, form: ReviewFormat) -> str:
    """Write the review."""
    from mlstead_toolkit.review import rendering

    match form:
        case ReviewFormat.MARKDOWN:
            return rendering.markdown(review)
        case ReviewFormat.HTML:
            return rendering.html(review)
        case ReviewFormat.JSON:
            return json.dumps(rendering.as_json(review), indent=2, ensure_ascii=False) + "\n"
        case ReviewFormat.SARIF:
            return json.dumps(rendering.sarif(review), indent=2, ensure_ascii=False) + "\n"


def exit_code(review: Review, fail_on: Verdict) -> int:
    """Give 10 and the verdict's number from the threshold on; below it 0, or 1 where not everything was compared."""
    if review.verdict >= fail_on:
        return ADDED + review.verdict
    return 0 if review.compared else NOT_COMPARED


def binding_settings(sides: Sides, settings: ReviewSettings) -> ReviewSettings:
    """Give the stricter of what the base and the change say: the milder threshold, the environments of both."""
    try:
        before = read_settings(sides.base_settings) if sides.base_settings else settings
    except BadReviewSetting:
        return settings
    there = [name for name in before.environments if name in sides.environments]
    every = not settings.environments or not before.environments
    return ReviewSettings(min(settings.fail_on, before.fail_on),
                          () if every else tuple(dict.fromkeys([*settings.environments, *there])))


def changed_settings(sides: Sides, settings: ReviewSettings) -> list[str]:
    """Say where the change lowers its own bar."""
    try:
        before = read_settings(sides.base_settings) if sides.base_settings else settings
    except BadReviewSetting:
        return []
    notes = []
    if settings.fail_on != before.fail_on:
        notes.append(f"This change makes reviews fail on {settings.fail_on.words}; until now it was on "
                     f"{before.fail_on.words}.")
    if settings.environments != before.environments:
        now = ", ".join(settings.environments) or "all environments"
        notes.append(f"This change has reviews look at {now}; until now at "
                     f"{', '.join(before.environments) or 'all environments'}.")
    return notes
