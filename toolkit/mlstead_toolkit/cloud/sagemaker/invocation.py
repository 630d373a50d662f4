"""InvokeEndpoint: the path of every prediction, kept apart from moto's dispatcher because it must be quick."""

from __future__ import annotations

import http.client
import time
from functools import partial

from mlstead_toolkit.cloud.account import ACCOUNT_ID
from mlstead_toolkit.cloud.answer import error_answer, json_answer
from mlstead_toolkit.cloud.request import Body, Call, Environ, StartResponse, body_of
from mlstead_toolkit.cloud.sagemaker.endpoint import Deployment, Endpoints, Variant
from mlstead_toolkit.cloud.sagemaker.model_server import Answer
from mlstead_toolkit.cloud.sagemaker.observation import Observation, Observer
from mlstead_toolkit.cloud.workshop import Workshop

PAYLOAD_LIMIT = 25 * 1024 * 1024
"""Bytes that SageMaker takes in one real-time invocation."""
VARIANT = "HTTP_X_AMZN_SAGEMAKER_TARGET_VARIANT"
ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. "
    "Review the latency metrics for each container in CloudWatch."
)
INFERENCE_ID = "HTTP_X_AMZN_SAGEMAKER_INFERENCE_ID"


class Invocations:
    """Passes invocations on to model servers, and what it saw to the observer."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._observer = Observer(workshop)
        workshop.at_close.append(self._observer.close)

    def __call__(self, environ: Environ, start_response: StartResponse, call: Call) -> Body:
        """Answer one POST /endpoints/<name>/invocations."""
        began = time.perf_counter()
        refuse = partial(error_answer, environ, start_response, call)
        name = environ["PATH_INFO"].split("/")[2]
        deployment = self._deployment(name, call.region)
        variant = deployment.choose(environ.get(VARIANT)) if deployment else None
        if deployment is None or variant is None:
            what = f"Variant {environ.get(VARIANT)} of endpoint" if deployment else "Endpoint"
            return refuse(400, "ValidationError", f"{what} {name} of account {ACCOUNT_ID} not found.")
        body = body_of(environ)
        if len(body) > PAYLOAD_LIMIT:
            too_long = f"The payload has {len(body)} bytes, the limit is {PAYLOAD_LIMIT}."
            return refuse(413, "ValidationError", too_long)
        headers = {
            "Content-Type": environ.get("CONTENT_TYPE") or "application/octet-stream",
            "Accept": environ.get("HTTP_ACCEPT", "*/*"),
        }
        if attributes := environ.get("HTTP_X_AMZN_SAGEMAKER_CUSTOM_ATTRIBUTES"):
            headers[ATTRIBUTES] = attributes
        sent = time.perf_counter()
        try:
            answer = variant.server.invoke(body, headers)
        except TimeoutError:
            return self._model_error(start_response, variant, 0, TIMED_OUT, b"")
        except (OSError, http.client.HTTPException):
            gone = f"The container of variant {variant.name} is not answering; it is being restarted."
            return refuse(503, "ServiceUnavailable", gone)
        got = time.perf_counter()
        assert variant.server.credentials is not None  # it has answered, so it was started
        self._observer.observe(
            Observation(
                endpoint=name,
                variant=variant.name,
                region=call.region,
                credentials=variant.server.credentials,
                when=time.time(),
                status=answer.status,
                model_microseconds=(got - sent) * 1e6,
                overhead_microseconds=(sent - began) * 1e6,
                request=body,
                request_type=headers["Content-Type"],
                answer=answer.body,
                answer_type=answer.headers.get("Content-Type", ""),
                inference_id=environ.get(INFERENCE_ID),
                custom_attributes=attributes,
                capture=deployment.capture,
            )
        )
        return self._respond(start_response, variant, answer)

    def _deployment(self, name: str, region: str) -> Deployment | None:
        from mlstead_toolkit.cloud.sagemaker.backend import collection_of, installed

        if not installed():
            return None
        endpoint = collection_of(Endpoints, region, ACCOUNT_ID).records.get(name)
        return endpoint.deployment if endpoint else None

    def _respond(self, start_response: StartResponse, variant: Variant, answer: Answer) -> Body:
        if answer.status >= 400:
            party = "client" if answer.status < 500 else "server"
            said = answer.body.decode("utf-8", "replace")
            return self._model_error(
                start_response,
                variant,
                answer.status,
                f'Received {party} error ({answer.status}) from primary with message "{said}". '
                f"See the log group {variant.server.log_stream.group} for more information.",
                answer.body,
            )
        headers = [
            ("Content-Type", answer.headers.get("Content-Type", "application/octet-stream")),
            ("Content-Length", str(len(answer.body))),
            ("x-Amzn-Invoked-Production-Variant", variant.name),
        ]
        if attributes := answer.headers.get(ATTRIBUTES):
            headers.append((ATTRIBUTES, attributes))
        start_response("200 OK", headers)
        return [answer.body]

    def _model_error(
        self, start_response: StartResponse, variant: Variant, status: int, message: str, original: bytes
    ) -> Body:
        stream = variant.server.log_stream
        return json_answer(
            start_response,
            424,
            {
                "ErrorCode": "CLIENT_ERROR_FROM_MODEL" if 400 <= status < 500 else "INTERNAL_FAILURE_FROM_MODEL",
                "Message": message,
                "OriginalMessage": original.decode("utf-8", "replace"),
                "OriginalStatusCode": status,
                "LogStreamArn": f"arn:aws:logs:{stream.region}:{ACCOUNT_ID}:log-group:{stream.group}",
            },
            (("x-amzn-ErrorType", "ModelError"),),
        )
