"""docs/resource-types.md: what stands behind each resource type on the local cloud and on LocalStack."""

from __future__ import annotations

from mlstead_toolkit.aws.coverage import LIMITS
from mlstead_toolkit.aws.localstack import DIFFERS
from mlstead_toolkit.aws.registry import coverage
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.pages.table import code, table

_HEAD = """# Resource types

Written by `make docs` from the local provider's tables: the types of pulumi-aws that the local provider knows. Any
other type is refused by name.

- **real**: it does its work: a bucket holds objects, a pipeline runs its jobs, an endpoint answers.
- **simulated**: it answers as AWS would and remembers what it was told, and nothing follows from that.
- **declared only**: nothing here emulates it; it is recorded in the state, and `mlstead up` says so.

On every target the provider checks a type's properties as AWS does. `--target localstack` takes from LocalStack
what it has, and the rest from a local cloud beside it, in which then no job and no endpoint runs. **≠** marks where
the two differ.
"""


def page() -> str:
    """Give the page."""
    local = list(coverage(Target.local("", "eu-west-1")))
    other = {entry.token: entry.coverage for entry in coverage(Target.localstack("", "", "eu-west-1"))}
    rows = [[code(entry.token), entry.coverage.value, other[entry.token].value,
             _difference(entry.token, differ=entry.coverage is not other[entry.token])] for entry in local]
    return f"{_HEAD}\n{table(['type', 'local cloud', 'LocalStack', ''], rows)}"


def _difference(token: str, *, differ: bool) -> str:
    notes = [f"{place} {notes[token]}." for place, notes in (("The local cloud's", LIMITS), ("LocalStack's", DIFFERS))
             if token in notes]
    return " ".join([*(["≠"] if differ or token in DIFFERS else []), *notes])
