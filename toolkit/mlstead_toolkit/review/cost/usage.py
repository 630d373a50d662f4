"""`[tool.mlstead.cost]` of a project's pyproject.toml: what it assumes of its use, so that the sums have that too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from mlstead.refusal import Refusal
from mlstead.reviewed_file import guess, read_toml

ASSUMPTIONS: Final[Mapping[str, str]] = {
    "training_hours": "hours a month that each training of a pipeline runs",
    "processing_hours": "hours a month that each processing job of a pipeline runs",
    "transform_hours": "hours a month that each batch transform of a pipeline runs",
    "studio_hours": "hours a month that JupyterLab is open in each user profile",
    "storage_gb": "GB that lie in all buckets together",
    "image_gb": "GB that lie in all image repositories together",
    "log_gb": "GB a month that all log groups take in",
    "nat_gb": "GB a month that pass the NAT gateways",
    "scanned_tb": "TB a month that Athena scans",
}


@dataclass(frozen=True)
class Usage:
    """Amounts a month, by name.

    Args:
        amounts: `training_hours` → 10; the names are those of ASSUMPTIONS.
    """

    amounts: Mapping[str, Decimal] = field(default_factory=dict)


NO_USAGE: Final = Usage()


def read_usage(pyproject: Path) -> Usage:
    """Read the table; none is as good as an empty one.

    Args:
        pyproject: the project's pyproject.toml.

    Raises:
        Refusal: it is no TOML, or has a name that is not known, or an amount that is none.
    """
    if not pyproject.is_file():
        return NO_USAGE
    table = read_toml(pyproject, "There is no pyproject.toml.", "write one")
    for key in ("tool", "mlstead", "cost"):
        table = table.get(key, {})
        if not isinstance(table, dict):
            raise Refusal(f"{key} is {table!r}, which is no table.", where=str(pyproject),
                          fix="write [tool.mlstead.cost], and below it a line such as training_hours = 10")
    return Usage({name: _amount(name, value, pyproject) for name, value in sorted(table.items())})


def _amount(name: str, value: Any, file: Path) -> Decimal:
    if name not in ASSUMPTIONS:
        raise Refusal(f"[tool.mlstead.cost] has no key {name}.{guess(name, ASSUMPTIONS)}", where=str(file),
                      fix=f"[tool.mlstead.cost] takes {', '.join(ASSUMPTIONS)}")
    try:
        amount = Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else Decimal(-1)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise Refusal(f"[tool.mlstead.cost] {name} is {value!r}.", where=str(file),
                      fix=f"write a number, 0 or more: {ASSUMPTIONS[name]}")
    return amount
