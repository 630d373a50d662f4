"""What a model's evaluation measured, the baseline beside it."""

from __future__ import annotations

from rich.table import Table

from mlstead_toolkit.cli.console import out
from mlstead_toolkit.cli.model_registry import BASELINE, METRIC


def print_metrics(measured: dict[str, float]) -> None:
    """Print the metrics as a table; `baseline_x` stands beside `x`."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("metric")
    table.add_column("model", justify="right")
    table.add_column("baseline", justify="right")
    for name, value in sorted(measured.items(), key=lambda item: item[0] != METRIC):
        if not name.startswith("baseline_"):
            baseline = measured.get(f"baseline_{name}")
            table.add_row(name, f"{value:.3f}", "" if baseline is None else f"{baseline:.3f}")
    out().print(table)


def headline(measured: dict[str, float]) -> str:
    """Give the one figure that counts, in a phrase."""
    if METRIC not in measured:
        return ""
    beside = f" (baseline {measured[BASELINE]:.3f})" if BASELINE in measured else ""
    return f"{METRIC} {measured[METRIC]:.3f}{beside}"
