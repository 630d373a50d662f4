"""Texts of policies that stand for several: `*` for any characters, `?` for one, `${key}` for a value of the request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeAlias

from mlstead_toolkit.access.request import Context

Form: TypeAlias = Literal["exact", "wildcard", "arn", "resource"]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"\s*([^,]*?)\s*(?:,\s*'([^']*)'\s*)?")
_LITERAL = frozenset({"*", "?", "$"})
_COLONS = 5  # of an ARN: what follows the fifth is the resource, colons and all


class Pattern:
    """One text of a policy, ready to be held against values.

    Args:
        text: as it stands in the policy.
        form: exact: no wildcards; wildcard; arn: wildcards that stay within one of an ARN's six parts; resource: the
            same, but a `*` that ends a part may reach beyond it
            (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
        variables: whether `${…}` is a variable: only in policies of version 2012-10-17.
        ignore_case: whether case is no difference.
    """

    __slots__ = ("_fixed", "_form", "_ignore_case", "_parts")

    def __init__(self, text: str, form: Form, *, variables: bool = True, ignore_case: bool = False) -> None:
        self._form, self._ignore_case = form, ignore_case
        # Odd parts are the names of variables, or characters that `${*}` takes literally.
        self._parts = _VARIABLE.split(text) if variables else [text]
        fixed = all(part in _LITERAL for part in self._parts[1::2])
        self._fixed = self._compiled(Context()) if fixed else None

    def matches(self, value: str, context: Context) -> bool | None:
        """Tell whether a value fits; None where the request does not fill a variable.

        AWS says that "this might cause the entire statement to be invalid": nothing fits, and a Not… is not met either.
        """
        fits = self._fixed or self._compiled(context)
        return None if fits is None else bool(fits(value))

    def _compiled(self, context: Context) -> Callable[[str], object] | None:
        pieces: list[tuple[str, bool]] = []
        for index, part in enumerate(self._parts):
            if index % 2 == 0:
                pieces.append((part, True))
            elif part in _LITERAL:
                pieces.append((part, False))
            else:
                value = _filled(part, context)
                if value is None:
                    return None
                pieces.append((value, False))
        return _matcher(tuple(pieces), self._form, self._ignore_case)


@lru_cache(maxsize=8192)
def _matcher(pieces: tuple[tuple[str, bool], ...], form: Form, ignore_case: bool) -> Callable[[str], object]:
    if form == "exact":
        whole = "".join(text for text, _ in pieces)
        return (lambda value: value.lower() == whole.lower()) if ignore_case else whole.__eq__
    if pieces == (("*", True),):
        return lambda _: True
    expression, colons = "", 0
    following = [*"".join(text for text, _ in pieces)[1:], ":"]
    for text, wild in pieces:
        for character in text:
            colons += character == ":"
            next_one = following.pop(0)
            reaching = form == "resource" and character == "*" and next_one == ":"
            any_one = "[^:]" if form in ("arn", "resource") and colons < _COLONS and not reaching else "."
            if wild and character in "*?":
                expression += any_one + ("*" if character == "*" else "")
            else:
                expression += re.escape(character)
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0)).fullmatch


def _filled(variable: str, context: Context) -> str | None:
    """Give the value of `key` or `key, 'default'`. A variable has one value: a key with several fills none."""
    named = _DEFAULT.fullmatch(variable)
    if named is None:
        return None
    values = context.get(named[1].lower())
    if len(values) == 1:
        return values[0]
    default: str | None = named[2]
    return None if values else default
