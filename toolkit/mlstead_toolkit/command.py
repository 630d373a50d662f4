"""The console script `mlstead`: it exists in every installation, also where only what `pulumi up` needs is there."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line, or say what to install where the extra `toolkit` is missing."""
    try:
        from mlstead_toolkit.cli.main import main as run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("mlstead"):
            raise
        sys.stderr.write(
            f"error: This environment has mlstead's components, not its command: {error.name} is missing.\n"
            f"  where: {sys.prefix}\n"
            "  fix:   use the mlstead that made the project, or install it: pip install 'mlstead[toolkit]'\n"
        )
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.exit(130)
    run()
