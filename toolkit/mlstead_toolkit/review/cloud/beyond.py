"""What a plan does that was not told already."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.report import Difference, ResourceChange


def beyond(planned: Sequence[ResourceChange], told: Sequence[ResourceChange]) -> tuple[ResourceChange, ...]:
    """Give what is planned without what is told: whole resources, or their differences.

    Args:
        planned: what Pulumi would do.
        told: what the comparison of the code says; or drift, which the same plan mends.
    """
    found = []
    for change in planned:
        known = [one for one in told if (one.type, one.name) == (change.type, change.name)]
        if any((one.operation, change.operation) == (Operation.DELETE, Operation.CREATE) for one in known):
            continue  # what is gone is made again
        same = [each for one in known if one.operation is change.operation for each in one.differences]
        if any(one.operation is change.operation for one in known):
            rest = tuple(each for each in change.differences if not any(_tells(one, each) for one in same))
            if rest:
                found.append(dataclasses.replace(change, differences=rest))
        else:
            found.append(change)
    return tuple(found)


def _tells(told: Difference, planned: Difference) -> bool:
    """Tell whether a difference says another one, too: the same property, and where it shows, from the same value."""
    if told.path != planned.path:
        return planned.path.startswith((f"{told.path}.", f"{told.path}[")) or (
            told.path.startswith((f"{planned.path}.", f"{planned.path}[")))
    plain = not told.lines and not planned.lines and "⟨" not in told.before
    return not plain or planned.before in (told.before, told.after)
