"""What cannot be delivered is told before anything is uploaded; what is delivered starts the pipeline once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlstead.errors import MlsteadError
from mlstead_jobs.bucket_zone import BucketZone
from mlstead_toolkit.cli.data_declarations import Declarations
from mlstead_toolkit.cli.data_delivery import Parcel, land, parcels

DECLARED = Declarations(("flights", "weather"), {}, {}, {})


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An S3 of this process with one bucket."""
    import boto3
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="raw")
        yield client


@pytest.fixture
def raw(s3: Any) -> BucketZone:
    return BucketZone("s3://raw/flight-delays", s3)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("flights/flights-04.csv", "flights/flights-05.parquet", "weather/weather-04.csv.gz"):
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a,b\n1,2\n")
    return tmp_path / "files"


def test_a_folder_of_tables_gives_each_file_its_table(files: Path) -> None:
    found = parcels([files], None, DECLARED)
    assert [(one.table, one.file.name) for one in found] == [
        ("flights", "flights-04.csv"), ("flights", "flights-05.parquet"), ("weather", "weather-04.csv.gz")]


def test_a_table_that_is_named_is_every_files(files: Path) -> None:
    assert {one.table for one in parcels([files / "flights"], "weather", DECLARED)} == {"weather"}


def test_the_only_table_there_is_needs_no_name(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a\n1\n")
    assert parcels([tmp_path / "rows.csv"], None, Declarations(("orders",), {}, {}, {}))[0].table == "orders"


def broken(folder: Path, name: str, content: str | None) -> Path:
    path = folder / name
    if content is not None:
        path.write_text(content)
    return path


@pytest.mark.parametrize(("name", "content", "table", "says"), [
    ("missing.csv", None, "flights", "There is no such file"),
    ("empty.csv", "", "flights", "empty.csv is empty"),
    ("flights.xlsx", "x", "flights", "neither CSV nor Parquet"),
    ("rows.csv", "a\n1\n", "flihgts", "did you mean 'flights'"),
    ("rows.csv", "a\n1\n", "orders", "mlstead data infer FILE --table orders"),
    ("rows.csv", "a\n1\n", None, "there are: flights, weather"),
    ("scan.csv", "%PDF-1.7\n", "flights", "scan.csv is no CSV but a PDF"),
    ("orders.csv", "PK\x03\x04", "flights", "Excel"),
])
def test_what_cannot_be_delivered_is_told_with_a_way_out(
    tmp_path: Path, name: str, content: str | None, table: str | None, says: str
) -> None:
    with pytest.raises(MlsteadError) as caught:
        parcels([broken(tmp_path, name, content)], table, DECLARED)
    assert says in str(caught.value) and caught.value.fix


def test_an_empty_folder_and_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(MlsteadError, match="no file in this folder"):
        parcels([tmp_path / "none"], "flights", DECLARED)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "rows.csv").write_text("a\n1\n")
    with pytest.raises(MlsteadError, match=r"Two of the files are called rows\.csv"):
        parcels([tmp_path / "a", tmp_path / "b"], "flights", DECLARED)


def test_one_file_lands_under_its_name(raw: BucketZone, s3: Any, files: Path) -> None:
    sent: list[int] = []
    keys = land(raw, s3, [Parcel("flights", files / "flights/flights-04.csv")], sent.append)
    landed = raw.read(keys[0])
    assert keys == ["landing/flights/flights-04.csv"] and sum(sent) == 8
    assert landed is not None and landed.body == (files / "flights/flights-04.csv").read_bytes()


def test_a_name_that_was_delivered_before_is_another_delivery(raw: BucketZone, s3: Any, files: Path) -> None:
    parcel = [Parcel("flights", files / "flights/flights-04.csv")]
    first, second = land(raw, s3, parcel), land(raw, s3, parcel)
    assert first != second and second[0].startswith("incoming/")


def test_several_files_are_announced_once_all_are_there(raw: BucketZone, s3: Any, files: Path) -> None:
    keys = land(raw, s3, parcels([files], None, DECLARED))
    assert all(key.startswith("incoming/") and raw.read(key) for key in keys)
    [landed] = list(raw.entries("landing/"))
    content = raw.read(landed.key)
    assert content is not None and landed.key.endswith(".manifest.json")
    assert json.loads(content.body)["files"] == [
        {"table": table, "key": key} for table, key in zip(("flights", "flights", "weather"), keys, strict=True)]
