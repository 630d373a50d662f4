"""What S3 tells EventBridge of an object, in the members and words that AWS uses.

moto sends two events for an upload in parts, to every bus, with another name for the ETag and always one sequencer.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from __future__ import annotations

import itertools
import time
import uuid
from typing import Any

from mlstead_toolkit.cloud.account import PARTITION
from mlstead_toolkit.cloud.events.event import Event, new_event

REASONS = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    "s3:ObjectRemoved:Delete": "DeleteObject",
}
_sequence = itertools.count(time.time_ns())


def install() -> None:
    """Put it in the place of moto's."""
    from moto.s3 import notifications

    notifications._send_event_bridge_message = _send  # type: ignore[assignment]


def _send(account: str, bucket: Any, event_name: str, key: Any) -> None:
    from moto.events.models import events_backends
    from moto.s3.models import s3_backends
    from moto.s3.notifications import _detail_type

    name = getattr(event_name, "value", event_name)
    if name == "s3:ObjectCreated:Put" and key.multipart is not None:
        return  # the upload's own event follows
    if name == "s3:ObjectTagging:Put" and not s3_backends[account][PARTITION].get_object_tagging(key).get("Tags"):
        return  # moto tags every object that it puts, if only with nothing
    event: Any = new_event("aws.s3", _detail_type(name), bucket.region_name, account, [bucket.arn],
                      _detail(account, bucket, name, key), time.time())
    for rule in list(events_backends[account][bucket.region_name].event_buses["default"].rules.values()):
        rule.send_to_targets(event, transform_input=False)


def _detail(account: str, bucket: Any, name: str, key: Any) -> Event:
    described = {"key": key.name, "size": key.size, "etag": key.etag.replace('"', "")}
    if bucket.is_versioned:
        described["version-id"] = key.version_id
    return {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": {**described, "sequencer": f"{next(_sequence):018X}"},
        "request-id": uuid.uuid4().hex[:16].upper(),
        "requester": account,
        "source-ip-address": "127.0.0.1",
        "reason": REASONS.get(name, name.split(":")[1]),
    }
