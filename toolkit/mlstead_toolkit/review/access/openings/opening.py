"""One way in or out that is there or not."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody may do because of how a resource is set.

    Args:
        resource: URN of what is laid open; several resources may say so of one.
        who: URN of a resource of this stack, or words: `anybody`.
        what: words after `may now`; `{resource}` stands for what is laid open.
        source: URN of the resource that says so; no part of what it means.
        detail: the setting; no part of what it means.
    """

    resource: str
    who: str
    what: str
    source: str = field(default="", compare=False)
    detail: str = field(default="", compare=False)
