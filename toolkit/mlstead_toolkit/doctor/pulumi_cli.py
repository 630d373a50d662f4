"""Whether the Pulumi CLI is here, and fits the SDK that the project locks."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import Finding, off, well

_INSTALL = "install it: https://www.pulumi.com/docs/install"
_PATIENCE = 20.0  # seconds


def installed(account: Account) -> Iterator[Finding]:
    """Look at the program, and at the host of Python's programs beside it."""
    path = shutil.which("pulumi")
    if path is None:
        yield off("not on the PATH; a real account takes it", _INSTALL)
        return
    if shutil.which("pulumi-language-python") is None:
        yield off("pulumi-language-python is not on the PATH; it runs infra/", f"{_INSTALL}, and put its folder there")
    text = _version(path)
    found, wanted = _numbers(text), _locked(account)
    if not found:
        yield well(f"{path}, a build that does not say its version")
    elif wanted and found < wanted:
        yield off(f"{text}, older than the SDK in requirements.lock ({_words(wanted)})",
                  f"install {_words(wanted)} or newer: https://www.pulumi.com/docs/install")
    else:
        yield well(f"{text} ({path})")


def _version(path: str) -> str:
    try:
        return subprocess.run([path, "version"], capture_output=True, text=True, check=False, timeout=_PATIENCE,
                              stdin=subprocess.DEVNULL).stdout.strip()
    except (subprocess.TimeoutExpired, OSError):
        return ""


def _locked(account: Account) -> tuple[int, ...]:
    lock = account.project.root / "requirements.lock"
    found = re.search(r"^pulumi==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE) if lock.is_file() else None
    return _numbers(found[1]) if found else ()


def _numbers(version: str) -> tuple[int, ...]:
    """Read major and minor: patches of one minor fit each other."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else ()


def _words(version: tuple[int, ...]) -> str:
    return f"{'.'.join(map(str, version))}.0"
