"""What the model may know: the schedule and the weather, both known before a flight departs.

Delays, actual times and time in the air are known too late. They are in the raw data and must never get in here.
"""

from collections.abc import Mapping, Sequence

import numpy as np

CATEGORIES = ("carrier", "origin", "dest")
NUMBERS = (
    "departure_minute",  # scheduled, minutes after midnight, New York
    "arrival_minute",  # scheduled, minutes after midnight, at the destination
    "day_of_week",  # 0 is Monday
    "distance",  # miles
    "temp",  # degrees Fahrenheit
    "dewp",  # degrees Fahrenheit
    "humid",  # relative, per cent
    "wind_dir",  # degrees
    "wind_speed",  # miles per hour
    "wind_gust",  # miles per hour
    "precip",  # inches in the hour
    "pressure",  # millibars at sea level
    "visib",  # miles
)
FEATURES = CATEGORIES + NUMBERS
"""The model's columns, in the order in which a CSV request gives them."""

LABEL = "late"
LATE_AFTER_MINUTES = 15

Vocabulary = Mapping[str, Sequence[str]]
"""For each category, the values seen in training; a value's position is its code."""


def vocabulary_of(columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Collect each category's values, sorted, from columns of a training set."""
    return {name: sorted(set(columns[name])) for name in CATEGORIES}


class Encoder:
    """Turns columns into the matrix that the model reads; training and serving share it, so they cannot disagree."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._codes = {name: {value: float(code) for code, value in enumerate(vocabulary[name])} for name in CATEGORIES}

    def matrix(self, columns: Mapping[str, Sequence[object]]) -> np.ndarray:
        """Encode equally long columns as a float matrix, rows by FEATURES.

        A category never seen in training, and a number that is None, become NaN: the model knows missing values.
        """
        encoded = np.empty((len(columns[FEATURES[0]]), len(FEATURES)), dtype=np.float64)
        for position, name in enumerate(FEATURES):
            codes = self._codes.get(name)
            if codes is None:
                encoded[:, position] = np.asarray(columns[name], dtype=np.float64)
            else:
                encoded[:, position] = [codes.get(value, np.nan) for value in columns[name]]
        return encoded
