"""Where a new project gets mlstead from, unless it says so itself: from where this mlstead came."""

from __future__ import annotations

import json
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

from mlstead_toolkit.assets import assets_directory, is_checkout


def default_source() -> str:
    """Give the default of mlstead_source: `release`, `git` or `wheel`.

    A checkout, and an installed local wheel, exist on this machine only: the project keeps a wheel of them.
    """
    if is_checkout():
        return "wheel"
    origin = json.loads(distribution("mlstead").read_text("direct_url.json") or "{}")
    if not origin:
        return "release"
    return "git" if "vcs_info" in origin else "wheel"


def mlstead_version() -> str:
    """Give the version of the mlstead that is running."""
    if is_checkout():
        project = tomllib.loads((assets_directory() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return str(project["version"])
    try:
        return distribution("mlstead").version
    except PackageNotFoundError:
        return "0.0.0"
