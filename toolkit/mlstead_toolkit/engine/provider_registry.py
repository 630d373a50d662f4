"""The providers of a run: default ones on demand, explicit ones that the program registers, former ones."""

from __future__ import annotations

import json
import threading
import uuid

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.deployment import Deployment
from mlstead_toolkit.engine.deployment_format import now
from mlstead_toolkit.engine.errors import EngineError, NotSupported
from mlstead_toolkit.engine.goal import Goal
from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.engine.property_change import NONE, between
from mlstead_toolkit.engine.provider import Provider, ProviderFactory
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import Properties, PropertyValue, contains_unknown, reveal

_NOT_CONFIGURATION = ("version", "pluginDownloadURL", "pluginChecksums", "__internal")
_PLACES = ("region", "endpoints", "profile")  # what a provider points at; another place means other resources


class ProviderRegistry:
    """Finds the configured provider behind a reference (URN::id). Thread-safe.

    Args:
        deployment: the run.
        factory: makes configured providers.
    """

    def __init__(self, deployment: Deployment, factory: ProviderFactory) -> None:
        self._deployment, self._factory = deployment, factory
        self._configured: dict[str, Provider] = {}
        self._by_reference: dict[str, Provider | None] = {}
        self._defaults: dict[str, str] = {}
        self._lock = threading.RLock()

    def get(self, reference: str) -> Provider | None:
        """Give a provider; None where its configuration is not known yet (a preview), or it is the engine's own.

        Raises:
            EngineError: there is none behind the reference.
        """
        with self._lock:
            if reference in self._by_reference:
                return self._by_reference[reference]
            urn, resource_id = urns.split_reference(reference)
            for item in self._deployment.recorder.resources:
                if item.urn == urn and item.id == resource_id:
                    return self._load(item)
        raise EngineError(f"The provider {urns.name_of(urn)} is not there.", where=reference,
                          fix="register the provider in the program before what uses it")

    def _load(self, state: ResourceState) -> Provider | None:
        reference = urns.provider_reference(state.urn, state.id)
        provider = self.configure(urns.package_of(state.type), state.inputs)
        self._by_reference[reference] = provider
        return provider

    def in_use(self) -> dict[str, Provider]:
        """Give the providers that resources of the state use, by the URN of the provider."""
        wanted = {item.provider for item in self._deployment.recorder.resources
                  if item.custom and item.provider and not urns.is_provider(item.type)}
        found = {urns.split_reference(reference)[0]: self.get(reference) for reference in sorted(wanted)}
        return {urn: provider for urn, provider in found.items() if provider is not None}

    def configure(self, package: str, inputs: Properties) -> Provider | None:
        """Configure a provider, once for the same configuration; None for Pulumi's own package or unknown inputs."""
        if package == "pulumi" or contains_unknown(inputs):
            return None
        configuration = {key: _plain(value) for key, value in reveal(_settings(inputs)).items()}
        key = f"{package} {json.dumps(configuration, sort_keys=True, default=str)}"
        with self._lock:
            if key not in self._configured:
                self._configured[key] = self._factory(package, configuration)
            return self._configured[key]

    def default(self, type_: str, version: str) -> str:
        """Give the reference of a package's default provider, registered if it is not yet."""
        package = urns.package_of(type_)
        with self._lock:
            name = f"default_{version.replace('.', '_').replace('-', '_').replace('+', '_')}" if version else "default"
            if (found := self._defaults.get(f"{package} {name}")) is not None:
                return found
            denied = self._deployment.configuration.of_package("pulumi").get("disable-default-providers")
            if denied and package != "pulumi" and ("*" in denied or f'"{package}"' in denied):
                raise EngineError(f"The default provider of {package} is disabled for this stack.",
                                  where="pulumi:disable-default-providers", fix="pass an explicit provider")
            goal = Goal(type=f"{urns.PROVIDER_PREFIX}{package}", name=name, custom=True, version=version,
                        inputs=dict(self._deployment.configuration.of_package(package)))
            urn = urns.make(self._deployment.stack, self._deployment.project, "", goal.type, name)
            state = ResourceState(urn, goal.type, custom=True, inputs=goal.inputs)
            self.register(state, goal, self._deployment.olds.get(urn), turn=0)
            reference = urns.provider_reference(urn, state.id)
            self._defaults[f"{package} {name}"] = reference
            return reference

    def register(self, new: ResourceState, goal: Goal, old: ResourceState | None, turn: int) -> None:
        """Do what a provider resource needs: it is made, changed in place, or replaced where it points elsewhere."""
        deployment = self._deployment
        package = urns.package_of(new.type)
        if package not in ("aws", "pulumi") and "dynamic" in package:
            raise NotSupported(f"{new.type} is a dynamic provider, which the embedded engine does not run.",
                               fix="run this stack with `pulumi` itself")
        new.inputs = new.inputs | ({"__internal": {}, "version": goal.version} if goal.version else {})
        provider = self.configure(package, new.inputs)
        operation, changes = Operation.CREATE, NONE
        if old is not None:
            changes = between(_settings(old.inputs), _settings(new.inputs))
            moved = any(old.inputs.get(key) != new.inputs.get(key) for key in _PLACES)
            operation = Operation.REPLACE if moved else Operation.UPDATE if changes else Operation.SAME
        former = self.configure(package, old.inputs) if old is not None and operation is Operation.REPLACE else None
        with deployment.lock:
            deployment.states[new.urn], deployment.goals[new.urn] = new, goal
            if old is not None and operation is not Operation.REPLACE:
                new.id, new.serial, new.created, new.modified = old.id, old.serial, old.created, old.modified
            else:
                new.id = urns.UNKNOWN_ID if deployment.preview else str(uuid.uuid4())
                new.serial, new.created = deployment.recorder.number(), now()
            new.outputs = {key: value for key, value in new.inputs.items() if key != "__internal"}
            put = [] if old is not None and operation is Operation.SAME and new.same_as(old) else [new]
            if operation is Operation.REPLACE and old is not None:
                deployment.replaced.add(new.urn)
                put.append(old.copy(delete=True))
                self._by_reference.setdefault(urns.provider_reference(old.urn, old.id), former)
            if put:
                new.modified = now()
                deployment.recorder.change(put=put)
            self._by_reference[urns.provider_reference(new.urn, new.id)] = provider
            if turn:
                deployment.plan(turn, deployment.step(operation, new, changes=changes))

    def changed(self, old: ResourceState, new: ResourceState) -> bool:
        """Tell whether a resource must be replaced because its provider is another one."""
        if old.provider == new.provider or not old.provider:
            return False
        old_urn, old_id = urns.split_reference(old.provider)
        new_urn, new_id = urns.split_reference(new.provider)
        old_urn = self._deployment.claimed.get(old_urn, old_urn)
        if old_urn == new_urn:
            return old_id != new_id
        if not urns.is_default_provider(old_urn) or not urns.is_default_provider(new_urn):
            return True
        before = next((item for item in self._deployment.recorder.resources if item.urn == old_urn), None)
        after = self._deployment.states.get(new_urn)
        return before is not None and after is not None and any(
            before.inputs.get(key) != after.inputs.get(key) for key in _PLACES)


def _settings(inputs: Properties) -> Properties:
    return {key: value for key, value in inputs.items() if key not in _NOT_CONFIGURATION}


def _plain(value: PropertyValue) -> PropertyValue:
    # Pulumi's SDKs hand structured provider settings over as JSON in a string.
    if isinstance(value, str) and (value[:1] in ("{", "[") or value in ("true", "false")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
