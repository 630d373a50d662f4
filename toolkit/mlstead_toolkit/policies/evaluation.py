"""Every rule held against every resource of a stack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlstead_toolkit.engine.secretness import Redactor
from mlstead_toolkit.policies.block import Malformed, NotDecided
from mlstead_toolkit.policies.catalogue import RULES
from mlstead_toolkit.policies.finding import Finding, Verdict
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.reviewed_exception import ReviewedException
from mlstead_toolkit.policies.rule import Rule
from mlstead_toolkit.policies.stack import Stack


def evaluate(stack: Stack, rules: Sequence[Rule] = RULES, exceptions: Sequence[ReviewedException] = ()
             ) -> list[Finding]:
    """Give what the rules find in a stack; nothing for a rule that plainly holds.

    Args:
        stack: the stack; where it is not complete, whatever needs the rest of it is not decided.
        rules: the rules.
        exceptions: what was agreed. Whether one has expired is the reader's business: see exceptions.py.
    """
    redactor = Redactor()
    for resource in stack.resources:
        redactor.learn(dict(resource.properties))
    return [finding for resource in stack.resources
            for finding in judge(resource, stack, rules, exceptions, redactor)]


def judge(resource: Resource, stack: Stack, rules: Sequence[Rule] = RULES,
          exceptions: Sequence[ReviewedException] = (), redactor: Redactor | None = None) -> list[Finding]:
    """Give what the rules find in one resource of a stack.

    Args:
        resource: the resource.
        stack: the stack.
        rules: the rules.
        exceptions: what was agreed.
        redactor: takes the stack's secrets out of messages; not given: those of the resource.
    """
    if redactor is None:
        redactor = Redactor()
        redactor.learn(dict(resource.properties))
    found: list[Finding] = []
    for rule in rules:
        if rule.judges(resource):
            agreed = next((one for one in exceptions if one.covers(rule.id, resource)), None)
            for verdict, message in _verdicts(rule, resource, stack):
                excepted = agreed if verdict is Verdict.VIOLATED else None
                found.append(Finding(rule, resource.urn, resource.name, Verdict.EXCEPTED if excepted else verdict,
                                     redactor.clean(message), excepted))
    return found


def _verdicts(rule: Rule, resource: Resource, stack: Stack) -> Iterator[tuple[Verdict, str]]:
    wrong: list[str] = []
    unknown = ""
    try:
        for message in rule.check(resource, stack):
            wrong.append(message)  # noqa: PERF402 (a check that ends undecided keeps what it found before)
    except NotDecided as needed:
        unknown = f"{needed} is not known yet"
    except Malformed as error:
        wrong.append(str(error))
    except Exception as error:  # A rule that fails has decided nothing: it must neither pass nor end the run.
        unknown = f"the rule failed: {type(error).__name__}: {error} (a defect of the rule)"
    if wrong:
        yield from ((Verdict.VIOLATED, message) for message in dict.fromkeys(wrong))
    elif unknown:
        yield Verdict.NOT_DECIDED, unknown
