"""What is checked in beside a program: its environments, and the outputs of each environment's foundation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from mlstead_toolkit.engine.values import Properties
from mlstead_toolkit.review.comparison import Problem

ORDER = ("dev", "staging", "prod")
LAST = "local"


def environments_of(infra: Path) -> set[str]:
    """Name the environments that have a settings file beside a program."""
    return {file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in infra.glob("Pulumi.*.yaml")}


def in_order(environments: Iterable[str]) -> tuple[str, ...]:
    """Put environments into the order of promotion: dev, staging, prod, others, local."""
    known = {name: number for number, name in enumerate(ORDER)}
    return tuple(sorted(set(environments), key=lambda name: (name == LAST, known.get(name, len(known)), name)))


def foundations_of(infra: Path, root: Path, label: str) -> tuple[dict[str, Properties], list[Problem]]:
    """Read every foundation.<environment>.json beside a program.

    Args:
        infra: the program's folder.
        root: the repository's root; places are told relative to it.
        label: `base` or `head`.

    Returns:
        Environment → outputs, and what is wrong with the files that are left out.
    """
    found: dict[str, Properties] = {}
    problems = []
    for file in sorted(infra.glob("foundation.*.json")):
        environment = re.sub(r"^foundation\.|\.json$", "", file.name)
        where = file.relative_to(root).as_posix()
        fix = f"write it again, and commit it: mlstead outputs {environment} --foundation"
        try:
            outputs = json.loads(file.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            message = f"The file is no valid JSON: {error.msg}."
            problems.append(Problem(environment, label, message, f"{where}:{error.lineno}", fix))
            continue
        except UnicodeDecodeError:
            problems.append(Problem(environment, label, "The file is not UTF-8.", where, fix))
            continue
        if not isinstance(outputs, dict) or not outputs:
            problems.append(Problem(environment, label, "The file has no outputs: a JSON object of names and values.",
                                    f"{where}:1", fix))
            continue
        found[environment] = outputs
    return found, problems
