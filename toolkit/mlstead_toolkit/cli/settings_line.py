"""The one reviewed line of Pulumi.<env>.yaml that says which version of the model an environment serves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mlstead.errors import MlsteadError


@dataclass(frozen=True)
class LineChange:
    """One line of a file, before and after."""

    file: Path
    number: int
    before: str
    after: str


def write_model_version(file: Path, project: str, version: int) -> LineChange | None:
    """Set `<project>:model` to {version: N}, and touch no other character of the file; None where it says so already.

    Raises:
        MlsteadError: the file has no such line, more than one, or one that spans several lines.
    """
    key = f"{project}:model"
    content = file.read_bytes().decode("utf-8")
    lines = content.splitlines(keepends=True)
    pattern = re.compile(rf"^(?P<lead>\s+[\"']?{re.escape(key)}[\"']?:[ \t]*)"
                         r"(?P<value>[^#\r\n]*?)(?P<tail>[ \t]+#[^\r\n]*)?(?P<end>\s*)$")
    found = [(number, match) for number, line in enumerate(lines) if (match := pattern.match(line))]
    if len(found) != 1:
        problem = "no line" if not found else f"{len(found)} lines"
        raise MlsteadError(f"There is {problem} {key!r} to write the version to.", where=str(file),
                           fix=f"give its config exactly one line `  {key}: none`")
    number, match = found[0]
    if not match["value"]:
        raise MlsteadError(f"{key!r} spans several lines, so a promotion would not be one reviewed line.",
                           where=f"{file}:{number + 1}", fix=f"write it as one line: `  {key}: {{version: {version}}}`")
    lead = match["lead"] if match["lead"].endswith((" ", "\t")) else match["lead"] + " "
    before = lines[number]
    after = f"{lead}{{version: {version}}}{match['tail'] or ''}{match['end']}"
    if re.sub(r"\s", "", match["value"]) == f"{{version:{version}}}":
        return None
    lines[number] = after
    _replace(file, "".join(lines))
    return LineChange(file, number + 1, before.rstrip("\r\n"), after.rstrip("\r\n"))


def _replace(file: Path, content: str) -> None:
    """Write beside it and rename, so that an interruption leaves the old file or the new one."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_bytes(content.encode("utf-8"))
    beside.replace(file)
