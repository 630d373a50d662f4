"""Why a job or an endpoint failed, in SageMaker's two kinds."""

from __future__ import annotations

LIMIT = 1024
"""Characters that SageMaker keeps of a failure reason."""


class Failure(Exception):
    """A reason as it stands in FailureReason."""

    kind = "InternalServerError"

    @property
    def reason(self) -> str:
        """The text for FailureReason."""
        return f"{self.kind}: {self}"[:LIMIT]


class ClientFailure(Failure):
    """What was asked for cannot be done: data, image or role is missing."""

    kind = "ClientError"


class AlgorithmFailure(Failure):
    """The container's own program failed."""

    kind = "AlgorithmError"


class RoleFailure(ClientFailure):
    """The role may not do what is done in its name, or SageMaker may not assume it."""
