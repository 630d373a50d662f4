"""The loopback services that a program talks to: Pulumi's ResourceMonitor and Engine, for one run of one stack."""
# ruff: noqa: N802, ARG002 - the names and the arguments of the methods are gRPC's

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, Protocol

import grpc
from google.protobuf import empty_pb2

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import goal as goals
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine import wire
from mlstead_toolkit.engine.deployment import Deployment, StepFailed, Stopped
from mlstead_toolkit.engine.errors import NotSupported
from mlstead_toolkit.engine.goal import Goal
from mlstead_toolkit.engine.invokes import Invokes
from mlstead_toolkit.engine.protocol import (
    callback_pb2,
    engine_pb2,
    engine_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
)
from mlstead_toolkit.engine.reading import Reader
from mlstead_toolkit.engine.registrar import Registrar
from mlstead_toolkit.engine.transforms import Transforms
from mlstead_toolkit.engine.values import Properties


class Context(Protocol):
    """What is needed of gRPC's context of a request."""

    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        """End the request with an error, by raising."""


_MAXIMUM_MESSAGE = 400 * 1024 * 1024
_THREADS = 256  # a request waits for its provider in a thread of its own
_OLD_FEATURE_NAMES = ("secrets", "resourceReferences", "outputValues", "aliasSpecs", "deletedWith", "replaceWith",
                      "transforms", "invokeTransforms", "parameterization", "resourceHooks", "errorHooks")
# Packages with parameters and hooks are advertised so that it is the engine that refuses them, by name.
_FEATURES = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS, resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES, resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER, resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH, resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS, resource_pb2.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS, resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
)
_SEVERITIES = {engine_pb2.DEBUG: "debug", engine_pb2.INFO: "info", engine_pb2.WARNING: "warning",
               engine_pb2.ERROR: "error"}


