"""What SageMaker keeps: records with tags, in collections that all list, name and miss things alike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.workshop import Workshop

Document = dict[str, Any]
"""A request or an answer of the SageMaker API, as botocore's service model shapes it."""


def now() -> datetime:
    """The present, as SageMaker stamps it."""
    return datetime.now(UTC)


class Record:
    """One thing that exists.

    Attributes:
        description: what Describe answers, kept up to date by whoever works on the thing.
        tags: as the tagging API lists them; moto's own tagging reads and writes this attribute.
    """

    def __init__(self, name: str, arn: str, description: Document, tags: list[dict[str, str]]) -> None:
        self.name, self.arn, self.description, self.tags = name, arn, description, tags

    def touch(self, **changes: Any) -> None:
        """Change the description and its time of modification."""
        self.description.update(changes, LastModifiedTime=now())


R = TypeVar("R", bound=Record)
C = TypeVar("C", bound="Collection[Any]")
Peers = Mapping[type["Collection[Any]"], "Collection[Any]"]
"""The collections of one account and region, by their class."""


class Collection(Generic[R]):
    """All things of one kind in one account and region.

    Subclasses name the kind, the members of the API that carry name, ARN and status, and their operations: methods
    called as the API's operations are, in snake case, taking the request and giving the answer.
    """

    kind: str
    name_member: str
    arn_member: str
    status_member: str = ""
    list_member: str
    summary_members: tuple[str, ...]
    operations: tuple[str, ...]

    def __init__(self, region: str, account: str, workshop: Workshop, records: dict[str, R], peers: Peers) -> None:
        self.region, self.account, self.workshop, self.records = region, account, workshop, records
        self.peers = peers
        self.lock = threading.RLock()

    def peer(self, kind: type[C]) -> C:
        """Give the collection of another kind in the same account and region."""
        collection = self.peers[kind]
        assert isinstance(collection, kind)
        return collection

    def arn(self, name: str) -> str:
        """Give the ARN of a thing of this kind."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{self.kind}/{name}"

    def get(self, name: str) -> R:
        """Find a thing by name or ARN. Raises the validation error that SageMaker answers for what does not exist."""
        record = self.records.get(name.rpartition("/")[2] if name.startswith("arn:") else name)
        if record is None:
            raise self.missing(name)
        return record

    def missing(self, name: str) -> Exception:
        """The error for a name that does not exist."""
        return refusal(f'Could not find {self.kind.replace("-", " ")} "{self.arn(name)}".')

    def add(self, record: R, exists: str | None = None) -> R:
        """Keep a new record. Raises where the name is taken."""
        with self.lock:
            if record.name in self.records:
                raise refusal(exists or f'Cannot create already existing {self.kind.replace("-", " ")} "{record.arn}".')
            self.records[record.name] = record
        return record

    def describe(self, request: Document) -> Document:
        """Answer Describe."""
        return self.get(request[self.name_member]).description

    def listing(self, request: Document, among: Iterable[R] | None = None) -> Document:
        """Answer List: filters, order and pages as the API has them everywhere."""
        chosen = [
            record
            for record in (list(self.records.values()) if among is None else among)
            if self._matches(record, request)
        ]
        by_name = request.get("SortBy") == "Name"
        chosen.sort(
            key=(lambda record: record.name) if by_name else _created,
            reverse=request.get("SortOrder", "Ascending" if by_name else "Descending") == "Descending",
        )
        first = int(request.get("NextToken", 0))
        last = first + int(request.get("MaxResults", 100))
        answer: Document = {self.list_member: [self.summary(record) for record in chosen[first:last]]}
        if last < len(chosen):
            answer["NextToken"] = str(last)
        return answer

    def summary(self, record: R) -> Document:
        """Give a record as a list shows it."""
        return {member: record.description[member] for member in self.summary_members if member in record.description}

    def _matches(self, record: R, request: Document) -> bool:
        description = record.description
        tests: list[tuple[str, Callable[[Any], bool]]] = [
            ("NameContains", lambda text: text.lower() in record.name.lower()),
            ("StatusEquals", lambda status: description.get(self.status_member) == status),
            ("CreationTimeAfter", lambda time: description["CreationTime"].timestamp() > time),
            ("CreationTimeBefore", lambda time: description["CreationTime"].timestamp() < time),
            ("LastModifiedTimeAfter", lambda time: _modified(description) > time),
            ("LastModifiedTimeBefore", lambda time: _modified(description) < time),
        ]
        return all(test(request[member]) for member, test in tests if request.get(member) is not None)


def refusal(message: str, code: str = "ValidationException") -> Exception:
    """Make the error that a refused request is answered with."""
    from moto.sagemaker.exceptions import SagemakerClientError  # by its module moto knows how to serialise it

    return SagemakerClientError(code, message)


def kept(request: Document, *members: str) -> Document:
    """Give those members of a request that it has, without the empty blocks that SDKs cannot read back."""
    return {member: request[member] for member in members if request.get(member) not in (None, {})}


def _created(record: Record) -> datetime:
    created: datetime = record.description["CreationTime"]
    return created


def _modified(description: Document) -> float:
    stamp: datetime = description.get("LastModifiedTime") or description["CreationTime"]
    return stamp.timestamp()
