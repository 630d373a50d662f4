"""Which cells may hold personal data at all: told for a whole column at once, before a cell is looked at."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# RE2: no look-around. What is not ASCII counts as a letter: Unicode's classes take longer to compile than to use.
_DIGITS = r"\d(?:[^A-Za-z\d]{0,3}\d){6}"
_LETTER, _CAPITAL = r"A-Za-z\x{80}-\x{10FFFF}", r"A-Z\x{80}-\x{10FFFF}"
_ANY = "|".join((
    rf"[^\s@]@[{_LETTER}0-9]",  # an e-mail address
    _DIGITS,  # seven with little between them: phone, card, account, social security
    r"[A-Z]{2}\d{2}[ -]?[A-Z0-9]{4}",  # an IBAN
    rf"[{_CAPITAL}][{_LETTER}.'-]*(?:[,.] *| +)(?:[a-z]{{1,3}} +){{0,2}}[{_CAPITAL}]",  # two capitals: a name
))
_MANY = re.compile(_DIGITS, re.ASCII)
_MOMENT = r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z| ?[+-]\d\d:?\d\d)?)?$"

# Issuers by the first six digits, and how many digits their numbers have; as ISO/IEC 7812 hands them out.
# https://en.wikipedia.org/wiki/Payment_card_number#Issuer_identification_number_(IIN)
_12_TO_19, _14_TO_19 = tuple(range(12, 20)), (14, 16, 19)
ISSUERS: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (400000, 499999, (13, 16, 19)),  # Visa
    (510000, 559999, (16,)), (222100, 272099, (16,)),  # Mastercard
    (340000, 349999, (15,)), (370000, 379999, (15,)),  # American Express
    (300000, 305999, _14_TO_19), (309500, 309599, _14_TO_19), (360000, 369999, _14_TO_19), (380000, 399999, _14_TO_19),
    (350000, 359999, (16, 17, 18, 19)), (213100, 213199, (15,)), (180000, 180099, (15,)),  # JCB
    (601100, 601199, (16, 17, 18, 19)), (644000, 659999, (16, 17, 18, 19)), (620000, 629999, (16, 17, 18, 19)),
    # Maestro
    (501800, 501899, _12_TO_19), (502000, 502099, _12_TO_19), (503800, 503899, _12_TO_19), (560000, 589999, _12_TO_19),
    (630400, 630499, _12_TO_19), (639000, 639099, _12_TO_19), (675900, 676399, _12_TO_19), (60400, 60499, (12,)),
)


def many_digits(text: str) -> bool:
    """Say whether a text has seven digits with little between them; fewer are no number of anybody's."""
    return _MANY.search(text) is not None


def is_text(column: pd.Series[Any]) -> bool:
    """Say whether a column holds text, or nothing."""
    column = uncategorised(column)
    if pd.api.types.is_object_dtype(column.dtype):
        return pd.api.types.infer_dtype(column, skipna=True) in ("string", "empty")
    return pd.api.types.is_string_dtype(column.dtype)


def uncategorised(column: pd.Series[Any]) -> pd.Series[Any]:
    """Give a column of categories as what its categories are, any other as it is."""
    return column.astype(column.cat.categories.dtype) if isinstance(column.dtype, pd.CategoricalDtype) else column


def searchable(column: pd.Series[Any]) -> pd.Series[Any] | None:
    """Give a column as it can be searched, text or numbers; None where it cannot hold personal data: dates, booleans.

    What is neither, such as lists, is searched as the text it prints as.
    """
    column = uncategorised(column)
    dtype = column.dtype
    if pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype):
        return None
    if pd.api.types.is_numeric_dtype(dtype) or is_text(column):
        return column
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind in ("date", "datetime", "datetime64", "time", "timedelta", "timedelta64", "boolean", "empty"):
        return None
    return column.map(str, na_action="ignore")


def suspects(texts: pd.Series[Any]) -> list[str]:
    """Give the distinct texts that may hold personal data; most columns have none, and cost no more than this."""
    distinct = pc.unique(pa.array(texts.array, type=pa.large_string(), from_pandas=True))
    distinct = distinct.filter(pc.match_substring_regex(distinct, _ANY))
    if len(distinct):
        distinct = distinct.filter(pc.invert(pc.match_substring_regex(distinct, _MOMENT)))
    return list(distinct.to_pylist())


def card_numbers(numbers: pd.Series[Any]) -> list[Any]:
    """Give the distinct numbers that are card numbers: an issuer's first digits and length, and Luhn's check digit."""
    present = numbers.dropna()
    if present.empty or float(present.max()) < 1e11:
        return []
    values: np.ndarray[Any, Any] = np.unique(present.to_numpy(dtype=_numpy_type(present)))
    values = values[values >= 10**11]
    if values.dtype.kind == "f":
        values = values[values < 1e19]
        values = values[values % 1 == 0]
    digits = values.astype(np.uint64)
    length = np.floor(np.log10(digits.astype(np.longdouble))).astype(np.int64) + 1
    first = (digits // (np.uint64(10) ** (length - 6).astype(np.uint64))).astype(np.int64)
    issued = np.zeros(len(digits), dtype=bool)
    for least, greatest, lengths in ISSUERS:
        issued |= (first >= least) & (first <= greatest) & np.isin(length, lengths)
    return list(values[issued & _luhn(digits)].tolist())


def _numpy_type(numbers: pd.Series[Any]) -> str:
    if pd.api.types.is_float_dtype(numbers.dtype):
        return "float64"
    return "uint64" if pd.api.types.is_unsigned_integer_dtype(numbers.dtype) else "int64"


def _luhn(digits: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    total, rest = np.zeros(len(digits), dtype=np.uint64), digits.copy()
    for place in range(19):
        digit = rest % np.uint64(10)
        if place % 2:
            digit = np.where(digit > 4, digit * np.uint64(2) - np.uint64(9), digit * np.uint64(2))
        total += digit
        rest //= np.uint64(10)
    return np.asarray(total % np.uint64(10) == 0)
