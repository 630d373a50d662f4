"""Names of persons, by the US census's lists of 1990 (5,163 first names, 88,799 surnames) and by how names are written.

No model: a name is two known words side by side, or what follows a title. Words that are names and more (May, Price,
Beach) count only beside a word that is nothing but a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from mlstead_jobs.personal.span import Span

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SUFFIX = re.compile(r",? (?:Jr|Sr|II|III|IV|PhD|MD)\b\.?")
_CLEAR_TITLES = frozenset({"mr", "mrs", "herr", "frau", "monsieur", "madame", "mme", "señor", "señora"})
_TITLES = _CLEAR_TITLES | {"ms", "miss", "dr", "prof", "professor", "sir", "lady", "captain", "capt"}
_PARTICLES = frozenset({"van", "von", "der", "den", "de", "la", "del", "da", "di", "du", "le", "zu", "zur", "dos"})
_SAINTS = _PARTICLES | {"san", "santa", "saint", "el", "los", "las"}
_FREQUENT = 500


def names(text: str) -> Iterator[Span]:
    """Find names of persons; a title is no part of one."""
    words = _Words(text)
    at = 0
    while at < len(words):
        if not _capital(words[at]):
            at += 1
            continue
        titled = _titled(words, at)
        last = titled or _first_then_last(words, at) or _last_then_first(words, at)
        if last is not None:
            suffix = _SUFFIX.match(text, words.end(last))
            yield Span(words.start(at + 1 if titled else at), suffix.end() if suffix else words.end(last), "name")
        at = at + 1 if last is None else last + 1


def is_name(text: str) -> bool:
    """Say whether a text is one word that is a person's name and nothing else: too little to be found by itself."""
    found = _WORD.fullmatch(text.strip())
    return found is not None and _capital(found[0]) and found[0].lower() not in _also_words() and (
        _known_first(found[0]) or _folded(found[0]) in _census("dist.all.last", _FREQUENT))


class _Words:
    """The words of a text, and what stands between them."""

    def __init__(self, text: str) -> None:
        self._text, self._found = text, list(_WORD.finditer(text))
        self._words = [*(found.group() for found in self._found), *[""] * 5]

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, at: int) -> str:
        """Give a word; beyond the last there are empty ones."""
        return self._words[at]

    def start(self, at: int) -> int:
        return self._found[at].start()

    def end(self, at: int) -> int:
        return self._found[at].end()

    def gap(self, at: int) -> str:
        """Give what stands between a word and the next."""
        return self._text[self.end(at) : self.start(at + 1)] if at + 1 < len(self) else ""


def _titled(words: _Words, at: int) -> int | None:
    """Mr. Smith, Dr. Mary Smith: a title, then words with capitals; give the last."""
    if words[at].lower() not in _TITLES or words.gap(at) not in (" ", ". ", "."):
        return None
    last = at + 1
    while words[last] in _PARTICLES and words.gap(last) == " ":
        last += 1
    clear = words[at].lower() in _CLEAR_TITLES
    if not _capital(words[last]) or not (clear or _plain_first(words[last]) or _plain_last(words[last])):
        return None
    while last < at + 3 and words.gap(last) == " " and _capital(words[last + 1]) and _plain_last(words[last + 1]):
        last += 1
    return None if _begins_a_place(words, last) else last


def _first_then_last(words: _Words, at: int) -> int | None:
    """Mary Smith, Mary J. Smith, Mary Ann van der Berg; give the last word."""
    first = words[at]
    if first.lower() in _SAINTS or not _known_first(first):
        return None
    found = None
    for last in range(at + 1, min(at + 5, len(words))):
        word, gap = words[last], words.gap(last - 1)
        if gap != " " and not (gap == ". " and len(words[last - 1]) == 1):
            break
        if word in _PARTICLES or (len(word) == 1 and _capital(word)):
            continue
        if not _capital(word):
            break
        if _pair(first, word) and (_plain_last(word) if found else _known_last(word)):
            found = last
        if not _known_first(word):
            break
    return None if found is None or _means_a_place(words[found]) or _begins_a_place(words, found) else found


def _last_then_first(words: _Words, at: int) -> int | None:
    """Smith, Mary; SMITH, MARY J.; give the last word. Not a firm's: Marshall, Nelson and Byrd."""
    last, first = words[at], words[at + 1]
    if words.gap(at) not in (", ", ",") or not _capital(first):
        return None
    if not (_known_last(last) and _plain_first(first) and _pair(first, last)) or _means_a_place(last):
        return None
    if words[at + 2] in ("and", "und", "et") and _capital(words[at + 3]):
        return None
    return at + 2 if words.gap(at + 1) == " " and len(words[at + 2]) == 1 and _capital(words[at + 2]) else at + 1


def _pair(first: str, last: str) -> bool:
    """Whether at least one of the two is nothing but a name; in capitals, codes of three letters are none."""
    if first.isupper() and last.isupper() and max(len(first), len(last)) < 4:
        return False
    return first.lower() not in _also_words() or last.lower() not in _also_words()


def _begins_a_place(words: _Words, last: int) -> bool:
    """Whether what follows makes it a place or a firm: John Wayne Airport, Louis Armstrong New Orleans Airport."""
    for beyond in range(last + 1, min(last + 4, len(words))):
        if words.gap(beyond - 1) not in (" ", "-", ", ", " & ") or not _capital(words[beyond]):
            return False
        if words[beyond].lower() in _places():
            return True
    return False


def _means_a_place(word: str) -> bool:
    return word.lower() in _places() and _folded(word) not in _census("dist.all.last", _FREQUENT)


def _capital(word: str) -> bool:
    return word[:1].isupper()


def _plain_first(word: str) -> bool:
    return word.lower() not in _also_words() and _known_first(word)


def _plain_last(word: str) -> bool:
    return word.lower() not in _also_words() and _known_last(word)


@lru_cache(maxsize=50_000)
def _known_first(word: str) -> bool:
    return _in(word, _census("dist.female.first")) or _in(word, _census("dist.male.first"))


@lru_cache(maxsize=50_000)
def _known_last(word: str) -> bool:
    return _in(word, _census("dist.all.last"))


def _in(word: str, known: frozenset[str]) -> bool:
    return _folded(word) in known or ("-" in word and all(_folded(part) in known for part in word.split("-")))


def _folded(word: str) -> str:
    """Write a name as the census does: O'Brien is OBRIEN, Müller MULLER."""
    plain = unicodedata.normalize("NFKD", word.replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha()).upper()


@cache
def _census(name: str, most: int | None = None) -> frozenset[str]:
    """Read a list of the census, most frequent first."""
    lines = (files("names") / name).read_text(encoding="ascii").splitlines()[:most]
    return frozenset(line.split(maxsplit=1)[0] for line in lines if line.strip())


@cache
def _also_words() -> frozenset[str]:
    """Give words of other meanings that are in the census's lists: they need a plain name beside them."""
    return _words("words_that_are_names.txt")


@cache
def _places() -> frozenset[str]:
    """Give words that make a place or a firm of the name before them, or that stand where a surname would.

    The words of streets are the US postal service's: https://pe.usps.com/text/pub28/28apc_002.htm
    """
    return _words("words_after_names.txt")


def _words(name: str) -> frozenset[str]:
    return frozenset((files("mlstead_jobs.personal") / name).read_text(encoding="utf-8").split())
