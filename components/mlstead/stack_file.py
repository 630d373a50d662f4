"""Where the running stack's settings stand."""

from __future__ import annotations

from pathlib import Path

import pulumi


def stack_file() -> str:
    """Give the full path of Pulumi.<stack>.yaml: a project and its foundation each have one of the same name."""
    return str(Path(f"Pulumi.{pulumi.get_stack()}.yaml").resolve())
