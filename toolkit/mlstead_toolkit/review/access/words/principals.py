"""Who, in words: `training role`, `account 111122223333`, `CI of acme/flights in environment dev`, `anybody`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mlstead_toolkit.policies.statement import WHOSE
from mlstead_toolkit.policies.statement import Condition as Written
from mlstead_toolkit.review.access.condition import Condition
from mlstead_toolkit.review.access.permission import HAVING, Holder
from mlstead_toolkit.review.access.words.actions import listed
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.access.words.names import unique

_ACCOUNT: Final = re.compile(r"\d{12}")
_WHOSE: Final = frozenset(key.lower() for key in WHOSE)
_GITHUB: Final = re.compile(r"repo:([^:]*):?(.*)")
_GITLAB: Final = re.compile(r"project_path:([^:]*):?(.*)")


def principal(holder: Holder, conditions: Iterable[Condition], words: Lexicon) -> str:
    """Give who a policy is about; for everybody or an account, whom the conditions leave of it."""
    if holder.kind == "URN":
        return words.known.get(holder.name, holder.name)
    if holder.kind == HAVING:
        return f"whoever has {words.known.get(holder.name, holder.name)}"
    if holder.kind == "Federated":
        return _federated(holder.name, conditions, words)
    if holder.but:
        return f"anybody but {listed([principal(Holder('AWS', one), (), words) for one in holder.but])}"
    named = _people(conditions, words)
    if holder.name == "*":
        return named or "anybody"
    if holder.kind == "Service":
        return holder.name
    account, _, rest = _parts(holder.name)
    if not rest or rest == "root":
        whose = "this account" if words.own(account) else f"account {account}"
        return named or whose
    known = words.known.get(holder.name)
    return known or _named(rest, account, words)


def foreign(holder: Holder, conditions: Iterable[Condition], words: Lexicon) -> bool:
    """Tell whether somebody of another account, or anybody at all, is among them."""
    if holder.kind in ("URN", "Service", HAVING):
        return False
    if holder.kind == "Federated":
        return not any(one.name.endswith(":sub") and not one.negated for one in conditions)
    if holder.name == "*":
        held = [one for one in conditions if one.name in _WHOSE and not one.negated and not one.if_exists
                and Written(one.operator, one.key, one.values).holds_to_something]
        return not held or any(_foreign_value(value, words) for one in held for value in one.values)
    account, _, _ = _parts(holder.name)
    return not words.own(account)


def _foreign_value(value: str, words: Lexicon) -> bool:
    account = value if _ACCOUNT.fullmatch(value) else _parts(value)[0]
    return bool(_ACCOUNT.fullmatch(account)) and not words.own(account)


def _people(conditions: Iterable[Condition], words: Lexicon) -> str:
    """Give whom aws:PrincipalArn names, or aws:PrincipalAccount."""
    held = [one for one in conditions if not one.negated and not one.if_exists]
    arns = sorted({value for one in held if one.name == "aws:principalarn" for value in one.values})
    if arns and all(arn.startswith("arn:") for arn in arns):
        return listed(unique(words.known.get(arn) or _named(_parts(arn)[2], _parts(arn)[0], words) for arn in arns))
    accounts = sorted({value for one in held if one.name in ("aws:principalaccount", "kms:calleraccount")
                       for value in one.values})
    return listed(unique("this account" if words.own(each) or "${" in each else f"account {each}"
                         for each in accounts)) if accounts else ""


def _named(rest: str, account: str, words: Lexicon) -> str:
    kind, _, path = rest.partition("/")
    name = words.naming.short(path.rpartition("/")[2] if "*" not in path else path)
    whose = words.whose(account)
    if "*" in name:
        return f"any {kind} named {name}{whose}"
    return f"{name} role{whose}" if kind == "role" else f"the {kind} {name}{whose}"


def _parts(arn: str) -> tuple[str, str, str]:
    """Give account, service and the rest of a principal; a bare account has no rest."""
    if not arn.startswith("arn:"):
        return arn, "iam", ""
    fields = [*arn.split(":", 5), "", "", "", "", ""]
    return fields[4], fields[2], fields[5]


def _federated(provider: str, conditions: Iterable[Condition], words: Lexicon) -> str:
    """Say whose tokens: of GitHub and GitLab the repository, and the branch or environment.

    https://docs.github.com/en/actions/reference/security/oidc
    https://docs.gitlab.com/ci/secrets/id_token_authentication/
    """
    issuer = provider.partition("/")[2] if provider.startswith("arn:") else provider
    subjects = sorted({value for one in conditions if one.name.endswith(":sub") and not one.negated
                       for value in one.values})
    if not subjects:
        return f"anybody with a token of {issuer}"
    return listed(unique(_subject(value, words) for value in subjects))


def _subject(value: str, words: Lexicon) -> str:
    found = _GITHUB.fullmatch(value) or _GITLAB.fullmatch(value)
    if not found:
        return f"a token of {words.plain(value)}"
    repository = "any repository" if found[1].strip("*/") == "" else f"CI of {found[1]}"
    run = found[2].removeprefix("ref_type:branch:")
    if run in ("", "*"):
        return f"{repository}, whatever runs"
    if run.startswith("environment:"):
        environment = run.removeprefix("environment:")
        same = environment == words.naming.environment
        return f"{repository} in {'its own environment' if same else f'environment {environment}'}"
    if run.startswith("ref:"):
        branch = run.removeprefix("ref:").removeprefix("refs/heads/")
        return f"{repository} on {'any branch' if branch == '*' else f'branch {branch}'}"
    return f"{repository} for {'pull requests' if run == 'pull_request' else words.plain(run)}"
