"""The checks of `mlstead doctor`: each looks at one thing, and none of them changes anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.home import cloud_port, home_directory
from mlstead_toolkit.project import LOCAL, ProjectError, find_project

OLDEST_PYTHON = (3, 11)
# The environments of a project take about 1.5 GB, the data of the example 0.1.
WANTED_BYTES = 2 * 10**9


@dataclass(frozen=True)
class Finding:
    """What one check found; `fix` only where something is off."""

    name: str
    ok: bool
    found: str
    fix: str | None = None


def examine() -> list[Finding]:
    """Run every check."""
    checks = {"python": _python, "git": _git, "uv": _uv, "home": _home, "disk": _disk, "local cloud": _cloud,
              "project": _project, "environment": _environment, "data": _data, "state": _state, "pulumi": _pulumi}
    return [_guarded(name, check) for name, check in checks.items()]


def _guarded(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except MlsteadError as error:
        return Finding(name, False, f"{error.what} ({error.where})" if error.where else error.what, error.fix)
    except OSError as error:
        return Finding(name, False, str(error), "see to it that this user may read and write there")
    except Exception as error:  # the one command that must answer when something here is broken
        return Finding(name, False, f"{type(error).__name__}: {error}", "reinstall mlstead, or report it")


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info[:2] >= OLDEST_PYTHON
    return Finding("python", ok, f"{found} ({sys.executable})", None if ok else "install Python 3.11 or newer")


def _git() -> Finding:
    path = shutil.which("git")
    if path is None:
        return Finding("git", False, "not on the PATH", "install git: `mlstead new` makes a repository")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return Finding("git", True, version or path)


def _uv() -> Finding:
    import uv

    try:
        return Finding("uv", True, uv.find_uv_bin())
    except FileNotFoundError:
        return Finding("uv", False, "not beside mlstead", "reinstall: pip install --force-reinstall 'mlstead[toolkit]'")


def _home() -> Finding:
    home = home_directory()
    ok = os.access(home, os.W_OK)
    return Finding("home", ok, str(home), None if ok else "make it writable, or set MLSTEAD_HOME to another folder")


def _disk() -> Finding:
    free = shutil.disk_usage(home_directory()).free
    ok = free >= WANTED_BYTES
    return Finding("disk", ok, f"{free / 10**9:.1f} GB free",
                   None if ok else f"free some space: {WANTED_BYTES / 10**9:.0f} GB are wanted")


def _cloud() -> Finding:
    from mlstead_toolkit.cloud.control import status

    found = status(home_directory(), cloud_port())
    text = f"answers on {found.endpoint}" if found.running else f"does not run; port {cloud_port()} is free for it"
    return Finding("local cloud", True, text)


def _project() -> Finding:
    try:
        project = find_project()
    except ProjectError:
        return Finding("project", True, "not inside one, so its checks are left out")
    missing = [name for name in ("requirements.lock", "infra/__main__.py", f"infra/Pulumi.{LOCAL}.yaml")
               if not (project.root / name).is_file()]
    if missing:
        return Finding("project", False, f"{project.root} lacks {', '.join(missing)}",
                       "bring them back: git status, git restore")
    return Finding("project", True, f"{project.name} ({project.root})")


def _environment() -> Finding:
    from mlstead_toolkit.environment import environment_is_current

    project = _here()
    if project is None:
        return Finding("environment", True, "no project here")
    if environment_is_current(project):
        return Finding("environment", True, str(project / ".venv"))
    return Finding("environment", True, "not as requirements.lock says; mlstead up local sees to it")


def _data() -> Finding:
    from mlstead_toolkit.cli.data_declarations import RULES, TABLES, declarations

    try:
        project = find_project()
    except ProjectError:
        return Finding("data", True, "no project here")
    declared = declarations(project)
    return Finding("data", True, f"{TABLES} and {RULES} describe {', '.join(sorted(declared.tables)) or 'no table'}")


def _state() -> Finding:
    from mlstead_toolkit.engine.lock import StackLock
    from mlstead_toolkit.engine.stack_store import StackStore

    try:
        project = find_project()
    except ProjectError:
        return Finding("state", True, "no project here")
    store = StackStore(home_directory(), project.name, LOCAL)
    if not store.file.exists():
        return Finding("state", True, "nothing deployed yet")
    with StackLock(store):
        resources = len(store.load().resources)
    return Finding("state", True, f"{resources} resources recorded, not locked")


def _pulumi() -> Finding:
    path = shutil.which("pulumi")
    return Finding("pulumi", True, path or "not on the PATH; only real accounts need it")


def _here() -> Path | None:
    try:
        return find_project().root
    except ProjectError:
        return None
