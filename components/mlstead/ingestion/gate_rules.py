"""What gates.toml can demand of a table: the parts of the file."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)

from mlstead.catalog.column_type import NAME
from mlstead.reviewed_file import Part

Kind: TypeAlias = Literal["name", "email", "phone", "card", "account", "identifier"]
Action: TypeAlias = Literal["mask", "tokenise", "refuse", "keep"]
Every: TypeAlias = Literal["day", "month", "year"]
Bound: TypeAlias = int | float | date
KINDS: tuple[Kind, ...] = get_args(Kind)
ACTIONS: tuple[Action, ...] = get_args(Action)


def is_number(value: object) -> bool:
    """Say whether TOML wrote a number there; true, false and nan are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _bounds(value: Any) -> tuple[Bound, Bound]:
    pair = list(value) if isinstance(value, list | tuple) else []
    if len(pair) != 2 or not (all(map(is_number, pair)) or all(isinstance(each, date) for each in pair)):
        raise ValueError("it should be the least and the greatest: two numbers, or two dates")
    try:
        if pair[0] > pair[1]:
            raise ValueError("the least comes first")
    except TypeError:
        raise ValueError("both should be dates, or both times, and both with a time zone or none") from None
    return pair[0], pair[1]


def _numbers(value: Any) -> tuple[Bound, Bound]:
    if not all(map(is_number, _bounds(value))):
        raise ValueError("it should be two numbers")
    return _bounds(value)


def _length(value: Any) -> tuple[int, int]:
    least, greatest = _bounds(value)
    if type(least) is not int or type(greatest) is not int or least < 0:
        raise ValueError("it should be two counts of characters")
    return least, greatest


def _choices(value: Any) -> tuple[str | int, ...]:
    choices = tuple(value) if isinstance(value, list | tuple) else ()
    if not choices or {type(each) for each in choices} not in ({str}, {int}) or len(set(choices)) < len(choices):
        raise ValueError("it should be texts, or whole numbers, each once")
    return choices


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"it is no regular expression: {error}") from None
    return value


Name = Annotated[str, StringConstraints(pattern=f"^{NAME.pattern}$")]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Personal(Part):
    """What becomes of the personal data in a column: "mask", "tokenise", "refuse" or { keep = "reason" }."""

    action: Action
    """What to do with it."""

    reason: str = ""
    """Why it is kept."""

    @model_validator(mode="before")
    @classmethod
    def _action_alone(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"keep"} and str(value["keep"]).strip():
            return {"action": "keep", "reason": value["keep"]}
        if value not in ("mask", "tokenise", "refuse"):
            raise ValueError('it should be "mask", "tokenise", "refuse" or { keep = "the reason" }')
        return {"action": value}


class ColumnRules(Part):
    """What is demanded of a column: of its cells, row by row, and of them all in a batch."""

    required: StrictBool = False
    """Whether every row has a value."""

    matches: Annotated[str, AfterValidator(_pattern)] | None = None
    """Of a text: the regular expression that the whole value matches."""

    one_of: Annotated[tuple[str | int, ...], PlainValidator(_choices)] | None = None
    """The values that there are."""

    between: Annotated[tuple[Bound, Bound], PlainValidator(_bounds)] | None = None
    """The least and the greatest value, both allowed; numbers, dates or times."""

    length: Annotated[tuple[int, int], PlainValidator(_length)] | None = None
    """Of a text: the least and the greatest number of characters."""

    missing_at_most: Share | None = None
    """Of a batch: the greatest share of rows without a value."""

    mean_between: Annotated[tuple[Bound, Bound], PlainValidator(_numbers)] | None = None
    """Of a batch: the least and the greatest mean; a column that changed its unit leaves it."""

    personal: Personal | None = None
    """What becomes of personal data; None: a text is scanned, and a find refuses its row."""

    kind: Kind | None = None
    """What the whole cell is; None: what the detector finds in it."""

    @model_validator(mode="after")
    def _consistent(self) -> ColumnRules:
        if self.kind and (self.personal is None or self.personal.action == "keep"):
            raise ValueError('kind says what is masked, tokenised or refused, so it needs personal = "mask" or another')
        if self.required and self.missing_at_most:
            raise ValueError("a required column cannot have missing values, so missing_at_most says nothing")
        return self


class Batch(Part):
    """What splits a table's rows into batches; a column's name alone may stand for it."""

    column: Name
    """The column."""

    every: Every | None = None
    """Of a date or time: how long a batch is; None: each value is a batch."""

    @model_validator(mode="before")
    @classmethod
    def _column_alone(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value

    @property
    def label(self) -> str:
        """Give what is left of = in the folders' names."""
        return self.every or self.column


class Rows(Part):
    """How many rows a batch has."""

    at_least: Annotated[StrictInt, Field(ge=0)] = 1
    """The fewest."""

    at_most: Annotated[StrictInt, Field(ge=1)] | None = None
    """The most; None: any."""

    @model_validator(mode="after")
    def _ordered(self) -> Rows:
        if self.at_most is not None and self.at_most < self.at_least:
            raise ValueError(f"at_most is {self.at_most}, below at_least")
        return self


class Fresh(Part):
    """How old a batch's newest value may be when it is delivered."""

    column: Name
    """The column with the time."""

    within_days: Annotated[float, Field(gt=0, strict=True)]
    """How many days before the delivery."""


class Relation(Part):
    """Rows that should have a counterpart in another table's same batch."""

    columns: Annotated[tuple[Name, ...], Field(min_length=1)]
    """The columns, of both tables, that are equal in counterparts."""

    at_least: Share = 1.0
    """The least share of rows with a counterpart."""


class TableRules(Part):
    """What is demanded of a table."""

    batch: Batch | None = None
    """What splits it into batches; None: it is one."""

    key: tuple[Name, ...] = ()
    """The columns that are unique together in a batch."""

    rows: Rows | None = None
    """How many rows a batch has."""

    fresh: Fresh | None = None
    """How old a batch may be."""

    columns: dict[Name, ColumnRules] = {}
    """Rules of columns."""

    relations: dict[Name, Relation] = {}
    """Tables that rows have counterparts in."""


class Features(Part):
    """What may be learnt from."""

    admitted: dict[Name, Reason] = {}
    """Columns tagged pii that may be features after all, each with the reason."""
