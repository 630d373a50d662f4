"""Which forge a command runs for, and for which change: what the variables of CI's jobs say."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlstead_toolkit.forge.api import ForgeError
from mlstead_toolkit.forge.forge import Forge
from mlstead_toolkit.forge.gitlab import HOW_TO_SIGN_IN

TOKEN = "MLSTEAD_FORGE_TOKEN"  # noqa: S105 - a variable's name
_GITHUB_TOKENS = (TOKEN, "GH_TOKEN", "GITHUB_TOKEN")


def forge_here(environ: Mapping[str, str] = os.environ) -> Forge | None:
    """Give the forge whose job this is; None outside of CI.

    Raises:
        ForgeError: it is a job, and has no token.
    """
    if environ.get("GITHUB_ACTIONS") == "true":
        return _github(environ)
    if environ.get("GITLAB_CI") == "true":
        return _gitlab(environ)
    return None


def change_here(forge: Forge, environ: Mapping[str, str] = os.environ) -> int:
    """Give the number of the change that the job runs for.

    https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
    https://docs.gitlab.com/ci/variables/predefined_variables/

    Raises:
        ForgeError: it runs for none.
    """
    if (number := environ.get("CI_MERGE_REQUEST_IID", "")).isdecimal():
        return int(number)
    if found := re.fullmatch(r"refs/pull/(\d+)/\w+", environ.get("GITHUB_REF", "")):
        return int(found[1])
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    for holder in (event.get("pull_request"), event.get("issue"), event):
        if isinstance(holder, dict) and isinstance(holder.get("number"), int):
            return int(holder["number"])
    raise ForgeError(f"This job runs for no {forge.change_word}.", where=environ.get("GITHUB_EVENT_NAME", "the job"),
                     fix=f"run it for {forge.change_word}s alone, or give --number")


def _github(environ: Mapping[str, str]) -> Forge:
    from mlstead_toolkit.forge.github import GitHub

    token = next((environ[name] for name in _GITHUB_TOKENS if environ.get(name)), "")
    if not token:
        raise ForgeError("The step has no token of GitHub.", where=", ".join(_GITHUB_TOKENS),
                         fix="give it one: env: {GH_TOKEN: ${{ github.token }}}")
    server, repository = environ.get("GITHUB_SERVER_URL", "https://github.com"), environ["GITHUB_REPOSITORY"]
    run = f"{server}/{repository}/actions/runs/{environ['GITHUB_RUN_ID']}" if "GITHUB_RUN_ID" in environ else ""
    return GitHub(environ.get("GITHUB_API_URL", "https://api.github.com"), repository, token, server, run)


def _gitlab(environ: Mapping[str, str]) -> Forge:
    from mlstead_toolkit.forge.gitlab import GitLab

    if not environ.get(TOKEN):
        raise ForgeError("The job has no token that may write to the project.", where=TOKEN, fix=HOW_TO_SIGN_IN)
    server = environ.get("CI_SERVER_URL", "https://gitlab.com")
    return GitLab(environ.get("CI_API_V4_URL", f"{server}/api/v4"), environ["CI_PROJECT_ID"], environ[TOKEN], server,
                  environ.get("CI_JOB_URL", ""))


def _event(path: str) -> dict[str, Any]:
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}
    return event if isinstance(event, dict) else {}
