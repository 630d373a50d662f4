"""What AWS answers, told apart: an answer, nothing there, may not be looked at, nobody to ask."""

from __future__ import annotations

import re
from typing import Any

from mlstead_toolkit.doctor.finding import NotSignedIn, Unreachable, Unseen

_DENIED = ("AccessDenied", "UnauthorizedOperation", "AuthorizationError", "Forbidden", "NotAuthorized", "403")
_UNKNOWN_HERE = ("NotImplemented", "UnknownOperation", "InvalidAction", "OptInRequired", "SubscriptionRequired", "501")
_NOT_SIGNED_IN = ("ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient", "SignatureDoesNotMatch", "InvalidToken",
                  "AuthFailure", "InvalidAccessKeyId", "MissingAuthenticationToken", "RequestExpired")
_ABSENT = re.compile(r"NoSuch\w+|\w*NotFound\w*|404|InvalidSubnet(ID)?\.NotFound|InvalidGroup\.NotFound")
_ABSENT_IN_WORDS = re.compile(r"could not find|does not exist|not found|cannot find", re.IGNORECASE)
_NOT_ENABLED = "is not enabled"  # Macie refuses access to what is not there
_OF_SIGN_IN = re.compile(r"Credential|Token|SSO|Profile|Login|MFA|Auth")
# Actions that are called otherwise than the operation that they allow.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
_ACTIONS = {"HeadBucket": "s3:ListBucket", "ListObjectsV2": "s3:ListBucket", "HeadObject": "s3:GetObject",
            "GetBucketEncryption": "s3:GetEncryptionConfiguration",
            "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock"}
_PREFIXES = {"service-quotas": "servicequotas"}
SIGN_IN = "sign in (aws sso login, or AWS_PROFILE), then `aws sts get-caller-identity` says who you are"
CONNECT = "see that this machine reaches AWS: network, proxy (HTTPS_PROXY), AWS_ENDPOINT_URL"


def action_of(service: str, operation: str) -> str:
    """Name the IAM action that allows an operation such as GetRole."""
    return _ACTIONS.get(operation, f"{_PREFIXES.get(service, service)}:{operation}")


def read(error: Exception, service: str, operation: str) -> None:
    """Give back where the error says that there is nothing of the name; else raise what it says, or the error.

    Raises:
        Unseen: the caller may not ask, or nobody here answers that.
        Unreachable: no network, or nobody is signed in.
    """
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        problem: dict[str, Any] = dict(error.response.get("Error", {}))
        code, text = str(problem.get("Code")), str(problem.get("Message"))
        if code.startswith(_NOT_SIGNED_IN):
            raise NotSignedIn(f"AWS does not take the credentials: {text}", SIGN_IN) from error
        if _NOT_ENABLED in text:
            return
        if any(word in code for word in _DENIED):
            named = re.search(r"perform: ([\w-]+:\w+)", text)
            action = named[1] if named else action_of(service, operation)
            raise Unseen(f"needs {action}", code) from error
        if code in _UNKNOWN_HERE or (code.isdecimal() and int(code) >= 500):
            raise Unseen(f"nobody here answers {action_of(service, operation)}", code) from error
        if _ABSENT.fullmatch(code) or _ABSENT_IN_WORDS.search(text):
            return
        raise Unseen(f"{action_of(service, operation)} ended with {code}: {text}",
                     code) from error
    if isinstance(error, exceptions.ConnectionError | exceptions.HTTPClientError | exceptions.ConnectionClosedError):
        raise Unreachable(f"AWS does not answer: {error}", CONNECT) from error
    if not _OF_SIGN_IN.search(type(error).__name__):
        raise error
    raise NotSignedIn(f"There are no usable AWS credentials: {error}", SIGN_IN) from error
