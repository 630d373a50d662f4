"""What the policies of buckets, topics, queues, keys and the like are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlstead_toolkit.policies.block import Block
from mlstead_toolkit.policies.statement import ON_WHOSE_BEHALF, WHOSE, Statement, allowances, statements


def open_to_everybody(block: Block, path: str = "policy") -> Iterator[str]:
    """Give what a policy allows to everybody, with no condition that holds it to somebody.

    Raises:
        NotDecided: the policy is not known yet.
        Malformed: it is none.
    """
    for statement in allowances(block, path):
        if statement.to_everybody and not statement.held_to(*WHOSE):
            yield f"{statement.called} allows it to everybody"


def open_to_services(block: Block, path: str = "policy", beyond: Sequence[str] = ()) -> Iterator[str]:
    """Give what a policy allows to a service whoever's resource it acts for.

    Args:
        block: what has the policy.
        path: where.
        beyond: further keys that say for whom, `*` allowed.

    Raises:
        NotDecided: the policy is not known yet.
        Malformed: it is none.
    """
    for statement in allowances(block, path):
        services = statement.of("Service")
        if services and not statement.held_to(*ON_WHOSE_BEHALF, *beyond):
            yield f"{statement.called} allows it to {', '.join(services)}, for anybody's resource"


def tls_guards(block: Block, *actions: str, path: str = "policy") -> list[Statement]:
    """Give what denies some actions to whoever does not come over TLS. Raises NotDecided, Malformed."""
    return [statement for statement in statements(block, path)
            if _is_tls_guard(statement) and len(statement.reaches(*actions)) == len(actions)]


def _is_tls_guard(statement: Statement) -> bool:
    if statement.allows or not statement.to_everybody or statement.but_principals or len(statement.conditions) != 1:
        return False
    condition = statement.conditions[0]
    return (condition.operator in ("Bool", "BoolIfExists") and condition.key.lower() == "aws:securetransport"
            and condition.values == ("false",))
