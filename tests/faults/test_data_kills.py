"""Ingestion and gates that are killed in the middle of a batch: the next run completes, no row twice, none missing."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlstead_toolkit.cloud.control import CloudStatus

REGION = "eu-west-1"
SEED, MOMENTS, TIMES, ON_S3 = 5, 16, 4, 3
ZONES = ("raw", "quarantine", "curated")
TABLES = """
[raw.trips]
comment = "A trip"
path = "trips"
[raw.trips.columns]
id = "bigint"
month = "bigint"
place = "string"
miles = "double"
[raw.places]
comment = "A place in a month"
path = "places"
[raw.places.columns]
month = "bigint"
place = "string"
"""
RULES = """
[trips]
batch = "month"
key = ["id"]
[trips.columns]
miles = { between = [0, 100], mean_between = [0, 60] }
place = { personal = "tokenise", kind = "identifier" }
[trips.relations.places]
columns = ["place"]
[places]
batch = "month"
"""
COUNT = 3000
VOLATILE = ("at", "ingested_at", "batches")  # a batch that a killed run has written is "unchanged" to the next


class Runner:
    """A process that runs jobs in forks of its own."""

    def __init__(self, **environment: str) -> None:
        self._process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("data_run.py"))], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | environment)

    def run(self, place: Place, kill: int | None = None, after: float | None = None) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        job = {"zones": place.zones, "tables": str(place.root / "tables.toml"), "rules": str(place.root / "gates.toml"),
               "kill": kill, "after": after}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class Place:
    """The zones of a project in a folder, with what was delivered."""

    def __init__(self, root: Path) -> None:
        self.root, self.zones = root, [str(root / zone) for zone in ZONES]

    def furnish(self) -> None:
        self.root.mkdir(parents=True)
        (self.root / "tables.toml").write_text(TABLES)
        (self.root / "gates.toml").write_text(RULES)
        trips = delivered()
        worse = trips[trips["month"] == 2].assign(miles=99.0)  # quarantined whole; what is in curated would stay
        corrected = trips[trips["month"] == 3].assign(miles=50.0)
        places = pd.DataFrame({"month": [1, 2, 3], "place": "EWR"})
        for number, (table, frame) in enumerate((("trips", trips), ("trips", worse), ("trips", corrected),
                                                  ("places", places))):
            file = self.root / "raw/landing" / table / f"{number}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            frame.to_parquet(file, index=False)
            os.utime(file, (1.7e9 + number, 1.7e9 + number))

    def data(self) -> dict[str, bytes]:
        return {str(file.relative_to(self.root)): file.read_bytes() for zone in ZONES
                for file in (self.root / zone).glob("*/*/part-0.parquet") if "landing" not in file.parts}

    def books(self) -> dict[str, dict[str, Any]]:
        return {
            str(file.relative_to(self.root)): {
                name: value for name, value in json.loads(file.read_text()).items() if name not in VOLATILE}
            for zone in ZONES for folder in ("manifests", "deliveries", "reports")
            for file in (self.root / zone / folder).rglob("*.json")
        }

    def rows(self, zone: str) -> pd.DataFrame:
        files = sorted((self.root / zone / "trips").glob("*/part-0.parquet"))
        return pd.concat([pd.read_parquet(file) for file in files]) if files else pd.DataFrame(columns=["id", "miles"])


def delivered() -> pd.DataFrame:
    """Trips of three months, of which every hundredth is too long, and two share their id."""
    ids = list(range(COUNT))
    ids[7] = 8
    return pd.DataFrame({
        "id": ids, "month": [1 + each % 3 for each in range(COUNT)], "place": "EWR",
        "miles": [500.0 if each % 100 == 0 else float(each % 50) for each in range(COUNT)],
    })


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """What runs jobs."""
    running = Runner()
    yield running
    running.close()


@pytest.fixture(scope="module")
def undisturbed(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Place, dict[str, Any]]:
    """The place before any run, after one that nobody disturbed, and how many moments and seconds that took."""
    before, after = (Place(tmp_path_factory.mktemp("data") / name) for name in ("before", "after"))
    before.furnish()
    shutil.copytree(before.root, after.root)
    told = runner.run(after)
    assert told["code"] == 0 and told["moments"] > 100
    return before, after, told


def check_whole(place: Place) -> None:
    """Every row that came in is in curated or in quarantine, once."""
    came, passed, failed = place.rows("raw"), place.rows("curated"), place.rows("quarantine")
    assert sorted(came["id"]) == sorted([*passed["id"], *failed["id"]])
    assert len(came) == COUNT
    for report in (book for name, book in place.books().items() if "reports" in name):
        assert report["rows_in"] == report["rows_curated"] + report["rows_quarantined"]


def check_same(place: Place, other: Place) -> None:
    assert place.data() == other.data()
    assert place.books() == other.books()


def test_an_undisturbed_run_accounts_for_every_row(undisturbed: tuple[Place, Place, dict[str, Any]]) -> None:
    _, after, _ = undisturbed
    check_whole(after)
    assert {name.split("/")[0] for name in after.data()} == set(ZONES)


@pytest.mark.parametrize("nth", range(MOMENTS))
def test_a_run_killed_at_a_write_is_completed_by_the_next(
        nth: int, runner: Runner, undisturbed: tuple[Place, Place, dict[str, Any]], tmp_path: Path) -> None:
    before, after, told = undisturbed
    moment = sorted(random.Random(SEED).sample(range(told["moments"]), MOMENTS))[nth]
    place = Place(tmp_path / "killed")
    shutil.copytree(before.root, place.root)
    assert runner.run(place, kill=moment)["signal"] == signal.SIGKILL
    assert (place.rows("curated")["miles"] <= 100).all()  # what is there was checked, whenever the end comes
    assert runner.run(place)["code"] == 0
    check_whole(place)
    check_same(place, after)


@pytest.mark.parametrize("nth", range(TIMES))
def test_a_run_killed_at_any_time_is_completed_by_the_next(
        nth: int, runner: Runner, undisturbed: tuple[Place, Place, dict[str, Any]], tmp_path: Path) -> None:
    before, after, told = undisturbed
    seconds = random.Random(SEED + nth).uniform(nth, nth + 1) / TIMES * told["seconds"]
    place = Place(tmp_path / "killed")
    shutil.copytree(before.root, place.root)
    runner.run(place, after=seconds)
    assert (place.rows("curated")["miles"] <= 100).all()
    assert runner.run(place)["code"] == 0
    check_whole(place)
    check_same(place, after)


def test_a_run_killed_on_s3_is_completed_by_the_next(
        cloud: CloudStatus, boto: Callable[[str], Any], undisturbed: tuple[Place, Place, dict[str, Any]],
        tmp_path: Path) -> None:
    before, after, told = undisturbed
    s3, runner = boto("s3"), Runner(AWS_ENDPOINT_URL=cloud.endpoint, AWS_ACCESS_KEY_ID="mlstead",
                                    AWS_SECRET_ACCESS_KEY="mlstead", AWS_DEFAULT_REGION=REGION)
    for zone in ZONES:
        s3.create_bucket(Bucket=f"lake-{zone}", CreateBucketConfiguration={"LocationConstraint": REGION})
    try:
        for moment in random.Random(SEED).sample(range(told["moments"] // 2), ON_S3):
            place = Place(before.root)
            place.zones = [f"s3://lake-{zone}/killed-{moment}" for zone in ZONES]
            for file in (before.root / "raw/landing").rglob("*.parquet"):
                key = file.relative_to(before.root / "raw")
                s3.upload_file(str(file), "lake-raw", f"killed-{moment}/{key}")
            assert runner.run(place, kill=moment)["signal"] == signal.SIGKILL
            assert runner.run(place)["code"] == 0
            copy = Place(tmp_path / str(moment))
            for zone in ZONES:
                for page in s3.get_paginator("list_objects_v2").paginate(Bucket=f"lake-{zone}"):
                    for found in page["Contents"]:
                        folder, _, key = found["Key"].partition("/")
                        if folder == f"killed-{moment}":
                            (copy.root / zone / key).parent.mkdir(parents=True, exist_ok=True)
                            s3.download_file(f"lake-{zone}", found["Key"], str(copy.root / zone / key))
            check_whole(copy)
            assert copy.data() == after.data()
    finally:
        runner.close()


def test_a_run_that_is_killed_again_and_again_still_gets_there(
        runner: Runner, undisturbed: tuple[Place, Place, dict[str, Any]], tmp_path: Path) -> None:
    before, after, _ = undisturbed
    place = Place(tmp_path / "killed")
    shutil.copytree(before.root, place.root)
    for moment in (60, 50, 40, 30):
        assert runner.run(place, kill=moment)["signal"] == signal.SIGKILL
    assert runner.run(place)["code"] == 0
    check_same(place, after)


def test_the_commands_themselves_are_killed_and_run_again(
        undisturbed: tuple[Place, Place, dict[str, Any]], tmp_path: Path) -> None:
    before, _, _ = undisturbed
    place = Place(tmp_path / "killed")
    shutil.copytree(before.root, place.root)
    (place.root / "gates.toml").write_text(RULES.replace('"tokenise", kind = "identifier"', '"mask"'))
    zones = [f"--{name}={uri}" for name, uri in zip(ZONES, place.zones, strict=True)]

    def start(job: str) -> subprocess.Popen[str]:
        arguments = ["--tables=tables.toml", "--rules=gates.toml", "--lease-seconds=1",
                     *zones[: 3 if job == "gate" else 2]]
        environment = {**os.environ, "SAGEMAKER_BASE_DIR": str(place.root / "ml")}
        return subprocess.Popen([sys.executable, "-m", f"mlstead_jobs.{job}", *arguments], cwd=place.root, text=True,
                                stdout=subprocess.PIPE, env=environment)

    for job, sign in (("ingest", "raw/trips"), ("gate", "curated/places")):
        killed = start(job)
        ends = time.monotonic() + 60
        while not (place.root / sign).exists() and killed.poll() is None and time.monotonic() < ends:
            time.sleep(0.005)
        killed.kill()
        killed.communicate()
        assert killed.returncode == -signal.SIGKILL
        said, _ = start(job).communicate(timeout=120)
    check_whole(place)
    assert "batches through the gates" in said.splitlines()[-1]
