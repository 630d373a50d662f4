"""Rows by ranges of a column: every row once, those of one value together, whatever order they came in."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlstead_jobs.ranges import in_ranges


def written(folder: Path, *frames: pd.DataFrame) -> list[Path]:
    files = [folder / f"part-{number}.parquet" for number in range(len(frames))]
    for frame, file in zip(frames, files, strict=True):
        frame.to_parquet(file, index=False, row_group_size=500)
    return files


@pytest.fixture
def flights() -> pd.DataFrame:
    random = np.random.default_rng(6)
    hours = pd.Timestamp("2013-01-01", tz="UTC") + pd.to_timedelta(random.integers(0, 700, 5000), unit="h")
    return pd.DataFrame({"time_hour": hours, "flight": np.arange(5000), "carrier": random.choice(["UA", "B6"], 5000)})


def test_every_row_is_in_one_range_and_ranges_follow_one_another(tmp_path: Path, flights: pd.DataFrame) -> None:
    files = written(tmp_path, flights[:3000], flights[3000:])
    ranges = [table.to_pandas() for table in in_ranges(files, "time_hour", ["flight", "time_hour"], 400)]
    assert len(ranges) > 10
    # A range ends where a value does, so it may hold the rows of one hour more (here at most 20) than it was asked for.
    assert max(map(len, ranges)) <= 420
    hours = [table["time_hour"] for table in ranges]
    assert all(before.max() < after.min() for before, after in pairwise(hours))
    assert sorted(pd.concat(ranges)["flight"]) == list(range(5000))
    assert [*ranges[0].columns] == ["flight", "time_hour"]


def test_the_order_they_came_in_moves_no_row_to_another_range(tmp_path: Path, flights: pd.DataFrame) -> None:
    (tmp_path / "shuffled").mkdir()
    orders = written(tmp_path, flights), written(tmp_path / "shuffled", flights.sample(frac=1, random_state=1))
    one, other = ([set(table["flight"].to_pylist()) for table in in_ranges(files, "time_hour", ["flight"], 400)]
                  for files in orders)
    assert one == other


def test_a_value_that_most_rows_share_is_one_range(tmp_path: Path) -> None:
    files = written(tmp_path, pd.DataFrame({"n": [7] * 1000 + [3, 9]}))
    assert [table["n"].to_pylist() for table in in_ranges(files, "n", ["n"], 100)] == [[3], [7] * 1000 + [9]]


def test_rows_without_a_value_come_last(tmp_path: Path) -> None:
    files = [tmp_path / "part-0.parquet"]
    pq.write_table(pa.table({"n": pa.array([None, 1, None, 0], pa.int64())}), files[0])
    assert [table["n"].to_pylist() for table in in_ranges(files, "n", ["n"], 2)] == [[1, 0], [None, None]]


def test_files_without_rows_give_one_range_without_rows(tmp_path: Path, flights: pd.DataFrame) -> None:
    (table,) = in_ranges(written(tmp_path, flights[:0]), "time_hour", ["flight"], 100)
    assert (table.num_rows, table.column_names) == (0, ["flight"])


def test_files_whose_types_differ_are_given_the_wider(tmp_path: Path) -> None:
    files = written(tmp_path, pd.DataFrame({"n": [1], "x": [1]}), pd.DataFrame({"n": [2], "x": [1.5]}))
    assert [table["x"].to_pylist() for table in in_ranges(files, "n", ["x"], 1)] == [[1.0], [1.5]]


def test_nothing_is_left_on_disk(tmp_path: Path, flights: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    volume = tmp_path / "processing"
    volume.mkdir()
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    ranges = in_ranges(written(tmp_path, flights), "time_hour", ["flight"], 100)
    next(ranges)
    assert [*volume.iterdir()]
    ranges.close()
    assert not [*volume.iterdir()]
