"""Serve: answers SageMaker's /ping and /invocations; the image's command `serve`, and an endpoint's container.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

import json
import logging
import os
import pwd
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from mlstead_jobs.container import model_directory

from .payload import FORMATS, BadRequestError

if TYPE_CHECKING:
    from .model import Model

logger = logging.getLogger(__name__)

SERVING_USER = "serving"
"""The image's user without rights. SageMaker starts containers as root; serving needs no right at all."""

Answer = tuple[str, str, bytes]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Application:
    """A WSGI application around one model, loaded once and shared by the server's threads."""

    def __init__(self, model: "Model") -> None:
        self.model = model

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; whatever goes wrong is a status and one sentence as {"error": …}."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/ping" and method == "GET":
            answer = ("200 OK", "text/plain", b"")
        elif path == "/invocations" and method == "POST":
            answer = self.invoke(environ.get("CONTENT_TYPE", ""), environ["wsgi.input"].read())
        else:
            answer = _error("404 Not Found", f"There is no {method} {path}, only GET /ping and POST /invocations.")
        status, media_type, body = answer
        start_response(status, [("Content-Type", media_type), ("Content-Length", str(len(body)))])
        return [body]

    def invoke(self, content_type: str, body: bytes) -> Answer:
        """Predict for the rows of a body, answering in the format in which it came."""
        media_type = content_type.partition(";")[0].strip().lower()
        if media_type not in FORMATS:
            given = f"not {media_type}" if media_type else "and the request names none"
            return _error("415 Unsupported Media Type", f"The body must be {' or '.join(FORMATS)}, {given}.")
        read, write = FORMATS[media_type]
        try:
            return "200 OK", media_type, write(self.model.probability_late(read(body)))
        except BadRequestError as error:
            return _error("400 Bad Request", str(error))
        except Exception:
            logger.exception("a prediction failed")
            return _error("500 Internal Server Error", "The prediction failed; the endpoint's log says why.")


def _error(status: str, sentence: str) -> Answer:
    return status, "application/json", json.dumps({"error": sentence}).encode()


def drop_privileges() -> None:
    """Become the image's serving user, where there is one and this process may; on a laptop, stay who you are."""
    if os.geteuid() != 0:
        return
    try:
        user = pwd.getpwnam(SERVING_USER)
    except KeyError:
        return
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def main() -> None:
    """Load the model and serve it on SAGEMAKER_BIND_TO_PORT, 8080 unless set, until told to stop."""
    # Requests run beside each other already; threads within one would only wait. Read when scikit-learn is imported.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import waitress

    from .model import Model

    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    model = Model.load(model_directory())
    drop_privileges()
    logger.info("a model trained on months %s", list(model.train_months))
    host = os.environ.get("SAGEMAKER_BIND_TO_HOST", "0.0.0.0")  # noqa: S104 - a container is reached from outside it
    port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    waitress.serve(Application(model), host=host, port=port, threads=8, ident=None)


if __name__ == "__main__":
    main()
