"""The tables of a project as its tables.toml describes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from mlstead.catalog.column_type import NAME, check_column_type
from mlstead.catalog.sensitivity import Sensitivity
from mlstead.lake.zones import DATA_ZONES, Zone
from mlstead.refusal import Refusal
from mlstead.reviewed_file import Part, guess, read_toml, refusal

Name = Annotated[str, StringConstraints(pattern=f"^{NAME.pattern}$")]
ColumnType = Annotated[str, AfterValidator(check_column_type)]
_FOLDER = re.compile(r"[A-Za-z0-9_.=-]+(/[A-Za-z0-9_.=-]+)*")


class Column(Part):
    """A column; its type alone may stand for it."""

    type: ColumnType
    """The type as Glue writes it."""

    sensitivity: Sensitivity | None = None
    """How sensitive it is; None: as its table."""

    comment: Annotated[str, Field(max_length=255)] = ""
    """What it holds, and its unit."""

    @model_validator(mode="before")
    @classmethod
    def _type_alone(cls, value: Any) -> Any:
        return {"type": value} if isinstance(value, str) else value


class Projection(Part):
    """Which values a partition column takes, so that Athena finds partitions that nobody added to the catalog.

    Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
    """

    type: Literal["enum", "integer", "date"]
    """How the values are said."""

    values: str | None = None
    """Of an enum: the values, with commas."""

    range: str | None = None
    """Of integers and dates: the first and the last, with a comma."""

    digits: Annotated[int, Field(ge=1)] | None = None
    """Of integers: how many digits each has in the folder's name, leading zeros included."""

    format: str | None = None
    """Of dates: how they are written, such as yyyy-MM-dd."""

    @model_validator(mode="after")
    def _complete(self) -> Projection:
        needed = {"enum": ("values",), "integer": ("range",), "date": ("range", "format")}[self.type]
        if lacking := [key for key in needed if not getattr(self, key)]:
            raise ValueError(f"the projection of type {self.type} needs {' and '.join(lacking)}")
        return self


class PartitionColumn(Part):
    """A column that is the name of a folder, `month=01`, and not in the files."""

    type: ColumnType
    """The type as Glue writes it."""

    projection: Projection
    """Which values it takes."""

    comment: Annotated[str, Field(max_length=255)] = ""
    """What it holds."""


class Table(Part):
    """A folder of Parquet files."""

    comment: Annotated[str, Field(min_length=1, max_length=2048)]
    """What a row is."""

    path: str
    """Where it lies in its zone, below the project's own prefix."""

    sensitivity: Sensitivity = "internal"
    """How sensitive its columns are that say nothing else."""

    columns: Annotated[dict[Name, Column], Field(min_length=1)]
    """The columns in the files."""

    partitions: dict[Name, PartitionColumn] = {}
    """The columns in the folders' names."""

    @model_validator(mode="after")
    def _consistent(self) -> Table:
        if not _FOLDER.fullmatch(self.path) or ".." in self.path.split("/"):
            raise ValueError(f"path is {self.path!r}, but it should be a folder such as flights, without outer slashes")
        if both := sorted(self.columns.keys() & self.partitions.keys()):
            raise ValueError(f"{', '.join(both)} cannot be a column of the files and of the folders")
        return self

    def differing(self) -> dict[str, Sensitivity]:
        """Give the columns that are more or less sensitive than the table."""
        return {
            name: column.sensitivity for name, column in self.columns.items()
            if column.sensitivity not in (None, self.sensitivity)
        }


Tables = Mapping[Zone, Mapping[str, Table]]
_TABLES: TypeAdapter[dict[Zone, dict[str, Table]]] = TypeAdapter(dict[Zone, dict[Name, Table]])


def read_tables(path: str | Path) -> Tables:
    """Read tables.toml: zone → name → table.

    Raises:
        Refusal: there is no such file, or something in it is wrong; names the file, the table, and what to write.
    """
    file = Path(path).resolve()
    said = read_toml(file, "There is no description of tables.",
                     "write one table for each folder of Parquet files: [raw.flights]")
    for zone in said:
        if zone not in DATA_ZONES:
            raise Refusal(f"[{zone}] is no zone that holds tables.{guess(zone, DATA_ZONES)}", where=str(file),
                          fix=f"the zones are {', '.join(DATA_ZONES)}")
    if not any(said.values()):
        raise Refusal("No table is described.", where=str(file),
                      fix="write one for each folder of Parquet files: [raw.flights]")
    try:
        tables = _TABLES.validate_python(said)
    except ValidationError as error:
        raise refusal(file, error.errors(), _keys) from None
    for zone, described in tables.items():
        _refuse_shared_files(zone, described, file)
    return tables


def _refuse_shared_files(zone: Zone, tables: Mapping[str, Table], file: Path) -> None:
    """Refuse two tables of the same files: what the one calls pii, the other would show."""
    for name, table in tables.items():
        for other, outer in tables.items():
            if name != other and f"{table.path}/".startswith(f"{outer.path}/"):
                raise Refusal(f"[{zone}.{name}] and [{zone}.{other}] describe the same files, in {table.path}.",
                              where=str(file), fix="describe each folder once; a folder in another's is part of it")


def _keys(inside: list[str]) -> list[str]:
    """Give the keys that a place takes, by its depth: zone.table, zone.table.columns.name, ….partitions.name."""
    column: type[Part] = Column if "columns" in inside[2:3] else PartitionColumn
    models: dict[int, type[Part]] = {2: Table, 4: column, 5: Projection}
    return list(models[len(inside)].model_fields)
