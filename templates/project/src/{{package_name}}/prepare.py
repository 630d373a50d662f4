"""Prepare: clean the raw months, join the weather, and build the features; into the curated and features zones."""

import argparse
import logging
from pathlib import Path

import pandas as pd

from .container import processing_input, processing_output, run
from .features import FEATURES, LABEL, LATE_AFTER_MINUTES
from .months import parse_months, read_months, write_month

logger = logging.getLogger(__name__)

FLIGHT_COLUMNS = ["time_hour", "carrier", "flight", "origin", "dest", "sched_dep_time", "sched_arr_time", "distance"]
WEATHER_COLUMNS = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"]


def clean(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    """Join each flight with the weather at its airport in the hour it was due to leave, and say whether it was late.

    Cancelled and diverted flights have no delay on arrival, so nobody can say whether they were late: they are left
    out (2.8 % of the year). A flight whose hour has no weather is kept, with missing values.
    """
    arrived = flights[flights["arr_delay"].notna()]
    kept = arrived[FLIGHT_COLUMNS].assign(**{LABEL: arrived["arr_delay"] > LATE_AFTER_MINUTES})
    observed = weather[["origin", "time_hour", *WEATHER_COLUMNS]].drop_duplicates(["origin", "time_hour"])
    joined = kept.merge(observed, on=["origin", "time_hour"], how="left", validate="many_to_one")
    return joined.sort_values(["time_hour", "carrier", "flight", "origin"], ignore_index=True)


def build_features(curated: pd.DataFrame) -> pd.DataFrame:
    """Build the model's columns and the label from curated flights; only what is known before departure."""
    local = curated["time_hour"].dt.tz_convert("America/New_York")
    features = curated.assign(
        departure_minute=_minute_of_day(curated["sched_dep_time"]),
        arrival_minute=_minute_of_day(curated["sched_arr_time"]),
        day_of_week=local.dt.day_of_week,
    )
    return features[[*FEATURES, LABEL]]


def prepare(months: list[int], flights: Path, weather: Path, curated_to: Path, features_to: Path) -> None:
    """Prepare the named months, one after the other, so that memory holds one."""
    for month in months:
        raw = read_months(flights, [month])
        curated = clean(raw, read_months(weather, [month]))
        write_month(curated, curated_to, month)
        write_month(build_features(curated), features_to, month)
        logger.info(
            "month %d: %d flights, %d of them cancelled or diverted and left out, %.1f %% of the rest late",
            month, len(raw), len(raw) - len(curated), 100 * curated[LABEL].mean(),
        )  # fmt: skip


def _minute_of_day(clock: pd.Series) -> pd.Series:
    """Turn 1754, a clock's reading, into 1074 minutes after midnight."""
    return clock // 100 * 60 + clock % 100


def main() -> None:
    """Run as a processing job: `--months 1,2,3`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", required=True, help="which months, 1,2,3")
    arguments = parser.parse_args()
    run(
        lambda: prepare(
            parse_months(arguments.months),
            processing_input("flights"),
            processing_input("weather"),
            processing_output("curated"),
            processing_output("features"),
        )
    )


if __name__ == "__main__":
    main()
