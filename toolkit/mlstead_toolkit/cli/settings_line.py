"""The lines of Pulumi.<env>.yaml that commands write: which version an environment serves, which image it runs."""

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
    return _write(file, f"{project}:model", f"{{version: {version}}}", "none")


def write_image(file: Path, project: str, tag: str, digest: str | None) -> LineChange | None:
    """Set `<project>:image` to {tag: …, digest: …}, as write_model_version sets the model."""
    value = f'{{tag: "{tag}", digest: "{digest}"}}' if digest else f'{{tag: "{tag}"}}'
    return _write(file, f"{project}:image", value, '{tag: "0.1.0"}')


def model_version(content: bytes, project: str, where: str) -> int | None:
    """Read the version that settings name; None while they name none.

    Raises:
        MlsteadError: they are no settings, or name something else.
    """
    import yaml

    try:
        model = yaml.safe_load(content)["config"].get(f"{project}:model", "none")
        return None if model == "none" else int(model["version"])
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise MlsteadError(f"The setting {project}:model cannot be read.", where=where,
                           fix=f"write one line below config: `  {project}:model: none`, or {{version: 1}}") from error


def _write(file: Path, key: str, value: str, example: str) -> LineChange | None:
    content = file.read_bytes().decode("utf-8")
    lines = content.splitlines(keepends=True)
    pattern = re.compile(rf"^(?P<lead>\s+[\"']?{re.escape(key)}[\"']?:[ \t]*)"
                         r"(?P<value>[^#\r\n]*?)(?P<tail>[ \t]+#[^\r\n]*)?(?P<end>\s*)$")
    found = [(number, match) for number, line in enumerate(lines) if (match := pattern.match(line))]
    if len(found) != 1:
        problem = "no line" if not found else f"{len(found)} lines"
        raise MlsteadError(f"There is {problem} {key!r} to write to.", where=str(file),
                           fix=f"give its config exactly one line `  {key}: {example}`")
    number, match = found[0]
    if not match["value"]:
        raise MlsteadError(f"{key!r} spans several lines, so a change would not be one reviewed line.",
                           where=f"{file}:{number + 1}", fix=f"write it as one line: `  {key}: {value}`")
    lead = match["lead"] if match["lead"].endswith((" ", "\t")) else match["lead"] + " "
    before = lines[number]
    after = f"{lead}{value}{match['tail'] or ''}{match['end']}"
    if _same(match["value"], value):
        return None
    lines[number] = after
    _replace(file, "".join(lines))
    return LineChange(file, number + 1, before.rstrip("\r\n"), after.rstrip("\r\n"))


def _same(one: str, other: str) -> bool:
    """Tell whether two values mean the same, however they are written."""
    import yaml

    try:
        return bool(yaml.safe_load(one) == yaml.safe_load(other))
    except yaml.YAMLError:
        return False


def _replace(file: Path, content: str) -> None:
    """Write beside it and rename, so that an interruption leaves the old file or the new one."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_bytes(content.encode("utf-8"))
    beside.replace(file)
