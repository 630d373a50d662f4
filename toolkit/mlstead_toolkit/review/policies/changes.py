"""What the rules, the components' guards and the controls of both sides say, side by side."""

from __future__ import annotations

from typing import Final

from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.review.comparison import Comparison, Graph
from mlstead_toolkit.review.policies.findings import exception_changes, finding_changes, new_rules
from mlstead_toolkit.review.policies.guards import guard_changes
from mlstead_toolkit.review.policies.pairs import Pairs
from mlstead_toolkit.review.policies.weaker import control_changes
from mlstead_toolkit.review.report import PolicyChange, PolicyKind

_ORDER: Final = (PolicyKind.NEW, PolicyKind.EXPIRED, PolicyKind.EXCEPTED, PolicyKind.WEAKENED, PolicyKind.UNUSED,
                 PolicyKind.NOT_DECIDED, PolicyKind.RESTORED, PolicyKind.FIXED)


def policies_of(comparison: Comparison) -> tuple[PolicyChange, ...]:
    """Give what differs in findings, exceptions, guards and controls; what is excepted on both sides is told too.

    Without a base everything is new: assembly.py says what of that counts.
    """
    if comparison.after is None:
        return ()
    before = comparison.before or _empty(comparison)
    pairs = Pairs.of(comparison, before, comparison.after)
    found = [*finding_changes(before.policies, comparison.after.policies, pairs),
             *exception_changes(before.policies, comparison.after.policies)]
    found += [*guard_changes(pairs), *control_changes(pairs, new_rules(found))]
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _order(one: PolicyChange) -> tuple[bool, int, bool, str, str, str]:
    return (one.existing, _ORDER.index(one.kind), one.level != "mandatory", one.rule, one.subject, one.message)


def _empty(comparison: Comparison) -> Graph:
    return Graph((), {}, {}, Report(comparison.project, comparison.environment, ()))
