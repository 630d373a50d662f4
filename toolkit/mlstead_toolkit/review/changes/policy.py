"""Two IAM policies, compared by what they say: lines of what is allowed or denied from now on, and no more.

A policy is taken apart into what a statement says of one action, one resource and one principal, and put together
again where it differs: so order, single values beside lists, statements that are split or joined, and Sids say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from mlstead_toolkit.policies.block import Block
from mlstead_toolkit.policies.statement import Condition, Statement, statements
from mlstead_toolkit.review.changes.text import wrapped

_ROOT: Final = re.compile(r"arn:aws[\w-]*:iam::(\d{12}|⟨[^⟩]*⟩):root")
_WORDS: Final = {
    "StringEquals": "is", "StringNotEquals": "is not", "StringLike": "is like", "StringNotLike": "is not like",
    "StringEqualsIgnoreCase": "is, in any case,", "StringNotEqualsIgnoreCase": "is not, in any case,",
    "ArnEquals": "is like", "ArnLike": "is like", "ArnNotEquals": "is not like", "ArnNotLike": "is not like",
    "Bool": "is", "BinaryEquals": "is", "IpAddress": "is in", "NotIpAddress": "is not in",
    "NumericEquals": "is", "NumericNotEquals": "is not", "NumericLessThan": "is below",
    "NumericLessThanEquals": "is at most", "NumericGreaterThan": "is above", "NumericGreaterThanEquals": "is at least",
    "DateEquals": "is", "DateNotEquals": "is not", "DateLessThan": "is before",
    "DateLessThanEquals": "is at the latest", "DateGreaterThan": "is after",
    "DateGreaterThanEquals": "is at the earliest",
}

_Names: TypeAlias = tuple[str, ...]


class _Point(NamedTuple):
    """What a policy says of one action, one resource and one principal; "" where a statement has none.

    Actions and the keys of conditions are in lower case, as AWS takes them.
    """

    allows: bool
    conditions: _Names
    principal: str
    resource: str
    action: str


@dataclass(frozen=True, order=True)
class _Saying:
    """Several points, as one sentence; `sids` are the statements that they come from."""

    sids: _Names
    allows: bool
    principals: _Names
    resources: _Names
    actions: _Names
    conditions: _Names

    @property
    def subject(self) -> tuple[Any, ...]:
        """Everything but the conditions and the Sid."""
        return self.allows, self.principals, self.resources, self.actions

    def sentence(self, *, conditions: bool = True) -> str:
        """Give it in words."""
        said = f"{'allows' if self.allows else 'denies'} {', '.join(self.actions)}"
        if any(self.resources):
            said += f" on {', '.join(self.resources)}"
        if any(self.principals):
            said += f" to {', '.join(self.principals)}"
        if conditions and self.conditions:
            said += f" if {' and '.join(self.conditions)}"
        return f"{said} ({', '.join(self.sids)})" if self.sids else said


def is_policy(value: Any) -> bool:
    """Tell whether a document is an IAM policy."""
    said = value.get("Statement") if isinstance(value, dict) else None
    said = [said] if isinstance(said, dict) else said
    return isinstance(said, list) and bool(said) and all(
        isinstance(one, dict) and one.get("Effect") in ("Allow", "Deny") for one in said)


def policy_lines(before: Any, after: Any) -> tuple[str, ...]:
    """Give what differs between two policies, None for none; nothing where they mean the same.

    Raises:
        Malformed, NotDecided: one of them cannot be read.
    """
    texts: dict[str, str] = {}  # how what stands in lower case in a point was written
    old, new = _points(before, texts), _points(after, texts)
    gone = _sayings(((point, sids) for point, sids in old.items() if point not in new), texts)
    come = _sayings(((point, sids) for point, sids in new.items() if point not in old), texts)
    return *_version(before, after), *_told(gone, come)


def statement_count(policy: Any) -> int:
    """Count the statements of a policy."""
    said = policy["Statement"]
    return len(said) if isinstance(said, list) else 1


def _version(before: Any, after: Any) -> Iterator[str]:
    if before is None or after is None:
        return
    # AWS takes a policy without one for the older, in which variables such as ${aws:username} are plain text.
    old, new = (one.get("Version", "2008-10-17") for one in (before, after))
    if old != new:
        yield f"- version {old}"
        yield f"+ version {new}"


def _told(gone: list[_Saying], come: list[_Saying]) -> Iterator[str]:
    matched: dict[_Saying, _Saying] = {}
    for old in gone:
        same = [new for new in come if old.subject == new.subject and new not in matched.values()]
        if same:
            matched[old] = same[0]
    for old in gone:
        if (new := matched.get(old)) is None:
            yield from _whole("-", old)
            continue
        yield from wrapped("  ", new.sentence(conditions=False))
        yield from (line for one in old.conditions if one not in new.conditions
                    for line in wrapped("- ", f"only if {one}"))
        yield from (line for one in new.conditions if one not in old.conditions
                    for line in wrapped("+ ", f"only if {one}"))
    for new in come:
        if new not in matched.values():
            yield from _whole("+", new)


def _whole(sign: str, saying: _Saying) -> Iterator[str]:
    """Write a saying on one line; of several conditions each on a line of its own.

    What is on a line hangs on no length: names are longer in staging than in dev, and both are to be told once.
    """
    alone = len(saying.conditions) <= 1
    yield from wrapped(f"{sign} ", saying.sentence(conditions=alone))
    for number, one in enumerate(() if alone else saying.conditions):
        yield from wrapped(f"{sign}   ", f"{'and' if number else 'if'} {one}")


def _points(policy: Any, texts: dict[str, str]) -> dict[_Point, _Names]:
    """Take a policy apart: its points, each with the Sids of the statements that make it."""
    found: dict[_Point, _Names] = {}
    for statement in statements(Block({"policy": policy})) if policy is not None else ():
        said = dict(_condition(one) for one in statement.conditions)
        actions = {action.lower(): action for action in _elements(statement.actions, but=statement.but_actions)}
        for meaning, text in (*said.items(), *actions.items()):
            texts.setdefault(meaning, text)
        conditions, sids = tuple(sorted(said)), (statement.sid,) if statement.sid else ()
        for principal in _principals(statement):
            for resource in _elements(statement.resources, but=statement.but_resources):
                for action in actions:
                    point = _Point(statement.allows, conditions, principal, resource, action)
                    found[point] = (*found[point], *sids) if point in found else sids
    return found


def _elements(names: tuple[str, ...], *, but: bool) -> tuple[str, ...]:
    if but:
        return (f"everything but {', '.join(sorted(set(names)))}",)
    return tuple(dict.fromkeys(names)) or ("",)


def _principals(statement: Statement) -> tuple[str, ...]:
    named = [_principal(kind, name) for kind, name in statement.principals]
    return (f"everybody but {', '.join(sorted(set(named)))}",) if statement.but_principals else (
        tuple(dict.fromkeys(named)) or ("",))


def _principal(kind: str, name: str) -> str:
    if name == "*":
        return "anybody"
    if kind == "CanonicalUser":
        return f"canonical user {name}"
    account = _ROOT.fullmatch(name)
    if account is not None or re.fullmatch(r"\d{12}", name):
        return f"account {account[1] if account else name}"
    return name


def _condition(condition: Condition) -> tuple[str, str]:
    """Give what a condition means, comparable, and how it is told."""
    quantifier, _, operator = condition.operator.rpartition(":")
    optional, operator = operator.endswith("IfExists"), operator.removesuffix("IfExists")
    values = " or ".join(sorted(set(condition.values))) or "nothing"
    if operator in ("Bool", "Null"):
        values = values.lower()
    meaning = f"{condition.operator} {condition.key.lower()} {values}"
    if operator == "Null":
        return meaning, f"{condition.key} is {'absent' if values == 'true' else 'there'}"
    each = {"ForAllValues": "every ", "ForAnyValue": "any "}.get(quantifier, "")
    verb = _WORDS.get(operator, operator)
    return meaning, f"{each}{condition.key} {verb} {values}{' where it is there' if optional else ''}"


def _sayings(points: Iterable[tuple[_Point, _Names]], texts: Mapping[str, str]) -> list[_Saying]:
    """Put points together: actions on one resource, then resources, then principals."""
    actions: dict[tuple[Any, ...], list[str]] = {}
    for point, sids in points:
        key = (tuple(sorted(set(sids))), point.allows, point.conditions, point.principal, point.resource)
        actions.setdefault(key, []).append(texts[point.action])
    resources: dict[tuple[Any, ...], list[str]] = {}
    for (sids_, allows, conditions, principal, resource), names in actions.items():
        resources.setdefault((sids_, allows, conditions, principal, tuple(sorted(names))), []).append(resource)
    principals: dict[tuple[Any, ...], list[str]] = {}
    for (sids_, allows, conditions, principal, names_), found in resources.items():
        principals.setdefault((sids_, allows, conditions, names_, tuple(sorted(found))), []).append(principal)
    return sorted(_Saying(sids_, allows, tuple(sorted(found)), resources_, names_,
                          tuple(texts[one] for one in conditions))
                  for (sids_, allows, conditions, names_, resources_), found in principals.items())
