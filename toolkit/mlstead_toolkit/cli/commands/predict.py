"""`mlstead predict`: ask the endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson, Environment
from mlstead_toolkit.project import find_project

if TYPE_CHECKING:
    from mlstead_toolkit.cli.endpoint import Prediction

ANSWERS_WIDTH = 30  # of the columns "…", "probability" and "what happened"
Sample = Annotated[int | None, typer.Option(
    "--sample", "-n", min=1, max=200, help="Ask about so many rows that the model never saw. Default: 3.",
    show_default=False)]
File = Annotated[Path | None, typer.Option("--file", "-f", help="Ask about the rows of a .csv or .json file instead.")]


def predict(environment: Environment, sample: Sample = None, file: File = None, json: AsJson = False) -> None:
    """Ask the endpoint, and print its answers beside what really happened."""
    from mlstead_toolkit.cli.aws_access import deployment
    from mlstead_toolkit.cli.console import say_json
    from mlstead_toolkit.cli.endpoint import predict_file, predict_samples, samples, served_version

    if sample is not None and file is not None:
        raise typer.BadParameter("give --sample or --file, not both", param_hint="--sample")
    deployed = deployment(find_project(), environment)
    version = served_version(deployed)
    found = predict_file(deployed, file) if file else predict_samples(deployed, samples(deployed, sample or 3))
    if json:
        say_json({"endpoint": deployed.output("endpoint_name"), "model_version": version, "predictions": [
            {"features": one.features, **one.answer, **({} if one.actual is None else {"actual": one.actual})}
            for one in found]})
    else:
        _print(found, version, environment)


def _print(found: list[Prediction], version: int, environment: str) -> None:
    from rich.table import Table

    from mlstead_toolkit.cli.console import next_step, out, say

    say(f"Version {version} of the model answers:")
    with_actual = any(one.actual is not None for one in found)
    table = Table(box=None, header_style="bold", pad_edge=False)
    names = _fitting(list(found[0].features), out().width) if found else []
    for name in names:
        table.add_column(name)
    if found and len(found[0].features) > len(names):
        table.add_column("…")
    table.add_column("probability", justify="right", style="cyan")
    if with_actual:
        table.add_column("what happened")
    for one in found:
        cells = [_cell(one.features.get(name)) for name in names]
        if len(one.features) > len(names):
            cells.append("…")
        cells.append(f"{one.answer.get('probability', float('nan')):.3f}")
        if with_actual:
            cells.append(_cell(one.actual))
        table.add_row(*cells)
    out().print(table)
    next_step(f"mlstead status {environment}")


def _fitting(names: list[str], width: int) -> list[str]:
    """Give the first names whose columns have room beside the answers', seven at most and one at least."""
    room, shown = width - ANSWERS_WIDTH, list[str]()
    for name in names[:7]:
        room -= len(name) + 2
        if room < 0 and shown:
            break
        shown.append(name)
    return shown


def _cell(value: object) -> str:
    from rich.markup import escape

    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else escape(str(value))
