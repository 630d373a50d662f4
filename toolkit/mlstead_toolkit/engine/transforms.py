"""Transforms: functions of the program that change registrations and invokes before the engine sees them."""

from __future__ import annotations

import threading
from typing import TypeVar

import grpc
from google.protobuf.message import Message

from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.protocol import callback_pb2, callback_pb2_grpc, resource_pb2

Answer = TypeVar("Answer", bound=Message)
Register = resource_pb2.RegisterResourceRequest


class Transforms:
    """Knows the transforms of a run and calls them back in the program's process."""

    def __init__(self) -> None:
        self._stack: list[callback_pb2.Callback] = []
        self._invoke: list[callback_pb2.Callback] = []
        self._of: dict[str, list[callback_pb2.Callback]] = {}
        self._parents: dict[str, str] = {}
        self._channels: dict[str, grpc.Channel] = {}
        self._lock = threading.Lock()

    def add_stack(self, callback: callback_pb2.Callback) -> None:
        """Take a transform of every resource registered from now on."""
        self._stack.append(callback)

    def add_invoke(self, callback: callback_pb2.Callback) -> None:
        """Take a transform of every invoke made from now on."""
        self._invoke.append(callback)

    def registered(self, urn: str, parent: str, callbacks: list[callback_pb2.Callback]) -> None:
        """Remember a resource's own transforms, which hold for its children too."""
        if callbacks:
            self._of[urn] = callbacks
        if parent:
            self._parents[urn] = parent

    def resource(self, request: Register) -> Register:
        """Apply the transforms of a registration: its own, its parents' from the inside out, the stack's."""
        callbacks, parent = list(request.transforms), request.parent
        while parent:
            callbacks += self._of.get(parent, [])
            parent = self._parents.get(parent, "")
        for callback in [*callbacks, *self._stack]:
            question = resource_pb2.TransformRequest(
                type=request.type, name=request.name, custom=request.custom, parent=request.parent,
                properties=request.object, options=_options(request))
            answer = self._call(callback, question, resource_pb2.TransformResponse)
            request.object.CopyFrom(answer.properties)
            if answer.HasField("options"):
                _apply(answer.options, request)
        return request

    def invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeRequest:
        """Apply the transforms of an invoke."""
        for callback in self._invoke:
            options = resource_pb2.TransformInvokeOptions(
                provider=request.provider, version=request.version, plugin_download_url=request.pluginDownloadURL)
            question = resource_pb2.TransformInvokeRequest(token=request.tok, args=request.args, options=options)
            answer = self._call(callback, question, resource_pb2.TransformInvokeResponse)
            request.args.CopyFrom(answer.args)
            if answer.HasField("options"):
                request.provider, request.version = answer.options.provider, answer.options.version
        return request

    def _call(self, callback: callback_pb2.Callback, question: Message, kind: type[Answer]) -> Answer:
        with self._lock:
            channel = self._channels.get(callback.target)
            if channel is None:
                channel = grpc.insecure_channel(callback.target, options=[("grpc.enable_http_proxy", 0)])
                self._channels[callback.target] = channel
        stub = callback_pb2_grpc.CallbacksStub(channel)
        message = callback_pb2.CallbackInvokeRequest(token=callback.token, request=question.SerializeToString())
        try:
            return kind.FromString(stub.Invoke(message).response)
        except grpc.RpcError as error:
            reason = (error.details() or "").strip()
            raise EngineError(f"A transform failed: {reason}", fix="mend the transform") from error

    def close(self) -> None:
        """Close the channels."""
        for channel in self._channels.values():
            channel.close()


def _options(request: Register) -> resource_pb2.TransformResourceOptions:
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies, ignore_changes=request.ignoreChanges,
        replace_on_changes=request.replaceOnChanges, version=request.version, aliases=request.aliases,
        provider=request.provider, plugin_download_url=request.pluginDownloadURL, deleted_with=request.deletedWith,
        additional_secret_outputs=request.additionalSecretOutputs, providers=request.providers,
        hide_diff=request.hideDiffs, replace_with=request.replace_with)
    setattr(options, "import", request.importId)
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    if request.HasField("customTimeouts"):
        options.custom_timeouts.CopyFrom(request.customTimeouts)
    if request.HasField("replacement_trigger"):
        options.replacement_trigger.CopyFrom(request.replacement_trigger)
    return options


def _apply(options: resource_pb2.TransformResourceOptions, request: Register) -> None:
    lists = (("dependencies", options.depends_on), ("ignoreChanges", options.ignore_changes),
             ("replaceOnChanges", options.replace_on_changes), ("aliases", options.aliases),
             ("additionalSecretOutputs", options.additional_secret_outputs), ("hideDiffs", options.hide_diff),
             ("replace_with", options.replace_with))
    for name, values in lists:
        request.ClearField(name)  # type: ignore[arg-type]
        getattr(request, name).extend(values)
    request.version, request.provider = options.version, options.provider
    request.pluginDownloadURL, request.deletedWith = options.plugin_download_url, options.deleted_with
    request.importId = getattr(options, "import")
    request.providers.clear()
    request.providers.update(options.providers)
    for name, field in (("protect", "protect"), ("retain_on_delete", "retainOnDelete")):
        request.ClearField(field)  # type: ignore[arg-type]
        if options.HasField(name):  # type: ignore[arg-type]
            setattr(request, field, getattr(options, name))
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")
    request.deleteBeforeReplace = options.delete_before_replace
    request.ClearField("customTimeouts")
    if options.HasField("custom_timeouts"):
        request.customTimeouts.CopyFrom(options.custom_timeouts)
    request.ClearField("replacement_trigger")
    if options.HasField("replacement_trigger"):
        request.replacement_trigger.CopyFrom(options.replacement_trigger)
