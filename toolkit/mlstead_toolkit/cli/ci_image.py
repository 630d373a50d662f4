"""`mlstead ci image`: the image that a deployment runs, written into the checkout that it runs from."""

from __future__ import annotations

import re
from typing import Any

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.console import next_step, note, say
from mlstead_toolkit.cli.settings_line import write_image
from mlstead_toolkit.project import LOCAL, Project, find_project

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")


def choose_image(environment: str, tag: str, digest: str | None) -> None:
    """Write an image into the settings, and note the commit that is deployed so far."""
    from mlstead.training.image_repository import check_digest
    from mlstead_toolkit.forge.checkout import Checkout

    if not _TAG.fullmatch(tag):
        raise MlsteadError(f"{tag!r} is no tag of an image.", where="--tag",
                           fix="give the commit that it was built from: $GITHUB_SHA, $CI_COMMIT_SHA")
    check_digest(digest, "--digest")
    project = find_project()
    project.require(environment)
    checkout = Checkout(project.root)
    before = str(stack_outputs(project, environment).get("image_tag") or "")
    checkout.note_deployed(environment, checkout.commit(before) if _COMMIT.fullmatch(before) else None)
    note(f"So far {environment} runs {before}." if before else f"Nothing is deployed in {environment} yet.")
    _write(project, environment, tag, digest)
    next_step(f"mlstead up {environment}")


def keep_image(environment: str) -> None:
    """Write the image that is deployed into the settings."""
    project = find_project()
    project.require(environment)
    outputs = stack_outputs(project, environment)
    if tag := outputs.get("image_tag"):
        digest = outputs.get("image_digest")
        _write(project, environment, str(tag), str(digest) if digest else None)
    else:
        say(f"No image is deployed in {environment} yet; the settings stay as they are.")
    next_step(f"mlstead preview {environment}")


def stack_outputs(project: Project, environment: str) -> dict[str, Any]:
    """Give the outputs of the project's stack; none where it was never brought up."""
    if environment == LOCAL:
        from mlstead_toolkit.cli.local_stack import local_outputs

        return local_outputs(project)
    from mlstead_toolkit.cli.pulumi_stack import real_outputs

    return real_outputs(project, environment)


def _write(project: Project, environment: str, tag: str, digest: str | None) -> None:
    file = project.settings_file(environment)
    change = write_image(file, project.name, tag, digest)
    where = file.relative_to(project.root)
    say(f"{where} names this image already." if change is None else f"{where}:{change.number} {change.after.strip()}")
