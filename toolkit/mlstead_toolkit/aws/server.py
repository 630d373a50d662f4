"""The provider over Pulumi's gRPC protocol, so that a real engine can run the local environment too.

A `pulumi` on the PATH attaches to it with PULUMI_DEBUG_PROVIDERS=aws:PORT. The calls are those of provider.py; here
they are only taken off the wire and put back on it.
"""

# ruff: noqa: N802 - the methods' names are the protocol's

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from mlstead.errors import MlsteadError
from mlstead_toolkit.aws.provider import AwsProvider
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.engine.provider import PartialFailure, ProviderError
from mlstead_toolkit.engine.values import Properties, Secret, contains_secret, reveal
from mlstead_toolkit.engine.wire import from_struct, to_struct

_KINDS: Final = {"add": "ADD", "delete": "DELETE", "update": "UPDATE"}
_LARGEST: Final = 400 * 1024 * 1024


class ProviderServicer(provider_pb2_grpc.ResourceProviderServicer):
    """Answers an engine out of the provider that it has configured.

    Every provider of a program (the default one, one of another region) attaches to this one server, each on a
    connection of its own, and no call says whose it is: the connection does.
    """

    def __init__(self, target: Target, provider: AwsProvider | None = None) -> None:
        self.target = target
        self._latest = provider or AwsProvider(target, {})
        self._configured: dict[str, AwsProvider] = {}

    def _provider(self, context: grpc.ServicerContext) -> AwsProvider:
        # A connection that broke comes back under another name.
        return self._configured.get(context.peer(), self._latest)

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: ARG002
        """Accept an engine."""
        return empty_pb2.Empty()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ARG002
        """Tell what is understood."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False, accept_outputs=False)

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ARG002
        """Tell the version of the protocol's package."""
        return plugin_pb2.PluginInfo(version=_version())

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ARG002
        """Give the smallest schema that is one: programs bring their own SDK."""
        schema = {"name": "aws", "version": _version(), "resources": {}}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: ARG002
        """Let calls under way finish: each is short."""
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ARG002
        """Say which setting is refused."""
        settings = from_struct(request.news)
        failures = []
        try:
            AwsProvider(self.target, reveal(settings))
        except ProviderError as error:
            failures.append(provider_pb2.CheckFailure(property=(error.where or "").removeprefix("aws:"),
                                                      reason=error.what))
        return provider_pb2.CheckResponse(inputs=to_struct(settings), failures=failures)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ARG002
        """Say that another region is another provider."""
        olds, news = from_struct(request.olds), from_struct(request.news)
        replaces = ["region"] if olds.get("region") != news.get("region") else []
        changed = [name for name in {*olds, *news} if olds.get(name) != news.get(name)]
        response = provider_pb2.DiffResponse
        return response(replaces=replaces, diffs=changed,
                        changes=response.DIFF_SOME if changed else response.DIFF_NONE)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Take the engine's settings."""
        with _told(context):
            provider = AwsProvider(self.target, reveal(from_struct(request.args)))
        self._configured[context.peer()] = self._latest = provider
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=False,
                                              acceptOutputs=False)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Answer a function."""
        with _told(context):
            answer = self._provider(context).invoke(request.tok, reveal(from_struct(request.args)))
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(to_struct(answer))
        return response

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Validate inputs."""
        given = from_struct(request.news)
        olds = reveal(from_struct(request.olds)) if request.HasField("olds") else None
        provider = self._provider(context)
        with _told(context):
            result = provider.check(_type(request.urn), request.urn, olds, reveal(given), request.randomSeed)
        failures = [provider_pb2.CheckFailure(property=failure.property, reason=failure.reason)
                    for failure in result.failures]
        return provider_pb2.CheckResponse(inputs=to_struct(_covered(result.inputs, _secret_names(given))),
                                          failures=failures)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Compare."""
        outputs, news = reveal(from_struct(request.olds)), reveal(from_struct(request.news))
        provider = self._provider(context)
        with _told(context):
            result = provider.diff(_type(request.urn), request.id, reveal(from_struct(request.old_inputs)), outputs,
                                   news, tuple(request.ignoreChanges))
        response, kinds = provider_pb2.DiffResponse, provider_pb2.PropertyDiff
        detailed = {path: kinds(kind=kinds.Kind.Value(_KINDS[kind] + ("_REPLACE" if path in result.replaces else "")),
                                inputDiff=True) for path, kind in result.changes.items()}
        return response(replaces=_tops(result.replaces), deleteBeforeReplace=result.delete_before_replace,
                        changes=response.DIFF_SOME if result.changed else response.DIFF_NONE,
                        diffs=_tops(result.changes), detailedDiff=detailed, hasDetailedDiff=True)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Create, or predict in a preview."""
        given = from_struct(request.properties)
        provider, type_ = self._provider(context), _type(request.urn)
        with _told(context, given):
            id_, outputs = provider.create(type_, request.urn, reveal(given), preview=request.preview,
                                           timeout=request.timeout or None)
        return provider_pb2.CreateResponse(id=id_, properties=_outputs(provider, type_, outputs, given))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Read back, or import."""
        provider, inputs, type_ = self._provider(context), from_struct(request.inputs), _type(request.urn)
        with _told(context, inputs):
            result = provider.read(type_, request.id, reveal(inputs), reveal(from_struct(request.properties)))
        if result is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=result.resource_id, properties=_outputs(provider, type_, result.outputs, inputs),
            inputs=to_struct(_covered(result.inputs, _secret_names(inputs))))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Change in place, or predict in a preview."""
        provider, news, type_ = self._provider(context), from_struct(request.news), _type(request.urn)
        with _told(context, news):
            outputs = provider.update(
                type_, request.urn, request.id, reveal(from_struct(request.old_inputs)),
                reveal(from_struct(request.olds)), reveal(news), preview=request.preview,
                timeout=request.timeout or None, ignore_changes=tuple(request.ignoreChanges))
        return provider_pb2.UpdateResponse(properties=_outputs(provider, type_, outputs, news))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Delete; a note goes to the log, for the protocol has no place for it."""
        with _told(context):
            note = self._provider(context).delete(
                _type(request.urn), request.urn, request.id, reveal(from_struct(request.old_inputs)),
                reveal(from_struct(request.properties)), timeout=request.timeout or None)
        if note:
            sys.stderr.write(f"{note}\n")
        return empty_pb2.Empty()


def _version() -> str:
    """Give the version of the SDK beside us: the engine warns where provider and SDK differ."""
    try:
        return version("pulumi-aws")
    except PackageNotFoundError:
        return "7.0.0"


def start(target: Target, provider: AwsProvider | None, port: int) -> tuple[grpc.Server, int]:
    """Start serving on 127.0.0.1 and give the server and its port (a free one for 0)."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=32),
                         options=[("grpc.max_receive_message_length", _LARGEST),
                                  ("grpc.max_send_message_length", _LARGEST)])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(ProviderServicer(target, provider), server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    if not bound:
        raise ProviderError(f"Port {port} of 127.0.0.1 is taken.", where="the provider's server",
                            fix="give another port, or 0 for a free one")
    server.start()
    return server, bound


def serve(target: Target, provider: AwsProvider | None, port: int = 0) -> None:
    """Serve until the process is ended; the port is the first line of standard output."""
    server, bound = start(target, provider, port)
    sys.stdout.write(f"{bound}\n")
    sys.stdout.flush()
    server.wait_for_termination()


@contextmanager
def _told(context: grpc.ServicerContext, inputs: Properties | None = None) -> Iterator[None]:
    """Turn what mlstead refuses into the protocol's errors, without a traceback."""
    try:
        yield
    except PartialFailure as failure:
        details = provider_pb2.ErrorResourceInitFailed(
            id=failure.resource_id, properties=to_struct(failure.outputs), reasons=[str(failure)],
            inputs=to_struct(reveal(inputs or {})))
        context.set_trailing_metadata((("grpc-status-details-bin", _status(str(failure), details)),))
        context.abort(grpc.StatusCode.UNKNOWN, str(failure))
    except MlsteadError as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))


def _status(message: str, details: Any) -> bytes:
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    status.details.add().Pack(details)
    return bytes(status.SerializeToString())


def _type(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _secret_names(properties: Properties) -> set[str]:
    return {name for name, value in properties.items() if contains_secret(value)}


def _covered(properties: Properties, names: set[str] | frozenset[str]) -> Properties:
    return {name: Secret(value) if name in names and value is not None else value
            for name, value in properties.items()}


def _outputs(provider: AwsProvider, type_: str, outputs: Properties, inputs: Properties) -> Any:
    return to_struct(_covered(outputs, {*_secret_names(inputs), *provider.secret_outputs(type_)}))


def _tops(paths: Any) -> list[str]:
    return list(dict.fromkeys(path.split(".")[0].split("[")[0] for path in paths))
