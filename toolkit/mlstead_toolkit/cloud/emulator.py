"""moto's dispatcher, with our own extensions put in as each service is first used."""

from __future__ import annotations

import functools
import threading
from contextlib import nullcontext

from mlstead_toolkit.cloud.request import Body, Call, Environ, StartResponse
from mlstead_toolkit.cloud.workshop import Workshop

_TOGETHER = {"glue", "lakeformation"}
"""Services that one extension serves."""


class Emulator:
    """Serves a call by moto. A service is imported, and extended by us, on first use: that keeps the start short."""

    def __init__(self, workshop: Workshop) -> None:
        import moto.core.responses
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        _remember_method_names(moto.core.responses)
        self._dispatcher = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self._extended: set[str] = set()
        # moto's models have no locks: where one call looks through what another one changes, they take turns.
        catalog = threading.Lock()
        self._turns = {"ec2": threading.Lock(), "glue": catalog, "lakeformation": catalog}
        self._workshop = workshop

    def __call__(self, environ: Environ, start_response: StartResponse, call: Call) -> Body:
        """Serve one call. Raises NotImplementedError where moto lacks the operation or the service."""
        self.prepare(call.service)
        if call.service:
            host = self._dispatcher.infer_service_region_host(environ, environ.get("PATH_INFO", ""))
            if host and host != "moto_api" and not self._known(host):
                raise NotImplementedError(call.service)
        with self._turns.get(call.service, nullcontext()):
            return self._dispatcher(environ, start_response)  # type: ignore[no-any-return]

    def prepare(self, service: str) -> None:
        """Extend a service by what is ours, before anything of moto's is looked at."""
        if service not in self._extended:
            with self._lock:
                if service not in self._extended:
                    self._extend(service)
                    self._extended |= _TOGETHER if service in _TOGETHER else {service}

    def _extend(self, service: str) -> None:
        match service:
            case "sagemaker":
                from mlstead_toolkit.cloud.sagemaker import backend

                backend.install(self._workshop)
            case "ec2":
                from mlstead_toolkit.cloud.ec2 import backend as ec2

                ec2.install()
            case "events":
                from mlstead_toolkit.cloud.events import backend as events

                events.install(self._workshop)
            case "s3":
                from mlstead_toolkit.cloud import (
                    bucket_policy,
                    bucket_reading,
                    conditional_write,
                    inventory,
                    object_lock,
                )

                for part in (bucket_policy, bucket_reading, inventory, object_lock, conditional_write):
                    part.install()
            case "kms":
                from mlstead_toolkit.cloud import message_code

                message_code.install()
            case "sts":
                from mlstead_toolkit.cloud import session

                session.install()
            case "athena":
                from mlstead_toolkit.cloud import workgroup

                workgroup.install()
            case "glue" | "lakeformation":
                from mlstead_toolkit.cloud import data_quality
                from mlstead_toolkit.cloud.lake_formation import backend as lake_formation

                lake_formation.install()
                data_quality.install()

    @functools.lru_cache(maxsize=1000)  # noqa: B019 - one emulator lives as long as its process
    def _known(self, host: str) -> bool:
        return self._dispatcher.get_backend_for_host(host) is not None


def _remember_method_names(responses: object) -> None:
    """Keep the list of a service's operations, which moto otherwise makes anew by inspection for every call."""
    names = responses.method_names_from_class  # type: ignore[attr-defined]
    responses.method_names_from_class = functools.lru_cache(maxsize=None)(names)  # type: ignore[attr-defined]
