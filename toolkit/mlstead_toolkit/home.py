"""Where this machine keeps what is not in a project: the states of local stacks, the local cloud, built wheels."""

from __future__ import annotations

import os
from pathlib import Path


def home_directory() -> Path:
    """Give the folder named by MLSTEAD_HOME, or the platform's own place for application state; made if missing.

    Raises:
        MlsteadError: it cannot be made.
    """
    if named := os.environ.get("MLSTEAD_HOME"):
        home = Path(named).expanduser().resolve()
    else:
        import platformdirs

        home = Path(platformdirs.user_state_dir("mlstead"))
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        from mlstead.errors import MlsteadError

        raise MlsteadError(f"The folder for mlstead's own state cannot be made: {error.strerror}.", where=str(home),
                           fix="set MLSTEAD_HOME to a folder that is yours to write") from error
    return home


def cloud_port() -> int:
    """Give the local cloud's port: MLSTEAD_CLOUD_PORT, or 4566."""
    return _port("MLSTEAD_CLOUD_PORT", 4566)


def companion_port() -> int:
    """Give the port of the local cloud beside LocalStack: MLSTEAD_COMPANION_PORT, or 4567."""
    return _port("MLSTEAD_COMPANION_PORT", 4567)


def _port(variable: str, default: int) -> int:
    from mlstead.errors import MlsteadError

    value = os.environ.get(variable, str(default))
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise MlsteadError(f"{value!r} is not a port number.", where=variable,
                           fix=f"set it to a free port, {default} for one, or unset it")
    return int(value)
