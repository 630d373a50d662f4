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
    from mlstead.errors import MlsteadError

    value = os.environ.get("MLSTEAD_CLOUD_PORT", "4566")
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise MlsteadError(f"{value!r} is not a port number.", where="MLSTEAD_CLOUD_PORT",
                           fix="set it to a free port, 4566 for one, or unset it")
    return int(value)
