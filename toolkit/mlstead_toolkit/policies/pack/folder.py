"""Where Pulumi finds the pack: a folder that says which interpreter runs it, since a program's own has no toolkit."""

from __future__ import annotations

import json
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

PROGRAM: Final = "MLSTEAD_POLICY_PROGRAM"
"""The variable that names the program's folder; not set: the folder that pulumi was typed in."""
AT_THE_END: Final = "-in-stack"
"""What follows a rule's name where the whole stack is judged."""
UNDECIDED: Final = "not decided: "
"""What a message begins with that decides nothing."""
_SOURCE: Final = Path(__file__).parent


def pack_folder(home: Path) -> Path:
    """Write the folder for `--policy-pack` and give it.

    Args:
        home: MLSTEAD_HOME.
    """
    folder = home / "policies"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(_SOURCE / "__main__.py", folder / "__main__.py")
    described = (_SOURCE / "PulumiPolicy.yaml").read_text(encoding="utf-8")
    runtime = (f"version: {version('mlstead')}\nruntime:\n  name: python\n"
               f"  options:\n    virtualenv: {json.dumps(sys.prefix)}\n")
    (folder / "PulumiPolicy.yaml").write_text(described.replace("runtime: python\n", runtime), encoding="utf-8")
    return folder
