"""Other accounts that a resource names, in whatever property: the net under all that is read by its meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.told import Told
from mlstead_toolkit.review.access.words.level import Level
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.report import AccessChange, AccessKind

_IN_ARN: Final = re.compile(r"arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):")
_NUMBER: Final = re.compile(r"\d{12}")
_OF_ACCOUNTS: Final = re.compile("account|owner", re.IGNORECASE)
_DATA: Final = frozenset({"tags", "tagsAll"})


def named_accounts(before: Side, after: Side, words: Lexicon, others: Iterable[Told]) -> Iterator[Told]:
    """Tell which resource names an account that is not the environment's and that the base names nowhere.

    Args:
        before: the base.
        after: the head.
        words: what things are called.
        others: all that the section tells already; an account that stands in it is told.
    """
    known = {account for one in before.resources for account, _ in _inside(one.properties, "")}
    known |= {account for outputs in (*before.references.values(), *after.references.values())
              for account, _ in _inside(outputs, "")}
    said = {account for one in others if one.change.widens
            for text in (one.change.text, *one.change.details)
            for account in re.findall(r"(?<!\d)\d{12}(?!\d)", text)}
    for one in after.resources:
        found: dict[str, set[str]] = {}
        for account, path in _inside(one.properties, ""):
            if account not in known | said and not words.own(account):
                found.setdefault(account, set()).add(path)
        who = words.known.get(one.urn, one.name)
        for account, paths in sorted(found.items()):
            yield Told(
                AccessChange(AccessKind.EXPOSURE, who, f"{who} now names account {account}", tuple(sorted(paths)),
                             subject=urns.name_of(one.urn)),
                Level.ADMINISTER, one.urn, to_strangers=True,
            )


def _inside(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Give account and path of every ARN, and of every number that a property called after accounts holds."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _DATA:
                yield from _inside(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _inside(inner, path)
    elif isinstance(value, str):
        if _OF_ACCOUNTS.search(path.rpartition(".")[2]):
            yield from ((each, path) for each in value.split(",") if _NUMBER.fullmatch(each))
        for account in _IN_ARN.findall(value):
            yield account, path
