"""`mlstead ci promote`: the pull request whose one line lets an environment serve the newest approved version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.ci_delivery import delivery
from mlstead_toolkit.cli.console import next_step, note, out, say
from mlstead_toolkit.cli.model_registry import ModelVersion, versions
from mlstead_toolkit.cli.promotion_text import Promotion, promotion_text
from mlstead_toolkit.cli.settings_line import LineChange, model_version, write_model_version
from mlstead_toolkit.forge.change import of_branch, one_change, supersede
from mlstead_toolkit.forge.checkout import Checkout
from mlstead_toolkit.forge.forge import Forge
from mlstead_toolkit.forge.here import forge_here
from mlstead_toolkit.forge.text import marked
from mlstead_toolkit.project import Project, find_project

TRAILER = "Mlstead-Promotion"
"""Of the commits that may be replaced by a newer one; others on the branch are somebody's work."""


@dataclass(frozen=True)
class _Base:
    """What the promotion is made on: a branch, its newest commit, and the settings there."""

    branch: str
    commit: str
    settings: bytes


def promote(environment: str) -> None:
    """Open or update the promotion of an environment, where there is one to make."""
    from mlstead_toolkit.cli.ci_texts import whole

    project = find_project()
    deployed = delivery(project, environment)
    approved = next((model for model in versions(deployed) if model.approved), None)
    if approved is None:
        say(f"No version of the model is approved in {environment}: there is nothing to promote.")
        return
    forge = forge_here()
    checkout = Checkout(project.root)
    if forge is not None:
        checkout = Checkout(project.root, forge.git_header(checkout.remote_address))
    file = project.settings_file(environment)
    base = _base(checkout, file, forge)
    named = model_version(base.settings, project.name, f"{file.name} on {base.branch}")
    if named is not None and named >= approved.version:
        say(f"{file.name} on {base.branch} names version {named}, and none newer is approved: nothing to promote.")
        return
    settings, line = _promoted(base.settings, file, project, approved)
    before = next((model for model in versions(deployed) if model.version == named), None)
    text = promotion_text(deployed, Promotion(approved, before, named, line, checkout.path(file)))
    title = f"Serve version {approved.version} of the model in {environment}"
    if forge is None:
        note(f"Here is no job of GitHub Actions or GitLab CI; there, the branch promote/{environment}-"
             f"{approved.version} would be pushed, and this opened:")
        out().print(f"{title}\n\n{text}", markup=False)
        next_step(f"mlstead promote {environment} {approved.version} changes the line here")
        return
    branch = f"promote/{environment}-{approved.version}"
    there = of_branch(forge, branch)
    if there is not None and there.state != "open":
        say(f"{there.url} was {there.state}, and {file.name} on {base.branch} does not name version "
            f"{approved.version}: that is somebody's decision, and it is not opened again. Reopen it, or approve a "
            "newer version.")
        return
    _push(checkout, branch, base, file, settings, f"{title}\n\n{TRAILER}: {environment} {approved.version}")
    marker = f"promote-{environment}"
    done, change = one_change(forge, branch, base.branch, title, marked(marker, text, forge.limit, whole(forge)))
    say(f"The {forge.change_word} for version {approved.version} is {done}: {change.url}")
    for old in supersede(forge, f"promote/{environment}-", marker, change, f"Superseded by {change.url}"):
        say(f"Closed {old.url}, which was for an older version.")


def _base(checkout: Checkout, file: Path, forge: Forge | None) -> _Base:
    """Take the remote's default branch; without a forge, what is checked out."""
    branch = "HEAD" if forge is None else checkout.default_branch()
    commit = checkout.head() if forge is None else checkout.remote_tip(branch)
    settings = checkout.content(commit, file) if commit else None
    if commit is None or settings is None:
        raise MlsteadError(f"{branch} has no {file.name}.", where=str(file), fix="commit it there first")
    return _Base(branch, commit, settings)


def _promoted(settings: bytes, file: Path, project: Project, model: ModelVersion) -> tuple[bytes, LineChange]:
    """Give the settings with the one line changed, and that line."""
    with TemporaryDirectory(prefix="mlstead-") as folder:
        copy = Path(folder) / file.name
        copy.write_bytes(settings)
        line = write_model_version(copy, project.name, model.version)
        if line is None:
            raise MlsteadError(f"{project.name}:model names version {model.version} already.", where=str(file),
                               fix="run it again: the branch has moved meanwhile")
        return copy.read_bytes(), line


def _push(checkout: Checkout, branch: str, base: _Base, file: Path, settings: bytes, message: str) -> None:
    """Set the branch to one commit on the base, unless it has that, or somebody else's work."""
    tip = checkout.remote_tip(branch)
    if tip is not None and checkout.content(tip, file) == settings:
        return
    if tip is not None and not all(TRAILER in text for text in checkout.between(base.commit, tip)):
        say(f"Somebody has committed to {branch}: the branch is left as it is.", "yellow")
        return
    checkout.push(checkout.commit_of(base.commit, file, settings, message), branch, tip)
