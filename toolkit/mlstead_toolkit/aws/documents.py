"""JSON and IAM policy documents: what is wrong with one, and when two say the same."""

from __future__ import annotations

import difflib
import json
import re
from typing import Any, Final, Literal

from mlstead_toolkit.engine.values import UNKNOWN

Attached = Literal["identity", "resource", "trust"]

_TOP: Final = ("Version", "Id", "Statement")
_STATEMENT: Final = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
                     "Condition")
_PRINCIPALS: Final = ("AWS", "Service", "Federated", "CanonicalUser")
_OPERATORS: Final = (
    "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
    "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
    "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan",
    "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress",
    "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null")
_ACTION: Final = re.compile(r"\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+")
_ROOT: Final = re.compile(r"arn:aws[\w-]*:iam::(\d{12}|⟨account⟩):root")


def parse(text: object) -> Any:
    """Read a JSON document; ValueError says where it breaks."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None


def policy_faults(text: object, attached: Attached) -> list[str]:
    """Say what IAM would refuse in a policy document; an empty list where nothing."""
    try:
        policy = parse(text)
    except ValueError as error:
        return [str(error)]
    if policy is UNKNOWN:
        return []
    if not isinstance(policy, dict):
        return ["is not a policy document: an object with Version and Statement"]
    faults = _unknown_keys(policy, _TOP, "the policy")
    if policy.get("Version") not in ("2012-10-17", "2008-10-17", UNKNOWN):
        faults.append("has no valid Version: write \"2012-10-17\"")
    statements = policy.get("Statement")
    if statements is UNKNOWN:
        return faults
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        return [*faults, "has no Statement"]
    for index, statement in enumerate(statements):
        if statement is UNKNOWN:
            continue
        if not isinstance(statement, dict):
            faults.append(f"has a Statement[{index}] that is not an object")
            continue
        faults += [f"{fault} in Statement[{index}]" for fault in _statement_faults(statement, attached)]
    return faults


def canonical_json(text: object) -> Any:
    """Give a document's meaning, so that two spellings of it compare equal; text that is no JSON stands for itself."""
    try:
        return parse(text)
    except ValueError:
        return text


def canonical_policy(text: object) -> Any:
    """Give a policy's meaning: single values are lists, order does not matter, an account stands for its root."""
    policy = canonical_json(text)
    if not isinstance(policy, dict):
        return policy
    statements = policy.get("Statement", [])
    statements = [statements] if isinstance(statements, dict) else statements
    canonical = [_canonical_statement(statement) for statement in statements]
    return {**policy, "Statement": sorted(canonical, key=lambda statement: json.dumps(statement, sort_keys=True,
                                                                                       default=repr))}


def _statement_faults(statement: dict[str, Any], attached: Attached) -> list[str]:
    faults = _unknown_keys(statement, _STATEMENT, "a statement")
    if statement.get("Effect") not in ("Allow", "Deny", UNKNOWN):
        faults.append(f"has Effect {statement.get('Effect')!r}, which must be Allow or Deny,")
    faults += _one_of(statement, "Action", "NotAction")
    for key in ("Action", "NotAction"):
        faults += [f"has an {key} {action!r} that is not service:Action" for action in _listed(statement.get(key))
                   if isinstance(action, str) and not _ACTION.fullmatch(action)]
    if attached == "identity":
        faults += [f"has a {key}, which only a policy of a resource may have," for key in ("Principal", "NotPrincipal")
                   if key in statement]
    else:
        faults += _one_of(statement, "Principal", "NotPrincipal") + _principal_faults(statement)
    if attached == "trust":
        faults += [f"has a {key}, which a trust policy must not have," for key in ("Resource", "NotResource")
                   if key in statement]
    else:
        faults += _one_of(statement, "Resource", "NotResource")
    if attached != "resource" and isinstance(sid := statement.get("Sid", ""), str) and not re.fullmatch(r"\w*", sid):
        faults.append(f"has a Sid {sid!r} with other characters than letters and digits")
    return faults + _condition_faults(statement.get("Condition", {}))


def _principal_faults(statement: dict[str, Any]) -> list[str]:
    faults = []
    for key in ("Principal", "NotPrincipal"):
        principal = statement.get(key)
        if isinstance(principal, dict):
            faults += _unknown_keys(principal, _PRINCIPALS, key)
        elif principal not in (None, "*", UNKNOWN):
            faults.append(f"has a {key} that is neither \"*\" nor an object")
    return faults


def _condition_faults(condition: object) -> list[str]:
    if condition is UNKNOWN:
        return []
    if not isinstance(condition, dict):
        return ["has a Condition that is not an object"]
    faults = []
    for operator, tests in condition.items():
        plain = operator.removeprefix("ForAllValues:").removeprefix("ForAnyValue:").removesuffix("IfExists")
        if plain not in _OPERATORS:
            near = suggestion(plain, _OPERATORS)
            faults.append(f"has a condition operator {operator!r} that IAM does not know{near}")
        elif not isinstance(tests, dict) and tests is not UNKNOWN:
            faults.append(f"has a condition {operator} that is not an object of keys and values")
    return faults


def _one_of(statement: dict[str, Any], one: str, other: str) -> list[str]:
    present = [key for key in (one, other) if key in statement]
    if len(present) == 2:
        return [f"has both {one} and {other}"]
    return [] if present and statement[present[0]] not in ([], "", None) else [f"lacks {one}"]


def _unknown_keys(value: dict[str, Any], known: tuple[str, ...], where: str) -> list[str]:
    return [f"has {key!r}, which {where} does not know{suggestion(key, known)}" for key in value if key not in known]


def suggestion(name: str, known: tuple[str, ...] | list[str]) -> str:
    """Give "; did you mean 'x'?" where one of the known names is near, else nothing."""
    lower = {candidate.lower(): candidate for candidate in known}
    near = difflib.get_close_matches(name.lower(), list(lower), n=1, cutoff=0.6)
    return f"; did you mean {lower[near[0]]!r}?" if near else ""


def _listed(value: object) -> list[Any]:
    if value is None or value is UNKNOWN:
        return []
    return value if isinstance(value, list) else [value]


def _canonical_statement(statement: object) -> Any:
    if not isinstance(statement, dict):
        return statement
    meaning: dict[str, Any] = {}
    for key, value in statement.items():
        if key in ("Action", "NotAction"):
            meaning[key] = sorted({str(action).lower() for action in _listed(value)})
        elif key in ("Resource", "NotResource"):
            meaning[key] = sorted(map(str, _listed(value)))
        elif key in ("Principal", "NotPrincipal") and isinstance(value, dict):
            meaning[key] = {kind: sorted(_ROOT.sub(r"\1", str(name)) for name in _listed(names))
                            for kind, names in value.items()}
        elif key == "Condition" and isinstance(value, dict):
            meaning[key] = {operator: _canonical_tests(tests) for operator, tests in value.items()}
        elif not (key == "Sid" and not value):
            meaning[key] = value
    return meaning


def _canonical_tests(tests: object) -> Any:
    if not isinstance(tests, dict):
        return tests
    return {key.lower(): sorted(str(value).lower() if isinstance(value, bool) else str(value)
                                for value in _listed(values)) for key, values in tests.items()}
