"""AWS Security Token Service.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.access.calls.call import ApiCall, Known, Need
from mlstead_toolkit.access.calls.row import Row, Service

ROLE = "{RoleArn}"
ASKED = {
    "sts:ExternalId": "ExternalId", "sts:RoleSessionName": "RoleSessionName", "sts:SourceIdentity": "SourceIdentity",
    "sts:TransitiveTagKeys": "TransitiveTagKeys",
}


def _session(call: ApiCall, known: Known) -> Iterator[Need]:
    """Tags and a source identity are rights of their own, with the same circumstances.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
    """
    for parameter, action in (("Tags", "TagSession"), ("SourceIdentity", "SetSourceIdentity")):
        if call.parameters.get(parameter):
            yield from SESSION.needs(ApiCall("sts", action, call.parameters, call.region, call.account), known)


def _nothing(_: ApiCall, __: Known) -> Iterator[Need]:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permission is needed."""
    yield from ()


TABLE = Service("sts", {
    "AssumeRole": Row(ROLE, tags="Tags", context=ASKED, more=_session),
    "GetCallerIdentity": Row(only=_nothing),
}, arn="", tag_keys=("iam:ResourceTag",))
SESSION = Service("sts", {
    "TagSession": Row(ROLE, tags="Tags", context=ASKED),
    "SetSourceIdentity": Row(ROLE, tags="Tags", context=ASKED),
}, arn="", tag_keys=("iam:ResourceTag",))
