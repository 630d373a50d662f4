"""`mlstead ci comment` and `mlstead ci issue`: a text of a file, to where the change is reviewed."""

from __future__ import annotations

from pathlib import Path

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.console import note, out, say
from mlstead_toolkit.forge.forge import Forge
from mlstead_toolkit.forge.here import change_here, forge_here
from mlstead_toolkit.forge.text import marked, marker_line


def write_comment(file: Path, marker: str, number: int | None) -> None:
    """Make or update the comment of a change."""
    from mlstead_toolkit.forge.comment import one_comment

    text, forge = _read(file, marker), forge_here()
    if forge is None:
        _would("a comment", text)
        return
    change = number or change_here(forge)
    done, comment = one_comment(forge, change, marker, marked(marker, text, forge.limit, whole(forge)))
    say(f"The comment of {forge.change_word} {change} is {done}: {comment.url}")


def write_issue(title: str, file: Path, marker: str) -> None:
    """Open, update or reopen the issue of a marker."""
    from mlstead_toolkit.forge.issue import one_issue

    text, forge = _read(file, marker), forge_here()
    if forge is None:
        _would(f"the issue {title!r}", text)
        return
    done, issue = one_issue(forge, title, marker, marked(marker, text, forge.limit, whole(forge)))
    say(f"Issue {issue.number} is {done}: {issue.url}")


def close_issue(file: Path | None, marker: str) -> None:
    """Close the issue of a marker, where it is open."""
    from mlstead_toolkit.forge.issue import close_issue as close

    words, forge = "Resolved: nothing of it is found any more." if file is None else _read(file, marker), forge_here()
    if forge is None:
        note("Here is no job of GitHub Actions or GitLab CI: no issue is closed.")
        return
    issue = close(forge, marker, f"{words.strip()}\n\n{forge.run_url}".strip())
    say("There is no open issue of this kind." if issue is None else f"Issue {issue.number} is closed: {issue.url}")


def whole(forge: Forge) -> str:
    """Say where the whole of a text is that was cut."""
    return f"The whole is among the artifacts of {forge.run_url or 'the job'}."


def _read(file: Path, marker: str) -> str:
    marker_line(marker)  # a wrong one is told before anything is read or asked
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MlsteadError(f"The text cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.",
                           where=str(file), fix="give the file that an earlier step wrote: "
                                                "mlstead review --output review.md") from error
    if not text.strip():
        raise MlsteadError("The text is empty.", where=str(file), fix="see whether the step that writes it failed")
    return text


def _would(what: str, text: str) -> None:
    note(f"Here is no job of GitHub Actions or GitLab CI; there, {what} would be:")
    out().print(text.rstrip(), markup=False)
