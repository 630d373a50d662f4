"""What AWS refuses, told as ProviderError: the operation, the code, the message, the resource, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlstead_toolkit.engine.provider import ProviderError

if TYPE_CHECKING:
    from mlstead_toolkit.aws.endpoint import Endpoint

_GONE: Final = ("NotFound", "NoSuch", "NotExist", "404")
_ADVICE: Final = {
    "BucketNotEmpty": "empty the bucket, every version included, or set forceDestroy=True and run `up` before",
    "BucketAlreadyExists": "bucket names are shared by all of AWS: choose another, or leave `bucket` out",
    "BucketAlreadyOwnedByYou": "the bucket exists already: import it (import_=…), or choose another name",
    "RepositoryNotEmptyException": "delete its images, or set forceDelete=True and run `up` before",
    "EntityAlreadyExists": "it exists already: import it (import_=…), or choose another name",
    "AlreadyExistsException": "it exists already: import it (import_=…), or choose another name",
    "ResourceInUse": "it exists already or is in use: import it (import_=…), or choose another name",
    "DeleteConflict": "remove what is attached to it first, or set forceDetachPolicies=True",
    "DependencyViolation": "remove what still uses it first",
    "MalformedPolicyDocument": "correct the policy document",
    "InvalidTargetBucketForLogging": "let logging.s3.amazonaws.com put objects into the target bucket (BucketPolicy), "
                                     "and let the logging depend on that policy",
    "NotImplemented": "nothing at this target implements the operation: see `mlstead doctor`",
    "NotImplementedException": "nothing at this target implements the operation: see `mlstead doctor`",
}


_NO_MODEL_PACKAGE: Final = (
    "this local cloud has no such version (a restart forgets them): write model: none in infra/Pulumi.local.yaml, then "
    "mlstead up local, and train, approve and promote again")


class Refusal(ProviderError):
    """An answer of the cloud that is an error; `code` is AWS's."""

    def __init__(self, operation: str, code: str, message: str, *, where: str | None, status: int = 0) -> None:
        self.operation, self.code, self.message, self.status = operation, code, message, status
        super().__init__(f"{operation} was refused: {message} ({code})", where=where, fix=_advice(code, message))

    def is_among(self, codes: tuple[str, ...]) -> bool:
        """Tell whether the answer is one of a type's own ways to say that the resource does not exist."""
        return any(self.code == code.partition(":")[0] and code.partition(":")[2] in self.message for code in codes)

    def says_gone(self, codes: tuple[str, ...]) -> bool:
        """Tell whether the answer means that something does not exist: the resource, or what the call needs beside it.

        `codes` are the type's own ways to say so.
        """
        if self.is_among(codes):
            return True
        if any(mark in self.code for mark in _GONE):
            return True
        return self.code == "ValidationException" and self.message.startswith(("Could not find", "Cannot find"))


def _advice(code: str, message: str) -> str | None:
    if message.startswith("ModelPackage") and "does not exist" in message:
        return _NO_MODEL_PACKAGE
    if "must be Approved" in message:
        return "mlstead approve that version, then run `up` again"
    return _ADVICE.get(code)


def translate(error: Exception, service: str, operation: str, endpoint: Endpoint, where: str | None
              ) -> ProviderError | None:
    """Give the ProviderError that says the same; None for an error that is no answer of the cloud."""
    from botocore.exceptions import ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as BotoConnectionError

    if isinstance(error, ClientError):
        answer = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code, message = str(answer.get("Code", "Unknown")), str(answer.get("Message", "")).strip()
        if message.startswith("<"):
            return ProviderError(f"{service} {operation} made the cloud fail (HTTP status {status}).", where=where,
                                 fix="mlstead cloud logs shows what happened")
        return Refusal(f"{service} {operation}", code, message, where=where, status=status)
    if isinstance(error, (BotoConnectionError, HTTPClientError)):
        return silent(endpoint, where)
    return None


def silent(endpoint: Endpoint, where: str | None = None) -> ProviderError:
    """Give the error for an endpoint that does not answer."""
    return ProviderError(f"{endpoint.name} does not answer at {endpoint.address}.", where=where, fix=endpoint.start)
