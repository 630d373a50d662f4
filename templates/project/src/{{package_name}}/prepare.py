"""Prepare: curated months cleaned and joined with the weather, and features built of them; into the features zone."""

import argparse
import logging
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from mlstead_jobs.container import processing_input, processing_output, run
from mlstead_jobs.features import check_features
from mlstead_jobs.ranges import in_ranges

from .features import FEATURES, LABEL, LATE_AFTER_MINUTES
from .months import month_files, parse_months, write_month

logger = logging.getLogger(__name__)

FLIGHT = ["time_hour", "carrier", "flight", "origin"]
"""What tells flights apart; also the order of their rows, whatever order they came in."""

HOUR = ["origin", "time_hour"]
PART = 16_384
"""Flights that are in memory at once; those of an hour, if these are more."""

FLIGHT_TYPES = {
    "carrier": "str",
    "flight": "int64",
    "origin": "str",
    "dest": "str",
    "sched_dep_time": "int64",
    "sched_arr_time": "int64",
    "distance": "int64",
    "arr_delay": "float64",
}
WEATHER_COLUMNS = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
WEATHER_TYPES = {"origin": "str"} | dict.fromkeys(WEATHER_COLUMNS, "float64")


def clean(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    """Join each flight with the weather at its airport in the hour it was due to leave, and say whether it was late.

    Cancelled and diverted flights have no delay on arrival, so nobody can say whether they were late: they are left
    out (2.8 % of the year). A flight whose hour has no weather is kept, with missing values, which the model knows; so
    is what a station did not measure. The same rows in another order give the same.
    """
    return with_weather(arrived(flights), observed(weather))


def arrived(flights: pd.DataFrame) -> pd.DataFrame:
    """Give the flights that arrived, each once, and whether it was late."""
    typed = _typed(flights, FLIGHT_TYPES)
    typed = typed[typed["arr_delay"].notna()]
    typed = typed.sort_values([*FLIGHT, "dest", "arr_delay"]).drop_duplicates(FLIGHT, ignore_index=True)
    return typed.assign(**{LABEL: typed["arr_delay"] > LATE_AFTER_MINUTES}).drop(columns="arr_delay")


def observed(weather: pd.DataFrame) -> pd.DataFrame:
    """Give the weather of each airport and hour once."""
    typed = _typed(weather, WEATHER_TYPES)
    return typed.sort_values([*HOUR, *WEATHER_COLUMNS]).drop_duplicates(HOUR, ignore_index=True)


def with_weather(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    """Join flights with the weather of their hour, in the flights' order."""
    return flights.merge(weather, on=HOUR, how="left", validate="many_to_one")


def build_features(flights: pd.DataFrame) -> pd.DataFrame:
    """Build the model's columns and the label from cleaned flights; only what is known before departure."""
    local = flights["time_hour"].dt.tz_convert("America/New_York")
    features = flights.assign(
        departure_minute=_minute_of_day(flights["sched_dep_time"]),
        arrival_minute=_minute_of_day(flights["sched_arr_time"]),
        day_of_week=local.dt.day_of_week,
    )
    return features[[*FEATURES, LABEL]]


def prepare(months: list[int], flights: Path, weather: Path, features_to: Path) -> None:
    """Prepare the named months, each some hours at a time: memory does not grow with the flights of a month.

    Raises:
        FileNotFoundError: a month is not in curated.
        mlstead_jobs.features.PersonalFeature: a feature is tagged pii, and gates.toml does not admit it.
    """
    check_features([*FEATURES, LABEL], "tables.toml", "gates.toml")
    for month in months:
        _prepare(month, flights, weather, features_to)


def _prepare(month: int, flights: Path, weather: Path, features_to: Path) -> None:
    delivered = _curated("flights", flights, month)
    hours = observed(pd.concat(map(pd.read_parquet, _curated("weather", weather, month)), ignore_index=True))
    read = kept = late = 0

    def parts() -> Iterator[pd.DataFrame]:
        nonlocal read, kept, late
        # All rows of a flight are of one hour, so that no other part has a copy of it.
        for some in in_ranges(delivered, "time_hour", ["time_hour", *FLIGHT_TYPES], PART):
            cleaned = arrived(some.to_pandas())
            read, kept, late = read + some.num_rows, kept + len(cleaned), late + int(cleaned[LABEL].sum())
            yield build_features(with_weather(cleaned, hours))

    write_month(parts(), features_to, month)
    logger.info(
        "month %d: %d flights, %d of them cancelled or diverted and left out, %.1f %% of the rest late",
        month, read, read - kept, 100 * late / max(kept, 1),
    )  # fmt: skip


def _curated(table: str, directory: Path, month: int) -> list[Path]:
    try:
        return month_files(directory, month)
    except FileNotFoundError:
        raise FileNotFoundError(
            f"Month {month} of {table} is not in curated: `mlstead data status` says what became of it, "
            f"`mlstead data ingest … --batches {month}` brings it in."
        ) from None


def _typed(frame: pd.DataFrame, types: dict[str, str]) -> pd.DataFrame:
    """Keep what is used, in the types that it is computed with; a file's may be others, where values are missing."""
    return frame[["time_hour", *types]].astype(types)


def _minute_of_day(clock: pd.Series) -> pd.Series:
    """Turn 1754, a clock's reading, into 1074 minutes after midnight."""
    return clock // 100 * 60 + clock % 100


def main() -> None:
    """Run as a processing job: `--months 1,2,3`, inputs `flights` and `weather`, output `features`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", required=True, help="which months, 1,2,3")
    arguments = parser.parse_args()
    run(
        lambda: prepare(
            parse_months(arguments.months),
            processing_input("flights"),
            processing_input("weather"),
            processing_output("features"),
        )
    )


if __name__ == "__main__":
    main()
