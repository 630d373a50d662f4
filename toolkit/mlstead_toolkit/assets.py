"""Where templates/, stacks/ and copier.yml are: inside the wheel, or at the root of an editable checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mlstead.errors import MlsteadError

PACKAGE = Path(__file__).resolve().parent


@cache
def assets_directory() -> Path:
    """Give the folder that holds templates/, stacks/ and copier.yml.

    Raises:
        MlsteadError: neither a wheel's nor a checkout's is there, so the installation is broken.
    """
    for candidate in (PACKAGE / "_assets", PACKAGE.parents[1]):
        if (candidate / "copier.yml").is_file():
            return candidate
    raise MlsteadError("mlstead's templates are missing.", where=str(PACKAGE),
                       fix="install it again: pip install --force-reinstall 'mlstead[toolkit]'")


def is_checkout() -> bool:
    """Say whether this runs from a checkout of mlstead's repository, not from an installed wheel."""
    return assets_directory() != PACKAGE / "_assets"


def stack_directory(name: str) -> Path:
    """Give the folder of one of mlstead's own Pulumi programs: foundation, bootstrap."""
    directory = assets_directory() / "stacks" / name
    if not (directory / "Pulumi.yaml").is_file():
        raise MlsteadError(f"mlstead has no stack {name!r}.", where=str(directory.parent))
    return directory
