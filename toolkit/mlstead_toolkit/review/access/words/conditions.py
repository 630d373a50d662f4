"""Conditions in words, where there are some: `through s3`, `in this VPC`, `for account 111122223333`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from mlstead_toolkit.review.access.condition import Condition
from mlstead_toolkit.review.access.covering import Names
from mlstead_toolkit.review.access.words.actions import listed
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.access.words.names import unique
from mlstead_toolkit.review.access.words.places import resource

_TAG: Final = re.compile(r"(?:.*:)?(resource|principal|request)tag/(.+)", re.IGNORECASE)
_CONTEXT: Final = "kms:encryptioncontext:"

_WORDS: Final[dict[str, Callable[[str], str]]] = {
    "kms:viaservice": lambda value: f"through {value.partition('.')[0]}",
    "aws:sourcevpc": lambda value: f"in the VPC {value}",
    "aws:sourcevpce": lambda value: f"through the VPC endpoint {value}",
    "aws:sourceip": lambda value: f"from {value}",
    "aws:vpcsourceip": lambda value: f"from {value} in a VPC",
    "aws:requestedregion": lambda value: f"in {value}",
    "aws:principalorgid": lambda value: f"from the organisation {value}",
    "aws:sourceorgid": lambda value: f"for the organisation {value}",
    "cloudwatch:namespace": lambda value: f"in the namespace {value}",
    "iam:passedtoservice": lambda value: f"to {value}",
    "aws:calledvia": lambda value: f"through {value.partition('.')[0]}",
    "sts:externalid": lambda _: "with the external id agreed",
    "sagemaker:instancetypes": lambda _: "on the instance types agreed",
    "lakeformation:rows": lambda value: f"in the rows of {value}",
    "s3:x-amz-server-side-encryption": lambda value: f"encrypted by {value}",
    "lambda:functionurlauthtype": lambda value: f"by its URL{' without signing in' if value == 'NONE' else ''}",
    "kms:macalgorithm": lambda value: f"by {value}",
}
# What it says that a key is there, and that it is absent.
_GIVEN: Final = {
    "s3:x-amz-server-side-encryption": ("encrypted as the caller says", "encrypted as the bucket says"),
    "s3:x-amz-server-side-encryption-aws-kms-key-id": (
        "under a key that the caller names", "under no key that the caller names"),
    "s3:x-amz-server-side-encryption-customer-algorithm": (
        "under a key that the caller keeps", "under no key that the caller keeps"),
}


def in_words(conditions: Iterable[Condition], words: Lexicon) -> str:
    """Write conditions as what follows a sentence; empty where there are none. Values of one key stand together."""
    by_key: dict[tuple[str, bool], list[Condition]] = {}
    for one in sorted(conditions):
        by_key.setdefault((one.name, one.negated), []).append(one)
    return listed_or_empty(unique(_said(several, words) for several in by_key.values()))


def listed_or_empty(found: list[str]) -> str:
    """Write words as a list; nothing where there are none."""
    return listed(found) if found else ""


def _said(conditions: list[Condition], words: Lexicon) -> str:
    one = conditions[0]
    values = unique(value for each in conditions for value in each.values)
    positive = _positive(one, values, words)
    if not positive:
        alike = all(replace(each, values=one.values) == one for each in conditions)
        said = [str(replace(one, values=tuple(values)))] if alike and not one.negated else map(str, conditions)
        return f"where {words.plain(' or '.join(said))}"
    some = f", or where {one.key} is absent" if one.if_exists and not one.negated else ""
    return f"{'not ' if one.negated else ''}{positive}{some}"


def _positive(one: Condition, values: list[str], words: Lexicon) -> str:
    name = one.name
    if one.operator == "Bool" and len(values) == 1:
        return _yes_or_no(name, values[0] == "true")
    if one.operator == "Null":
        if tag := _TAG.fullmatch(one.key):
            return f"{'without' if values == ['true'] else 'with'} the tag {tag[2]}"
        return _GIVEN[name][values == ["true"]] if name in _GIVEN else ""
    if one.operator.startswith(("Numeric", "Date")):
        return ""
    if tag := _TAG.fullmatch(one.key):
        return _tagged(tag[1].lower(), tag[2], values, words)
    if name in ("aws:sourceaccount", "aws:principalaccount", "kms:calleraccount", "aws:resourceaccount"):
        verb = {"aws:sourceaccount": "for", "aws:resourceaccount": "in"}.get(name, "from")
        return f"{verb} {' or '.join(_account(value, words) for value in values)}"
    if name in ("aws:sourcearn", "aws:principalarn"):
        told = " or ".join(_thing(value, words) for value in values)
        return f"{'for' if name == 'aws:sourcearn' else 'as'} {told}"
    if name.startswith("lakeformation:tag/"):
        return f"tagged {one.key.partition('/')[2].replace(words.naming.environment, '⟨environment⟩')} " \
               f"{' or '.join(map(words.plain, values))}"
    if name == "lakeformation:column":
        return f"in the column{'s' if len(values) > 1 else ''} {listed(values)}"
    if name == "s3:x-amz-server-side-encryption-aws-kms-key-id":
        return f"under {' or '.join(_thing(value, words) for value in values)}"
    if name.startswith(_CONTEXT):
        return f"for {' or '.join(_thing(value, words) for value in values)}"
    if say := _WORDS.get(name):
        return " or ".join(unique(say(words.plain(value)) for value in values))
    return ""


def _thing(value: str, words: Lexicon) -> str:
    if value.startswith("arn:") and "${" not in value:
        return resource(Names(value), Names("*"), words)
    return words.known.get(value, words.plain(value))


def _yes_or_no(name: str, yes: bool) -> str:
    told = {
        "aws:securetransport": ("over TLS", "without TLS"),
        "aws:multifactorauthpresent": ("with MFA", "without MFA"),
        "kms:grantisforawsresource": ("for AWS's own use", "for others than AWS"),
        "aws:viaawsservice": ("through an AWS service", "directly"),
        "aws:principalisawsservice": ("as an AWS service", "as no AWS service"),
    }.get(name)
    return told[0 if yes else 1] if told else ""


def _tagged(whose: str, tag: str, values: list[str], words: Lexicon) -> str:
    if tag.lower() == "mlstead:project" and values == [words.naming.project]:
        return {"resource": "where it is the project's", "request": "tagged as the project's",
                "principal": "as the project's"}[whose]
    told = " or ".join(map(words.plain, values))
    if told in ("*", "?*"):
        return {"resource": "where it has", "request": "giving it", "principal": "as somebody with"}[whose] \
            + f" the tag {tag}"
    return {"resource": "where it is", "request": "", "principal": "as somebody"}[whose].strip() \
        + f" tagged {tag} {told}".rstrip()


def _account(value: str, words: Lexicon) -> str:
    return "this account" if words.own(value) or "${" in value else f"account {value}"
