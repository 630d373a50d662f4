"""Words that several sections share: signs, types, amounts, places, environments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.rendering.blocks import Code, Line
from mlstead_toolkit.review.rendering.room import Room, shortened
from mlstead_toolkit.review.report import EnvironmentReview, Review
from mlstead_toolkit.review.told import by_environments, told

Item = TypeVar("Item")

SIGNS = {Operation.CREATE: "+", Operation.UPDATE: "~", Operation.REPLACE: "+-", Operation.DELETE: "-",
         Operation.IMPORT: "=", Operation.READ: ">", Operation.REFRESH: "~", Operation.SAME: " "}
VERBS = {Operation.CREATE: "to create", Operation.UPDATE: "to update", Operation.REPLACE: "to replace",
         Operation.DELETE: "to delete", Operation.IMPORT: "to import"}


def short_type(type_: str) -> str:
    """Shorten a type as Pulumi does where it shows one: aws:s3/bucket:Bucket is aws:s3:Bucket."""
    package, _, rest = type_.partition(":")
    module, _, name = rest.rpartition(":")
    return f"{package}:{module.partition('/')[0]}:{name}" if module else type_


def class_name(type_: str) -> str:
    """Give a type's last word: Bucket."""
    return type_.rpartition(":")[2]


def named(environments: Sequence[str]) -> str:
    """Name some environments."""
    return ", ".join(environments)


def dollars(amount: Decimal | None, *, signed: bool = False) -> str:
    """Write an amount a month; what is not there is a dash."""
    if amount is None:
        return "–"  # noqa: RUF001 - a dash between nothing, as tables write it
    sign = "−" if amount < 0 else "+" if signed and amount > 0 else ""  # noqa: RUF001 - a minus, as tables write it
    return f"{sign}${abs(amount):,.2f}"


def place(where: str, room: Room) -> Line:
    """Write where something is made."""
    return (" (", Code(shortened(where, room.value)), ")") if where else ()


def code(text: str, room: Room) -> Code:
    """Write a name or a value."""
    return Code(shortened(text, room.value))


def number(count: int, one: str) -> str:
    """Count something: 1 resource, 2 resources."""
    return f"{count} {one}{'' if count == 1 else 's'}"


def groups(review: Review, pick: Callable[[EnvironmentReview], Sequence[Item]]
           ) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """Give what the environments have, told once, with the names of those that have it; "" where there is only one."""
    found = by_environments(told({each.environment: pick(each) for each in review.environments}))
    for environments, items in found.items():
        yield ("" if len(review.environments) == 1 else named(environments)), items
