"""Schedule expressions in AWS's dialect: what is one, and when it comes due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mlstead_toolkit.schedule import parse

NOW = datetime(2024, 2, 28, 12, 30, 45, tzinfo=UTC)  # a Wednesday of a leap year


def due(expression: str, count: int = 1) -> list[str]:
    schedule, moment, found = parse(expression), NOW, []
    for _ in range(count):
        later = schedule.next_after(moment, NOW)
        if later is None:
            break
        found.append(f"{later:%Y-%m-%d %H:%M}")
        moment = later
    return found


def test_a_rate_counts_from_the_beginning_and_catches_up_without_a_burst() -> None:
    schedule = parse("rate(15 minutes)")

    assert schedule.next_after(NOW, NOW) == NOW + timedelta(minutes=15)
    assert schedule.next_after(NOW + timedelta(minutes=15), NOW) == NOW + timedelta(minutes=30)
    assert schedule.next_after(NOW + timedelta(minutes=59), NOW) == NOW + timedelta(minutes=60)
    assert parse("rate(1 day)").next_after(NOW, NOW) == NOW + timedelta(days=1)


@pytest.mark.parametrize(("expression", "expected"), [
    ("cron(0 6 * * ? *)", ["2024-02-29 06:00", "2024-03-01 06:00"]),
    ("cron(31 12 * * ? *)", ["2024-02-28 12:31", "2024-02-29 12:31"]),
    ("cron(30 12 * * ? *)", ["2024-02-29 12:30", "2024-03-01 12:30"]),
    ("cron(0/20 12-13 * * ? *)", ["2024-02-28 12:40", "2024-02-28 13:00", "2024-02-28 13:20"]),
    ("cron(*/30 0 ? * MON-FRI *)", ["2024-02-29 00:00", "2024-02-29 00:30", "2024-03-01 00:00"]),
    ("cron(0 8 ? * 1 *)", ["2024-03-03 08:00", "2024-03-10 08:00"]),
    ("cron(0 8 L * ? *)", ["2024-02-29 08:00", "2024-03-31 08:00"]),
    ("cron(0 8 LW * ? *)", ["2024-02-29 08:00", "2024-03-29 08:00"]),
    ("cron(0 8 1W * ? *)", ["2024-03-01 08:00", "2024-04-01 08:00", "2024-05-01 08:00", "2024-06-03 08:00"]),
    ("cron(0 8 ? * 6L *)", ["2024-03-29 08:00", "2024-04-26 08:00"]),
    ("cron(0 8 ? * 3#2 *)", ["2024-03-12 08:00", "2024-04-09 08:00"]),
    ("cron(0 8 ? * THU#5 *)", ["2024-02-29 08:00", "2024-05-30 08:00"]),
    ("cron(0 0 29 FEB ? *)", ["2024-02-29 00:00", "2028-02-29 00:00"]),
    ("cron(0 0 1,15 JAN,JUN ? 2024-2025)", ["2024-06-01 00:00", "2024-06-15 00:00", "2025-01-01 00:00"]),
])
def test_a_cron_comes_due_as_aws_says(expression: str, expected: list[str]) -> None:
    assert due(expression, len(expected)) == expected


@pytest.mark.parametrize("expression", ["cron(0 0 31 2 ? *)", "cron(0 0 1 1 ? 2023)"])
def test_a_cron_that_is_never_due_again_says_so(expression: str) -> None:
    assert due(expression) == []


@pytest.mark.parametrize(("expression", "told"), [
    ("every day", "is no schedule: write rate"),
    ("rate(1 day", "is no schedule"),
    ("rate(5 minute)", "AWS takes rate"),
    ("rate(1 days)", "AWS takes rate"),
    ("rate(0 minutes)", "above 0"),
    ("rate(1 week)", "minutes, hours or days"),
    ("cron(0 6 * * *)", "six fields"),
    ("cron(0 6 * * * *)", "must be [?]"),
    ("cron(0 6 ? * ? *)", "must be [?]"),
    ("cron(60 6 * * ? *)", "'60' is no minutes: 0-59"),
    ("cron(0 6 ? * 8 *)", "'8' is no day-of-week: 1-7 or SUN-SAT"),
    ("cron(0 6 ? * MON#6 *)", "# takes 1 to 5"),
    ("cron(0 6 ? * MON#1,TUE *)", "the only one"),
    ("cron(0 6 32W * ? *)", "no day-of-month"),
    ("cron(0 6 * FOO ? *)", "'FOO' is no month: 1-12 or JAN-DEC"),
    ("cron(0/0 6 * * ? *)", "'0/0' is no minutes"),
    ("cron(0 20-6 * * ? *)", "ends before it begins"),
    ("cron(0 6 * * ? 1969)", "no year"),
])
def test_what_aws_would_refuse_is_refused_with_what_is_wrong(expression: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse(expression)
