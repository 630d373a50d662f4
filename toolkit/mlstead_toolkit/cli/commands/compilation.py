"""`mlstead compile`: write the pipelines' JSON from the Python that authors them."""

from __future__ import annotations

from typing import Annotated

import typer

from mlstead_toolkit.project import find_project

Check = Annotated[bool, typer.Option("--check", help="Write nothing; fail when the committed JSON is stale.")]


def compile_pipelines(check: Check = False) -> None:
    """Write pipelines/*.json, which `mlstead up` provisions, from the Python beside it.

    The SageMaker SDK that this takes is large, so it lives in an environment of its own, made on the first run.
    """
    from mlstead_toolkit import compilation
    from mlstead_toolkit.cli.console import next_step, note, say

    project = find_project()
    changed = compilation.compile_pipelines(project.root, note, check=check)
    if not changed:
        say("The pipelines' JSON is what the Python says; nothing changed.")
        return
    for file in changed:
        say(f"wrote {file.relative_to(project.root)}")
    next_step("review and commit that file, then mlstead up local")
