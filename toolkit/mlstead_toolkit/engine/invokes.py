"""Functions of providers, and the few of Pulumi's own."""

from __future__ import annotations

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.deployment import Deployment
from mlstead_toolkit.engine.errors import EngineError, NotSupported
from mlstead_toolkit.engine.provider_registry import ProviderRegistry
from mlstead_toolkit.engine.stack_references import StackReferences
from mlstead_toolkit.engine.values import Properties, contains_secret, contains_unknown, reveal


class Invokes:
    """Answers invokes, from several threads at once."""

    def __init__(self, deployment: Deployment, providers: ProviderRegistry, references: StackReferences) -> None:
        self._deployment, self._providers, self._references = deployment, providers, references

    def invoke(self, token: str, arguments: Properties, *, provider: str, version: str, depends_on: list[str]
               ) -> Properties | None:
        """Call a function; None in a preview where its arguments, or what it depends on, are not there yet.

        Raises:
            MlsteadError: it failed, or there is no such function.
        """
        if contains_unknown(arguments) or any(urn in self._deployment.created for urn in depends_on):
            if self._deployment.preview:
                return None
            if contains_unknown(arguments):
                raise EngineError(f"{token} was called with unknown arguments.", fix="see the failures before this one")
        if urns.package_of(token) == "pulumi":
            return self._own(token, arguments)
        reference = provider or self._providers.default(token, version)
        found = self._providers.get(reference)
        if found is None:
            return None
        return found.invoke(token, reveal(arguments))

    def _own(self, function: str, arguments: Properties) -> Properties:
        if function == "pulumi:pulumi:getResource":
            urn = str(arguments.get("urn"))
            state = self._deployment.states.get(urn)
            if state is None:
                raise EngineError(f"There is no resource {urn} in this program.", fix="register it first")
            return {"urn": urn, "id": state.id, "state": state.outputs}
        if function == "pulumi:pulumi:readStackOutputs":
            name = str(arguments.get("name"))
            outputs = self._references.outputs(name)
            secret = sorted(key for key, value in outputs.items() if contains_secret(value))
            return {"name": name, "outputs": outputs, "secretOutputNames": secret}
        raise NotSupported(f"The embedded engine has no function {function}.",
                           fix="run this stack with `pulumi` itself")
