"""What Microsoft Presidio recognises by pattern and check digit: e-mail addresses, cards, IBANs, US numbers.

Its recognizers are used by themselves: no model of a language is loaded. They see only what looks right already,
because importing Presidio takes seconds and its patterns take time in proportion to the square of a long text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from mlstead.ingestion.gate_rules import Kind
from mlstead_jobs.personal.columns import ISSUERS, many_digits
from mlstead_jobs.personal.span import Span

_ADDRESS = re.compile(r"[^\s@<>()\[\]{},;:\"|]{1,64}@[^\s@<>()\[\]{},;:\"|/]{3,255}")
_CARD = re.compile(
    r"(?<![\w.,])(?<!\d[ -])(?<!\w-)"
    r"(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{12,19})"
    r"(?![ -]?\d|\w|[.,]\d)"
)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_SOCIAL = re.compile(r"(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-]|\.\d)")
_ROUTING = re.compile(r"(?i:\b(?:aba|routing|rtn)\b)[^\d]{0,20}(?<![\d-])(\d{9}|\d{4}-\d{4}-\d)(?![\w-])")


def recognised(text: str) -> Iterator[Span]:
    """Find e-mail addresses, card numbers, bank accounts and US social security numbers."""
    if "@" in text:
        for match in _ADDRESS.finditer(text):
            if not _repository(text, match):
                yield from _spans("email", "EmailRecognizer", text, match.start(), match.end())
    for match in _IBAN.finditer(text):
        yield from _spans("account", "IbanRecognizer", text, match.start(), match.end())
    if not many_digits(text):
        return
    for match in _CARD.finditer(text):
        if _issued(re.sub(r"\D", "", match.group())):
            yield from _spans("card", "CreditCardRecognizer", text, match.start(), match.end())
    for match in _ROUTING.finditer(text):
        yield from _spans("account", "AbaRoutingRecognizer", text, *match.span(1))
    for match in _SOCIAL.finditer(text):
        yield from _spans("identifier", "UsSsnRecognizer", text, match.start(), match.end())


def _spans(kind: Kind, recognizer: str, text: str, start: int, end: int) -> Iterator[Span]:
    chosen = _recognizers()[recognizer]
    for found in chosen.analyze(text[start:end], chosen.supported_entities, None):
        yield Span(start + found.start, start + found.end, kind)


def _repository(text: str, match: re.Match[str]) -> bool:
    """Whether it is the address of a repository or a host's login, git@github.com:owner/name, not a person's."""
    return re.match(r":[\w.~/-]", text[match.end() :]) is not None or text[: match.start()].endswith("//")


def _issued(digits: str) -> bool:
    first = int(digits[:6])
    return any(least <= first <= greatest and len(digits) in lengths for least, greatest, lengths in ISSUERS)


@cache
def _recognizers() -> dict[str, Any]:
    # Presidio logs the texts that it cannot judge: they may be what must not be in a log.
    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)
    import tldextract
    from presidio_analyzer import Pattern, predefined_recognizers

    # The list of domains that the package carries; its own would be fetched from the network on the first address.
    domains = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    class Email(predefined_recognizers.EmailRecognizer):
        def validate_result(self, pattern_text: str) -> bool:
            return domains(pattern_text).fqdn != ""

    whole = Pattern("a candidate", r".+", 0.5)
    return {
        "EmailRecognizer": Email(),
        "CreditCardRecognizer": predefined_recognizers.CreditCardRecognizer(patterns=[whole]),
        "IbanRecognizer": predefined_recognizers.IbanRecognizer(),
        "AbaRoutingRecognizer": predefined_recognizers.AbaRoutingRecognizer(),
        "UsSsnRecognizer": predefined_recognizers.UsSsnRecognizer(),
    }
