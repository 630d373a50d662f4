"""`mlstead ci lead-time`: how long commits took from being written to being in service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.console import note, say, say_json
from mlstead_toolkit.forge.checkout import Checkout, Commit
from mlstead_toolkit.forge.summary import add_to_summary
from mlstead_toolkit.project import find_project


def lead_time(environment: str, since: str | None, *, json: bool) -> None:
    """Tell the lead time of a deployment that has just been made."""
    project = find_project()
    project.require(environment)
    checkout, now = Checkout(project.root), datetime.now(UTC)
    base = _base(checkout, environment, since)
    commits = checkout.commits(base)
    ages = sorted(max((now - commit.written).total_seconds(), 0.0) for commit in commits)
    told = _told(environment, commits, ages, now, first=base is None)
    add_to_summary(told)
    if json:
        say_json({
            "environment": environment, "since": base, "until": checkout.head(), "in_service": now.isoformat(),
            "commits": len(commits), "median_seconds": round(median(ages)) if ages else None,
            "longest_seconds": round(ages[-1]) if ages else None,
        })
    else:
        say(told.replace("**", ""))


def _base(checkout: Checkout, environment: str, since: str | None) -> str | None:
    """Give the commit that was deployed before; None where nothing is known of one."""
    if since is None:
        return checkout.deployed(environment)
    if set(since) <= {"0"}:  # what a push event names before the first commit of a branch
        return None
    found = checkout.commit(since)
    if found is None and not checkout.has_whole_history():
        raise MlsteadError(f"{since} is not among the commits that were fetched.", where="--since",
                           fix="fetch the whole history: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab")
    if found is None:
        note(f"{since} is no commit of this repository; what is checked out is counted alone.")
    return found


def _told(environment: str, commits: Sequence[Commit], ages: Sequence[float], now: datetime, *, first: bool) -> str:
    at = f"{now:%Y-%m-%d %H:%M} UTC"
    if not commits:
        return f"Lead time to {environment}: no commit is new in this deployment ({at})."
    if len(commits) == 1:
        which = "the first deployment" if first else "1 commit"
        return f"Lead time to {environment}: **{_words(ages[0])}** from commit to service, {which} ({at})."
    oldest = min(commits, key=lambda commit: commit.written)
    return (f"Lead time to {environment}: **{_words(median(ages))}** from commit to service in the median of "
            f"{len(commits)} commits, {_words(ages[-1])} at the longest: {oldest.revision[:9]} {oldest.title} ({at}).")


def _words(seconds: float) -> str:
    """Write a duration in its two largest units: 2 d 4 h, 3 h 10 min, 12 min."""
    minutes = round(seconds / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
