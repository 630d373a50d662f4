"""moto's dispatcher, with our own extensions put in as each service is first used."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

from mlstead_toolkit.cloud.request import Body, Call, Environ, StartResponse
from mlstead_toolkit.cloud.workshop import Workshop


class Emulator:
    """Serves a call by moto. Services are imported on first use: a cloud that is only asked for S3 starts in half a second."""

    def __init__(self, workshop: Workshop) -> None:
        import moto.core.responses
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        _remember_method_names(moto.core.responses)
        self._dispatcher = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self._extended: set[str] = set()
        self._extensions: dict[str, Callable[[Workshop], None]] = {
            "sagemaker": _extend_sagemaker, "events": _extend_events,
        }
        self._workshop = workshop

    def __call__(self, environ: Environ, start_response: StartResponse, call: Call) -> Body:
        """Serve one call. Raises NotImplementedError where moto lacks the operation or the service."""
        if call.service in self._extensions and call.service not in self._extended:
            with self._lock:
                if call.service not in self._extended:
                    self._extensions[call.service](self._workshop)
                    self._extended.add(call.service)
        if call.service:
            host = self._dispatcher.infer_service_region_host(environ, environ.get("PATH_INFO", ""))
            if host and host != "moto_api" and not self._known(host):
                raise NotImplementedError(call.service)
        return self._dispatcher(environ, start_response)  # type: ignore[no-any-return]

    @functools.lru_cache(maxsize=1000)  # noqa: B019 - one emulator lives as long as its process
    def _known(self, host: str) -> bool:
        return self._dispatcher.get_backend_for_host(host) is not None


def _remember_method_names(responses: object) -> None:
    """Keep the list of a service's operations, which moto otherwise makes anew by inspection for every call."""
    names = responses.method_names_from_class  # type: ignore[attr-defined]
    responses.method_names_from_class = functools.lru_cache(maxsize=None)(names)  # type: ignore[attr-defined]


def _extend_sagemaker(workshop: Workshop) -> None:
    from mlstead_toolkit.cloud.sagemaker.backend import install

    install(workshop)


def _extend_events(workshop: Workshop) -> None:
    from mlstead_toolkit.cloud.event_target import install

    install(workshop)
