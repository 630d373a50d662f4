"""The cloud's own paths below /_mlstead/: status, images, forget-metrics, reset, stop."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from mlstead_toolkit.cloud.answer import json_answer
from mlstead_toolkit.cloud.boot import Boot
from mlstead_toolkit.cloud.ending import Ending
from mlstead_toolkit.cloud.request import Body, Environ, StartResponse, body_of
from mlstead_toolkit.cloud.sagemaker.metric import forget_points
from mlstead_toolkit.cloud.workshop import Workshop


class Parting(list[bytes]):
    """An answer after which the cloud ends: the server closes it once it has sent it."""

    def __init__(self, parts: Body, then: Callable[[], None]) -> None:
        super().__init__(parts)
        self._then = then

    def close(self) -> None:
        """Be told that the answer has gone out."""
        self._then()


class Admin:
    """Answers what `mlstead cloud …` asks."""

    def __init__(self, boot: Boot, workshop: Workshop, ending: Ending) -> None:
        self._boot, self._workshop, self._ending = boot, workshop, ending

    def __call__(self, environ: Environ, start_response: StartResponse) -> Body:
        """Answer one request."""
        match environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix("/_mlstead/"):
            case "GET", "status":
                return json_answer(start_response, 200, self._status())
            case "POST", "images":
                return self._register_image(environ, start_response)
            case "POST", "forget-metrics":
                forget_points(str(json.loads(body_of(environ))["endpoint_name"]))
                return json_answer(start_response, 200, self._status())
            case "POST", ("reset" | "stop") as manner:
                return Parting(json_answer(start_response, 200, self._status()), lambda: self._ending.end(manner))
            case method, path:
                return json_answer(start_response, 404, {"message": f"There is no {method} /_mlstead/{path}."})

    def _status(self) -> dict[str, object]:
        return {
            "service": "mlstead",
            "home": str(self._boot.home),
            "pid": os.getpid(),
            "boot_id": self._boot.boot_id,
            "started": self._boot.started,
            "jobs_running": self._workshop.jobs_running,
            "endpoints": self._workshop.endpoints,
            "images": {image.repository: str(image.root) for image in self._workshop.images},
        }

    def _register_image(self, environ: Environ, start_response: StartResponse) -> Body:
        try:
            body = json.loads(body_of(environ))
            repository, root, python = str(body["repository"]), Path(body["root"]), Path(body["python"])
        except (ValueError, KeyError, TypeError):
            return json_answer(start_response, 400, {"message": 'Expected {"repository": …, "root": …, "python": …}.'})
        for path in (root, python):
            if not path.exists():
                return json_answer(start_response, 400, {"message": f"{path} does not exist."})
        self._workshop.images.register(repository, root, python)
        return json_answer(start_response, 200, self._status())
