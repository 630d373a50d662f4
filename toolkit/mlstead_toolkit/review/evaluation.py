"""Both sides of a change, evaluated: each program runs once an environment, the head's against the base's resources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from mlstead_toolkit.review.comparison import Comparison
from mlstead_toolkit.review.evaluations import Evaluations
from mlstead_toolkit.review.side_evaluation import Evaluation
from mlstead_toolkit.review.sides.side import Side


def compare(base: Side | None, head: Side | None, environments: Sequence[str],
            on_progress: Callable[[str], None] = lambda _: None, *, evaluations: Evaluations | None = None
            ) -> list[Comparison]:
    """Evaluate both sides in every environment, the sides beside each other.

    Args:
        base: what the change starts from; None where there is nothing to compare with.
        head: what it leads to; None where the program is gone.
        environments: stacks' short names, in the order of the result.
        on_progress: is told which one is evaluated.
        evaluations: of several comparisons, left open; None: of this one alone.

    Returns:
        One comparison for each environment; what goes wrong in one is a problem of that one.
    """
    if evaluations is None:
        with Evaluations() as own:
            return compare(base, head, environments, on_progress, evaluations=own)
    evaluations.begin(base)
    evaluations.begin(head)
    pool = ThreadPoolExecutor(1, thread_name_prefix="base")
    try:
        bases = [pool.submit(evaluations.of, base, head, name) for name in environments]
        found = []
        for name, future in zip(environments, bases, strict=True):
            on_progress(f"evaluating {name}")
            was = future.result()
            before = was.resources if was.graph is not None else ()
            found.append(_comparison(name, was, evaluations.of(head, base, name, before)))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # an interrupt waits for no program: theirs end with us
    return found


def _comparison(environment: str, before: Evaluation, after: Evaluation) -> Comparison:
    """Put the two sides together; what both are refused for is none of this change's problems."""
    both = {one.message for one in before.problems} & {one.message for one in after.problems}
    if before.graph is None or after.graph is None:
        both = set()
    notes = (*before.notes, *after.notes, *(f"On both sides: {message}" for message in sorted(both)))
    problems = tuple(one for one in (*before.problems, *after.problems) if one.message not in both)
    failed = before.graph is None and bool(before.problems)
    return Comparison(
        after.project or before.project, environment, before.graph, after.graph,
        () if failed or after.graph is None else after.steps, after.renamed, problems, tuple(dict.fromkeys(notes)),
        {**before.places, **after.places})
