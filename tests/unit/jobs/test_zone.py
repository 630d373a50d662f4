"""A zone in a folder and one in a bucket keep the same promises."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber

from mlstead_jobs.bucket_zone import BucketZone
from mlstead_jobs.zone import Conflict, ZoneFailure
from mlstead_jobs.zones import zone_of


def test_what_was_written_is_read_and_listed(zone):
    assert zone.read("a/b.json") is None
    version = zone.write("a/b.json", b"one")
    assert zone.read("a/b.json").body == b"one"
    assert zone.read("a/b.json").version == version
    zone.write("a/c.json", b"two")
    zone.write("ab/c.json", b"three")
    assert [entry.key for entry in zone.entries("a/")] == ["a/b.json", "a/c.json"]
    assert [entry.key for entry in zone.entries("a")] == ["a/b.json", "a/c.json", "ab/c.json"]
    assert [entry.size for entry in zone.entries("ab/")] == [5]
    assert list(zone.entries("z/")) == []


def test_a_listing_says_that_content_changed(zone):
    zone.write("a", b"one")
    (before,) = zone.entries("a")
    zone.write("a", b"two, longer")
    (after,) = zone.entries("a")
    assert before.version != after.version
    assert before.modified <= after.modified


def test_what_must_be_new_conflicts_with_what_is_there(zone):
    zone.write("a", b"one", new=True)
    with pytest.raises(Conflict, match="somebody else"):
        zone.write("a", b"two", new=True)
    assert zone.read("a").body == b"one"


def test_what_replaces_conflicts_with_another_version(zone):
    first = zone.write("a", b"one")
    second = zone.write("a", b"two", replacing=first)
    with pytest.raises(Conflict):
        zone.write("a", b"three", replacing=first)
    assert zone.read("a").body == b"two"
    zone.write("a", b"three", replacing=second)
    with pytest.raises(ZoneFailure):
        zone.write("never", b"x", replacing=first)


def test_a_file_goes_up_and_comes_back(zone, tmp_path):
    (tmp_path / "up").write_bytes(b"content" * 1000)
    digest = zone.upload(tmp_path / "up", "data/part-0.parquet")
    assert digest == hashlib.sha256(b"content" * 1000).hexdigest() == zone.sha256("data/part-0.parquet")
    assert zone.sha256("data/none") is None
    zone.fetch("data/part-0.parquet", tmp_path / "down")
    assert (tmp_path / "down").read_bytes() == b"content" * 1000


def test_a_file_goes_up_over_what_was_seen_there_and_over_nothing_else(zone, tmp_path):
    for name in ("one", "two", "three"):
        (tmp_path / name).write_text(name)
    zone.over(tmp_path / "one", "data/a", None)
    with pytest.raises(Conflict):
        zone.over(tmp_path / "two", "data/a", None)
    seen = zone.stored("data/a")
    zone.over(tmp_path / "two", "data/a", seen)
    with pytest.raises(Conflict):
        zone.over(tmp_path / "three", "data/a", seen)
    zone.fetch("data/a", tmp_path / "down")
    assert (tmp_path / "down").read_text() == "two"
    assert [entry.key for entry in zone.entries("")] == ["data/a"]


def test_what_is_not_there_is_said_with_its_address(zone, tmp_path):
    with pytest.raises(ZoneFailure, match="no such object") as refused:
        zone.fetch("data/none", tmp_path / "down")
    assert refused.value.where == zone.uri("data/none")


def test_a_bucket_that_is_not_there_is_said_with_its_address(bucket, tmp_path):
    missing = zone_of("s3://no-such-bucket-here/flight-delays")
    (tmp_path / "up").write_bytes(b"x")
    for attempt in (lambda: list(missing.entries("a")), lambda: missing.write("a", b"x"),
                    lambda: missing.upload(tmp_path / "up", "a")):
        with pytest.raises(ZoneFailure) as refused:
            attempt()
        assert "s3://no-such-bucket-here/flight-delays/a" in str(refused.value)


@pytest.mark.parametrize("uri", ["https://bucket/prefix", "s3://", ""])
def test_an_address_that_is_no_zone_is_refused(uri):
    with pytest.raises(ZoneFailure) as refused:
        zone_of(uri)
    assert "give s3://bucket/prefix" in refused.value.fix


def _count(folder: str, times: int) -> None:
    zone = zone_of(folder)
    for _ in range(times):
        while True:
            there = zone.read("count")
            try:
                if there is None:
                    zone.write("count", b"1", new=True)
                else:
                    zone.write("count", str(int(there.body) + 1).encode(), replacing=there.version)
                break
            except Conflict:
                continue


def test_writers_at_once_lose_no_word_of_each_other(tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_count, args=(str(tmp_path), 50)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = zone_of(str(tmp_path)).read("count")
    assert found is not None
    assert found.body == b"150"


def test_a_bucket_is_asked_for_in_the_region_that_sagemaker_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert BucketZone("s3://lake-raw/flight-delays")._client.meta.endpoint_url == "https://s3.eu-west-1.amazonaws.com"


@pytest.mark.parametrize("code", ["AccessDenied", "403"])
def test_a_refused_right_is_said_with_what_may_be_missing(code: str):
    client = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
    zone = BucketZone("s3://lake-raw/flight-delays", client)
    with Stubber(client) as stubbed, pytest.raises(ZoneFailure) as refused:
        stubbed.add_client_error("get_object", code, "Access Denied", 403)
        zone.read("manifests/a.json")
    assert "the role needs the right" in refused.value.fix and "such as in Studio" in refused.value.fix


def test_the_same_bytes_written_again_are_another_version_in_a_bucket(bucket):
    zone = zone_of(f"{bucket('written-twice')}/flight-delays")
    zone.write("a", b"one")
    (before,) = zone.entries("a")
    time.sleep(1.1)  # a listing tells seconds
    zone.write("a", b"one")
    (after,) = zone.entries("a")
    assert before.version != after.version
