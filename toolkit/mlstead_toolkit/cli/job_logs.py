"""The lines that a project's jobs and endpoint wrote to CloudWatch Logs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GROUPS = {"TrainingJob": "/aws/sagemaker/TrainingJobs", "ProcessingJob": "/aws/sagemaker/ProcessingJobs",
          "TransformJob": "/aws/sagemaker/TransformJobs"}
POLL_SECONDS = 1.0
TRACEBACK, FRAME = "Traceback (most recent call last):", re.compile(r'\s+File "(.+)", line (\d+)')


@dataclass(frozen=True)
class LogSource:
    """A log group, and the start of the names of the streams that are meant."""

    group: str
    stream_prefix: str = ""


def endpoint_source(endpoint: str) -> LogSource:
    """Give where an endpoint's containers write."""
    return LogSource(f"/aws/sagemaker/Endpoints/{endpoint}")


def job_source(kind: str, job: str) -> LogSource:
    """Give where a job's containers write; `kind` as in a step's metadata, TrainingJob for one."""
    return LogSource(GROUPS[kind], f"{job}/")


def lines(logs: Any, source: LogSource, *, since: int = 0) -> list[dict[str, Any]]:
    """Give the events of a source from a time on (milliseconds), oldest first; nothing where it has not written yet."""
    found = []
    try:
        for stream in _streams(logs, source):
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=source.group, logStreamNames=[stream], startTime=since)
            found += [event for page in pages for event in page["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return sorted(found, key=lambda event: event["timestamp"])


def _streams(logs: Any, source: LogSource) -> list[str]:
    """Name the streams that are meant: moto's filter_log_events knows streams by their names only."""
    named = {"logStreamNamePrefix": source.stream_prefix} if source.stream_prefix else {}
    pages = logs.get_paginator("describe_log_streams").paginate(logGroupName=source.group, **named)
    return [stream["logStreamName"] for page in pages for stream in page["logStreams"]]


def messages(logs: Any, source: LogSource) -> list[str]:
    """Give every line of a source."""
    return [event["message"].rstrip("\n") for event in lines(logs, source)]


def last_message(logs: Any, source: LogSource) -> str:
    """Give the last line that a source has written, and read no other; nothing where it has written none."""
    try:
        for stream in _streams(logs, source)[-1:]:
            found = logs.get_log_events(logGroupName=source.group, logStreamName=stream, limit=1, startFromHead=False)
            return found["events"][-1]["message"].strip() if found["events"] else ""
    except logs.exceptions.ResourceNotFoundException:
        pass
    return ""


def without_tracebacks(written: list[str]) -> tuple[list[str], list[tuple[str, int]]]:
    """Part the lines from Python's tracebacks among them; these give (file, line) of each frame, the innermost last."""
    kept, frames, within = list[str](), list[tuple[str, int]](), False
    for line in written:
        if line.strip() == TRACEBACK:
            within = True
        elif not within:
            kept.append(line)
        elif frame := FRAME.match(line):
            frames.append((frame[1], int(frame[2])))
        elif line and not line[0].isspace():
            within = False  # the exception itself, which is the reason that the step gives
    return kept, frames


def follow(logs: Any, source: LogSource) -> Iterator[dict[str, Any]]:
    """Yield events as they come, until interrupted."""
    since, seen = 0, set[str]()
    while True:
        fresh = [event for event in lines(logs, source, since=since) if event["eventId"] not in seen]
        yield from fresh
        if fresh:
            latest = max(event["timestamp"] for event in fresh)
            seen = {event["eventId"] for event in fresh if event["timestamp"] == latest} | (
                seen if latest == since else set())
            since = latest
        time.sleep(POLL_SECONDS)


def clock(event: dict[str, Any]) -> str:
    """Give the time of an event, hours to seconds, UTC."""
    return datetime.fromtimestamp(event["timestamp"] / 1000, tz=UTC).strftime("%H:%M:%S")