class Monitor(resource_pb2_grpc.ResourceMonitorServicer, engine_pb2_grpc.EngineServicer):
    """Turns requests into calls of the parts of the engine, and failures into what the SDK understands."""

    def __init__(self, deployment: Deployment, registrar: Registrar, reader: Reader, invokes: Invokes) -> None:
        self._deployment, self._registrar, self._reader, self._invokes = deployment, registrar, reader, invokes
        self._transforms = Transforms()
        self._root = ""

    # --- resources --------------------------------------------------------------------------------------------------

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest, context: Context
                         ) -> resource_pb2.RegisterResourceResponse:
        """Create, change, replace or keep a resource."""
        urn, goal = "", None
        with self._deployment.busy():
            try:
                self._deployment.go_on()
                own = list(request.transforms)
                goals.refuse_unsupported(request)
                request = self._transforms.resource(request)
                goal = goals.from_request(request, self._deployment.directory)
                urn = urns.make(self._deployment.stack, self._deployment.project, goal.parent, goal.type, goal.name)
                self._transforms.registered(urn, goal.parent, own)
                state = self._registrar.register(goal)
            except Exception as error:
                self._failed(error, urn, goal, context)
                return resource_pb2.RegisterResourceResponse(urn=urn, result=resource_pb2.FAIL)
            return resource_pb2.RegisterResourceResponse(
                urn=urn, id=state.id if state.id != urns.UNKNOWN_ID else "",
                object=wire.to_struct(state.outputs if state.custom else {}))

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest,
                                context: Context) -> empty_pb2.Empty:
        """Record the outputs of a component, or of the stack."""
        with self._deployment.busy():
            outputs = wire.from_struct(request.outputs, self._deployment.directory)
            self._registrar.outputs(request.urn, outputs)
        return empty_pb2.Empty()

    def ReadResource(self, request: resource_pb2.ReadResourceRequest, context: Context
                     ) -> resource_pb2.ReadResourceResponse:
        """Read a resource that exists outside the stack."""
        goal = Goal(
            type=request.type, name=request.name, custom=True, parent=request.parent,
            inputs=wire.from_struct(request.properties, self._deployment.directory), provider=request.provider,
            version=request.version, dependencies=sorted(request.dependencies),
            additional_secret_outputs=list(request.additionalSecretOutputs),
            source_position=goals.source_position(request.sourcePosition))
        urn = urns.make(self._deployment.stack, self._deployment.project, goal.parent, goal.type, goal.name)
        with self._deployment.busy():
            try:
                state = self._reader.read(goal, request.id)
            except Exception as error:
                self._failed(error, urn, goal, context)
                return resource_pb2.ReadResourceResponse(urn=urn, result=resource_pb2.FAIL)
            return resource_pb2.ReadResourceResponse(urn=urn, id=state.id, properties=wire.to_struct(state.outputs))

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest, context: Context
               ) -> resource_pb2.ResourceInvokeResponse:
        """Call a function of a provider."""
        with self._deployment.busy():
            try:
                self._deployment.go_on()
                request = self._transforms.invoke(request)
                arguments = wire.from_struct(request.args, self._deployment.directory)
                result = self._invokes.invoke(request.tok, arguments, provider=request.provider,
                                              version=request.version, depends_on=list(request.dependsOn))
            except Stopped:
                _end(context)
            except MlsteadError as error:
                # As Pulumi's engine tells it; a CheckFailure would end in "()". A status carries some 8 kB at most.
                context.abort(grpc.StatusCode.UNKNOWN, self._deployment.redactor.clean(str(error))[:4000])
        if result is None:
            return resource_pb2.ResourceInvokeResponse(unknown=True)
        return _invoked(result)

    def _failed(self, error: Exception, urn: str, goal: Goal | None, context: Context) -> None:
        """Record what is not recorded yet; a preview goes on with a failed result, a run for real ends here."""
        deployment = self._deployment
        if isinstance(error, MlsteadError):
            deployment.refuse(urn, error, goal)
        elif not isinstance(error, (StepFailed, Stopped)):
            deployment.fail(urn, f"{type(error).__name__}: {error} (a defect of the engine or the provider)")
            deployment.say("debug", _traceback(error), urn)
        if not deployment.preview or isinstance(error, Stopped):
            _end(context)

    # --- the run ----------------------------------------------------------------------------------------------------

    def GetDeploymentInfo(self, request: empty_pb2.Empty, context: Context) -> resource_pb2.DeploymentInfo:
        """Say what this engine can do, and for which stack."""
        deployment = self._deployment
        return resource_pb2.DeploymentInfo(
            project=deployment.project, stack=deployment.stack, organization="organization",
            config=deployment.configuration.settings, configSecretKeys=deployment.configuration.secret_keys,
            dryRun=deployment.preview, parallel=deployment.parallel, supportedFeatures=_FEATURES)

    def SupportsFeature(self, request: resource_pb2.SupportsFeatureRequest, context: Context
                        ) -> resource_pb2.SupportsFeatureResponse:
        """Say the same to an older SDK."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in _OLD_FEATURE_NAMES)

    def RegisterStackTransform(self, request: callback_pb2.Callback, context: Context) -> empty_pb2.Empty:
        """Take a transform of all resources."""
        self._transforms.add_stack(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: callback_pb2.Callback, context: Context
                                     ) -> empty_pb2.Empty:
        """Take a transform of all invokes."""
        self._transforms.add_invoke(request)
        return empty_pb2.Empty()

    def RegisterResourceHook(self, request: resource_pb2.RegisterResourceHookRequest, context: Context
                             ) -> empty_pb2.Empty:
        """Refuse."""
        self._refuse(f"the resource hook {request.name}", context)

    def RegisterErrorHook(self, request: resource_pb2.RegisterErrorHookRequest, context: Context
                          ) -> empty_pb2.Empty:
        """Refuse."""
        self._refuse(f"the error hook {request.name}", context)

    def RegisterPackage(self, request: resource_pb2.RegisterPackageRequest, context: Context
                        ) -> resource_pb2.RegisterPackageResponse:
        """Refuse."""
        self._refuse(f"the parameterised package {request.parameterization.name or request.name}", context)

    def Call(self, request: resource_pb2.ResourceCallRequest, context: Context) -> Any:
        """Refuse."""
        self._refuse(f"the method {request.tok} of a remote component", context)

    def ExistsResource(self, request: resource_pb2.ExistsResourceRequest, context: Context) -> Any:
        """Refuse."""
        self._refuse(f"the question whether {request.type} {request.id} exists", context)

    def _refuse(self, what: str, context: Context) -> NoReturn:
        error = NotSupported(f"The program uses {what}, which the embedded engine does not run.",
                             fix="leave it out for local, or run this stack with `pulumi` itself")
        self._deployment.refuse("", error)
        context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))

    def SignalAndWaitForShutdown(self, request: empty_pb2.Empty, context: Context) -> empty_pb2.Empty:
        """Let the program end: nothing calls it back after its last registration."""
        return empty_pb2.Empty()

    # --- the engine service -----------------------------------------------------------------------------------------

    def Log(self, request: engine_pb2.LogRequest, context: Context) -> empty_pb2.Empty:
        """Hand a message on; an error that the program logs fails the run, as it does under Pulumi."""
        severity = _SEVERITIES.get(request.severity, "info")
        self._deployment.say(severity, request.message, request.urn)
        if severity == "error":
            self._deployment.fail(request.urn, request.message)
        return empty_pb2.Empty()

    def GetRootResource(self, request: engine_pb2.GetRootResourceRequest, context: Context
                        ) -> engine_pb2.GetRootResourceResponse:
        """Give the stack's URN."""
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(self, request: engine_pb2.SetRootResourceRequest, context: Context
                        ) -> engine_pb2.SetRootResourceResponse:
        """Take the stack's URN."""
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def RequirePulumiVersion(self, request: engine_pb2.RequirePulumiVersionRequest, context: Context
                             ) -> engine_pb2.RequirePulumiVersionResponse:
        """Accept: the real engine checks it where it counts."""
        return engine_pb2.RequirePulumiVersionResponse()

    def close(self) -> None:
        """Close the channels to the program's callbacks."""
        self._transforms.close()


def _invoked(result: Properties) -> resource_pb2.ResourceInvokeResponse:
    response = resource_pb2.ResourceInvokeResponse()
    getattr(response, "return").CopyFrom(wire.to_struct(result))
    return response


def _end(context: Context) -> NoReturn:
    # The SDK takes "unavailable" as the engine's end, and stops the program without a story of its own.
    context.abort(grpc.StatusCode.UNAVAILABLE, "the deployment has ended")


def _traceback(error: Exception) -> str:
    import traceback

    return "".join(traceback.format_exception(error))


@contextmanager
def served(monitor: Monitor) -> Iterator[str]:
    """Serve on a socket that only this user can reach; gives the address."""
    folder = Path(tempfile.mkdtemp(prefix="mlstead-"))
    pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="monitor")
    server = grpc.server(pool, options=[("grpc.max_receive_message_length", _MAXIMUM_MESSAGE),
                                        ("grpc.max_send_message_length", _MAXIMUM_MESSAGE)])
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    engine_pb2_grpc.add_EngineServicer_to_server(monitor, server)
    address = f"unix:{folder}/monitor"
    server.add_insecure_port(address)
    server.start()
    try:
        yield address
    finally:
        server.stop(None)
        pool.shutdown(wait=False, cancel_futures=True)
        monitor.close()
        shutil.rmtree(folder, ignore_errors=True)


