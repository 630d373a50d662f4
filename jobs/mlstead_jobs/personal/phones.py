"""Phone numbers: those that say so by their form, judged by Google's numbering plans (phonenumbers).

Presidio's own recognizer asks the same plans for eight regions about any run of digits: slow, and timestamps pass. Here
a number must be written as one (+49…, (415) 555-2671, 0118 496 0123), or be called one by the word before it or by its
column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mlstead_jobs.personal.columns import many_digits
from mlstead_jobs.personal.span import Span

_EXTENSION = r"(?: ?(?:x|ext\.?|#) ?\d{1,6})?"
# Between two groups of digits there is always something: else a long run of digits could be cut up in a million ways.
_INTERNATIONAL = re.compile(
    rf"(?<![\w+.])(?:\+|00)[1-9]\d{{0,14}}"
    rf"(?:[ .\-/]?\(\d{{1,5}}\)|[ .\-/]\d{{1,12}}|(?<=\))\d{{1,12}}){{0,7}}{_EXTENSION}(?!\w|[.\-/:]\d)"
)
_NORTH_AMERICAN = re.compile(
    rf"(?<![\w+.\-/,])(?<!\d )(?:1[-. ])?"
    rf"(?:\([2-9]\d\d\)[ -]?|[2-9]\d\d([-. ]))[2-9]\d\d[-. ]\d{{4}}{_EXTENSION}(?!\w|[.,\-/:]\d)"
)
_NATIONAL = re.compile(
    rf"(?<![\w+.\-/,:])(?<!\d )(?:0[1-9](?:([ .-])\d\d)(?:\1\d\d){{3}}"
    rf"|(?:\(0[1-9]\d{{0,4}}\)[ -]?|0[1-9]\d{{0,4}}[ \-/])\d{{3,8}}(?:[ -]\d{{2,5}})?){_EXTENSION}(?!\w|[ .,\-/:]\d)"
)
_ANY = re.compile(rf"(?<![\w+.\-/,])(?:\+|\(|\d)[\d ().\-/]{{5,22}}\d{_EXTENSION}(?!\w|[.,\-/:]\d)")
_SAID = re.compile(
    r"(?i)\b(?:phone|telephone|tel|mobile|cell|cellphone|fax|call|called|ring|sms|text|whatsapp|telefon|handy)\b"
    r"\W{0,3}(?:(?:no|nr|number|me|us|him|her|them|at|on|is|back)\b\W{0,3}){0,3}$"
)
_COLUMN = re.compile(r"(?i)(?:^|[^a-z])(?:(?:tele|cell)?phone|tel|mobile|cell|fax|msisdn|whatsapp)(?:$|[^a-z])")
_REGIONS = ("GB", "DE", "FR", "IT", "NL", "AT", "CH", "IE", "AU", "IL", "IN", "BR")
_CLOCKS = re.compile(r"\d{4}(?:[ -]\d{4})+")
_DATE = re.compile(r"0?\d[./ -]\d\d?[./ -]\d{4}")


def named_so(column: str) -> bool:
    """Say whether a column's name says that it holds phone numbers."""
    return _COLUMN.search(column) is not None


def phones(text: str, said: bool = False) -> Iterator[Span]:
    """Find phone numbers.

    Args:
        text: where.
        said: whether the column's name says that it holds them: then digits alone are one, if a region's plan has it.
    """
    if not many_digits(text):
        return
    for pattern, judge in _FORMS:
        for match in pattern.finditer(text):
            if judge(match.group()):
                yield Span(match.start(), match.end(), "phone")
    for match in _ANY.finditer(text):
        called = said or _SAID.search(text[max(0, match.start() - 40) : match.start()])
        if called and _planned(match.group(), ("US", *_REGIONS)):
            yield Span(match.start(), match.end(), "phone")


def _international(number: str) -> bool:
    digits = sum(character.isdigit() for character in number)
    written = "+" + number[2:] if number.startswith("00") else number
    if not 8 <= digits <= 22 or _CLOCKS.fullmatch(number):
        return False
    return _plan(written.replace("(0)", ""), None, assigned=number.isdigit())


def _north_american(number: str) -> bool:
    return _plan(number, "US", assigned=False)


def _national(number: str) -> bool:
    digits = sum(character.isdigit() for character in number)
    return digits >= 9 and _planned(number, _REGIONS)


def _planned(number: str, regions: Iterable[str]) -> bool:
    return not _DATE.fullmatch(number) and any(_plan(number, region, assigned=True) for region in regions)


def _plan(number: str, region: str | None, assigned: bool) -> bool:
    """Whether a region's plan has such a number: of that length, or in a range that is assigned."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) if assigned else phonenumbers.is_possible_number(parsed)


_FORMS = ((_INTERNATIONAL, _international), (_NORTH_AMERICAN, _north_american), (_NATIONAL, _national))
