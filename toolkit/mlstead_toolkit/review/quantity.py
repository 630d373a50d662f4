"""Bytes and seconds as a reader wants them: `727 GB`, `12 hours`."""

from __future__ import annotations

from typing import Final

# As AWS's documentation writes them: 1,024 of each make the next.
_BYTES: Final = (("TB", 1024**4), ("GB", 1024**3), ("MB", 1024**2), ("KB", 1024))
_SECONDS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def in_units(amount: float, unit: str) -> str:
    """Write an amount in the largest unit that it is a whole number of, bytes in the largest that it fills.

    Args:
        amount: the number.
        unit: `bytes`, `seconds`; any other is kept.
    """
    if unit == "bytes":
        name, size = next(((name, size) for name, size in _BYTES if amount >= size), (unit, 1))
        return f"{_plain(round(amount / size, 1))} {name}"
    if unit == "seconds" and amount:
        name, size = next(((name, size) for name, size in _SECONDS if amount % size == 0), ("second", 1))
        return counted(amount / size, f"{name}s")
    return counted(amount, unit)


def counted(amount: float, unit: str) -> str:
    """Write an amount beside its unit, which ends in s."""
    return f"{_plain(amount)} {unit.removesuffix('s') if amount == 1 else unit}"


def _plain(amount: float) -> str:
    return f"{amount:.15g}"
