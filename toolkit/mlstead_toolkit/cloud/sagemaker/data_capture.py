"""Data capture: requests and answers of an endpoint, sampled, as JSON lines in S3 where SageMaker would put them."""

from __future__ import annotations

import base64
import json
import logging
import random
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlstead_toolkit.cloud.failure import Failure
from mlstead_toolkit.cloud.sagemaker.record import Document
from mlstead_toolkit.cloud.storage import Storage
from mlstead_toolkit.cloud.workshop import Workshop

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.sagemaker.observation import Observation

log = logging.getLogger("mlstead.cloud")


class DataCapture:
    """Writes what endpoints' DataCaptureConfig asks for, in the name of the model's role.

    https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html
    """

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    def write(self, observations: Iterable[Observation]) -> None:
        """Write an object for each endpoint and variant: <destination>/<endpoint>/<variant>/yyyy/mm/dd/hh/….jsonl."""
        files: dict[tuple[str, str, str], list[Observation]] = defaultdict(list)
        for one in observations:
            if wanted(one):
                files[one.capture["DestinationS3Uri"].rstrip("/"), one.endpoint, one.variant].append(one)
        for (destination, endpoint, variant), captured in files.items():
            first = datetime.fromtimestamp(captured[0].when, UTC)
            name = f"{first:%Y/%m/%d/%H/%M-%S}-{first.microsecond // 1000:03d}-{uuid.uuid4()}.jsonl"
            content = "".join(json.dumps(record(one), separators=(",", ":")) + "\n" for one in captured).encode()
            one = captured[0]
            storage = Storage(one.credentials, one.region, self._workshop)
            try:
                storage.upload(
                    content, f"{destination}/{endpoint}/{variant}/{name}", one.capture.get("KmsKeyId") or None
                )
            except Failure as failure:  # as on AWS: the endpoint goes on answering, and nothing is captured
                log.warning("data capture of endpoint %s: %s", endpoint, failure)


def wanted(one: Observation) -> bool:
    """Whether this invocation is captured: enabled, answered without error, and in the sample."""
    if not one.capture.get("EnableCapture") or one.status >= 400:
        return False
    percentage: float = one.capture["InitialSamplingPercentage"]
    return percentage >= 100 or random.random() * 100 < percentage  # noqa: S311 - a sample, no secret


def record(one: Observation) -> Document:
    """Give the line for one invocation, as SageMaker writes it."""
    modes = {option["CaptureMode"] for option in one.capture.get("CaptureOptions", [])}
    data: Document = {}
    if modes & {"Input", "InputAndOutput"}:
        data["endpointInput"] = _side("INPUT", one.request, one.request_type, one.capture)
    if modes & {"Output", "InputAndOutput"}:
        data["endpointOutput"] = _side("OUTPUT", one.answer, one.answer_type, one.capture)
    metadata: Document = {
        "eventId": str(uuid.uuid4()),
        "inferenceTime": f"{datetime.fromtimestamp(one.when, UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    if one.inference_id:
        metadata["inferenceId"] = one.inference_id
    if one.custom_attributes:
        metadata["customAttributes"] = [one.custom_attributes]
    return {"captureData": data, "eventMetadata": metadata, "eventVersion": "0"}


def _side(mode: str, body: bytes, content_type: str, capture: Document) -> Document:
    types = capture.get("CaptureContentTypeHeader", {})
    plain = content_type.partition(";")[0].strip()
    if plain in types.get("CsvContentTypes", ["text/csv"]):
        encoding = "CSV"
    elif plain in types.get("JsonContentTypes", ["application/json"]):
        encoding = "JSON"
    else:
        encoding = "BASE64"
    data = base64.b64encode(body).decode() if encoding == "BASE64" else body.decode("utf-8", "replace")
    return {"observedContentType": content_type, "mode": mode, "data": data, "encoding": encoding}
