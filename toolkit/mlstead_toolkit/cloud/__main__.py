"""Runs the local cloud in the foreground; `mlstead cloud start` starts it detached (see control.py)."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
    """Serve until told to stop: by POST /_mlstead/stop, SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m mlstead_toolkit.cloud", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--home", type=Path, required=True, help="MLSTEAD_HOME of this cloud")
    arguments = parser.parse_args()
    from mlstead_toolkit.cloud.server import serve

    serve(arguments.home, arguments.port)


if __name__ == "__main__":
    main()
