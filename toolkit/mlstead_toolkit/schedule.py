"""EventBridge's schedule expressions: what AWS takes for one, and when it comes due. All times are UTC.

Libraries for cron count weekdays from 0, know neither `?` nor `15W`, and say little of what is wrong.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Final

_UNITS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FORMS: Final = "rate(1 day), rate(15 minutes) or cron(0 6 * * ? *)"


@dataclass(frozen=True, slots=True)
class Rate:
    """A regular interval, counted from when the rule was made or changed."""

    interval: timedelta

    def next_after(self, moment: datetime, since: datetime) -> datetime:
        """Give the first due time after a moment; a rule that has come late does not fall behind."""
        return since + ((moment - since) // self.interval + 1) * self.interval


@dataclass(frozen=True, slots=True)
class Cron:
    """Minutes, hours, days, months and years in which a rule is due."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: str
    months: tuple[int, ...]
    weekdays: str
    years: tuple[int, ...]

    def next_after(self, moment: datetime, since: datetime) -> datetime | None:  # noqa: ARG002 - a cron has no start
        """Give the first due time after a moment; None where none is left."""
        first = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        for year, month in product((year for year in self.years if year >= first.year), self.months):
            if (year, month) < (first.year, first.month):
                continue
            for day in sorted(self._days(year, month)):
                if date(year, month, day) < first.date():
                    continue
                for hour, minute in product(self.hours, self.minutes):
                    due = datetime(year, month, day, hour, minute, tzinfo=UTC)
                    if due >= first:
                        return due
        return None

    def _days(self, year: int, month: int) -> set[int]:
        last = calendar.monthrange(year, month)[1]
        if self.weekdays == "?":
            return {day for part in self.days.split(",") for day in _days_of_month(part, year, month) if day <= last}
        return {day for part in self.weekdays.split(",") for day in _days_of_week(part, year, month)}


Schedule = Rate | Cron


def parse(expression: str) -> Schedule:
    """Read an expression. Raises ValueError for what AWS would not take, saying what of it is wrong."""
    kind, bracket, inner = expression.partition("(")
    if kind not in ("rate", "cron") or not bracket or not inner.endswith(")"):
        raise ValueError(f"is {expression!r}, which is no schedule: write {_FORMS}")
    read = _rate if kind == "rate" else _cron
    try:
        return read(inner.removesuffix(")"))
    except ValueError as error:
        raise ValueError(f"is {expression!r}: {error}") from None


def _rate(text: str) -> Rate:
    match = re.fullmatch(r"([1-9]\d*) (minute|hour|day)(s?)", text)
    if match is None:
        raise ValueError("a rate is a whole number above 0, a blank and minutes, hours or days, as in rate(15 minutes)")
    count, unit, plural = int(match[1]), match[2], bool(match[3])
    if plural != (count > 1):
        raise ValueError(f"AWS takes rate(1 {unit}) and rate(2 {unit}s), each with its own form of the unit")
    return Rate(count * _UNITS[unit])


def _cron(text: str) -> Cron:
    fields = text.split()
    if len(fields) != 6:
        raise ValueError(f"a cron has six fields, minutes hours day-of-month month day-of-week year, not {len(fields)}")
    minutes, hours, days, months, weekdays, years = (field.upper() for field in fields)
    if (days == "?") == (weekdays == "?"):
        raise ValueError("one of day-of-month and day-of-week must be ?, and the other must not")
    cron = Cron(
        _values(minutes, "minutes", 0, 59), _values(hours, "hours", 0, 23), days,
        _values(months, "month", 1, 12, _MONTHS), weekdays, _values(years, "year", 1970, 2199),
    )
    if "#" in weekdays and "," in weekdays:
        raise ValueError("a day-of-week with # is the only one")
    for month in (1, 2):  # every part is read, whatever the month
        cron._days(2024, month)
    return cron


def _values(
    field: str, name: str, least: int, most: int, names: tuple[str, ...] = (), steps: bool = True
) -> tuple[int, ...]:
    """Give the values of a field: * or a, a-b, a/step, a-b/step, with commas between."""
    found: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        if slash and (not steps or not step.isdecimal() or int(step) == 0):
            raise ValueError(f"{part!r} is no {name}")
        start, dash, end = ("*", "", "") if span == "*" else span.partition("-")
        low = least if start == "*" else _value(start, name, least, most, names)
        high = _value(end, name, least, most, names) if dash else most if start == "*" or slash else low
        if high < low:
            raise ValueError(f"{part!r} ends before it begins")
        found.update(range(low, high + 1, int(step) if slash else 1))
    return tuple(sorted(found))


def _value(text: str, name: str, least: int, most: int, names: tuple[str, ...]) -> int:
    if text in names:
        return least + names.index(text)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ValueError(f"{text!r} is no {name}: {least}-{most}{f' or {names[0]}-{names[-1]}' if names else ''}")
    return int(text)


def _days_of_month(part: str, year: int, month: int) -> tuple[int, ...]:
    last = calendar.monthrange(year, month)[1]
    if part == "L":
        return (last,)
    if part == "LW":
        return (_nearest_workday(year, month, last),)
    if part.endswith("W"):
        day = _value(part.removesuffix("W"), "day-of-month", 1, 31, ())
        return (_nearest_workday(year, month, day),) if day <= last else ()
    return _values(part, "day-of-month", 1, 31)


def _nearest_workday(year: int, month: int, day: int) -> int:
    """Give the workday of the same month that is nearest to a day."""
    last, weekday = calendar.monthrange(year, month)[1], calendar.weekday(year, month, day)
    if weekday == calendar.SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == calendar.SUNDAY:
        return day + 1 if day < last else day - 2
    return day


def _days_of_week(part: str, year: int, month: int) -> tuple[int, ...]:
    last = calendar.monthrange(year, month)[1]
    named, hash_, nth = part.partition("#")
    if hash_ and nth not in ("1", "2", "3", "4", "5"):
        raise ValueError(f"{part!r} is no day-of-week: # takes 1 to 5")
    final = part.endswith("L") and part != "L"
    wanted = _values("7" if part == "L" else named.removesuffix("L") if final else named, "day-of-week", 1, 7,
                     _WEEKDAYS, steps=False)
    # Python's week begins on Monday with 0, AWS's on Sunday with 1.
    days = [day for day in range(1, last + 1) if (calendar.weekday(year, month, day) + 1) % 7 + 1 in wanted]
    if hash_:
        return tuple(days[int(nth) - 1 : int(nth)])
    return tuple(days[-1:] if final else days)
