"""Lines come once, in order, while they are followed."""

from itertools import islice
from types import SimpleNamespace
from typing import Any

import pytest

from mlstead_toolkit.cli import job_logs


class FakeLogs:
    """A log that grows by one page at each look; two lines may bear the same time."""

    class exceptions:
        class ResourceNotFoundException(Exception):
            pass

    def __init__(self, pages: list[list[tuple[int, str]]]) -> None:
        self.pages, self.looks = pages, 0

    def get_paginator(self, name: str) -> Any:
        return SimpleNamespace(paginate=getattr(self, name))

    def describe_log_streams(self, *, logGroupName: str, logStreamNamePrefix: str) -> list[dict[str, Any]]:
        if not self.pages:
            raise self.exceptions.ResourceNotFoundException
        return [{"logStreams": [{"logStreamName": f"{logStreamNamePrefix}algo-1"}]}]

    def filter_log_events(self, *, logGroupName: str, logStreamNames: list[str], startTime: int
                          ) -> list[dict[str, Any]]:
        assert logStreamNames == ["job-1/algo-1"]
        self.looks += 1
        written = [line for page in self.pages[:self.looks] for line in page]
        return [{"events": [{"eventId": f"{time}-{text}", "timestamp": time, "message": text}
                            for time, text in reversed(written) if time >= startTime]}]


SOURCE = job_logs.job_source("TrainingJob", "job-1")


def test_a_job_writes_below_the_group_of_its_kind() -> None:
    assert job_logs.LogSource("/aws/sagemaker/TrainingJobs", "job-1/") == SOURCE


def test_lines_come_oldest_first() -> None:
    logs = FakeLogs([[(3, "c"), (1, "a"), (2, "b")]])
    assert [event["message"] for event in job_logs.lines(logs, SOURCE)] == ["a", "b", "c"]
    assert job_logs.messages(logs, SOURCE) == ["a", "b", "c"]


def test_a_traceback_becomes_the_places_that_it_names() -> None:
    written = ["rows: 7", "Traceback (most recent call last):", '  File "/p/src/train.py", line 3, in <module>',
               "    raise ValueError", '  File "/lib/x.py", line 9', "ValueError: cold", "", "closing"]
    assert job_logs.without_tracebacks(written) == (["rows: 7", "", "closing"], [("/p/src/train.py", 3),
                                                                                 ("/lib/x.py", 9)])


def test_a_job_that_has_written_nothing_gives_nothing() -> None:
    assert job_logs.lines(FakeLogs([]), SOURCE) == []


def test_following_gives_each_line_once_though_times_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_logs.time, "sleep", lambda seconds: None)
    logs = FakeLogs([[(1, "a")], [(1, "b")], [(2, "c")], [], [(2, "d")]])
    assert [event["message"] for event in islice(job_logs.follow(logs, SOURCE), 4)] == ["a", "b", "c", "d"]
