"""The provider of a symbolic evaluation: the tables of the local AWS provider, and no cloud behind them."""

from __future__ import annotations

import json
from collections.abc import Set
from typing import Any, Final

from mlstead_toolkit.aws.check import UNSUPPORTED
from mlstead_toolkit.aws.endpoint import Endpoint
from mlstead_toolkit.aws.naming import logical_name, name_resource
from mlstead_toolkit.aws.properties import Kind, Property
from mlstead_toolkit.aws.provider import AwsProvider
from mlstead_toolkit.aws.registry import resource_types
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.aws.work import parse_id
from mlstead_toolkit.engine import property_change, property_path
from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.provider import CheckResult, DiffResult, ProviderError, ReadResult
from mlstead_toolkit.engine.values import UNKNOWN, Properties, PropertyValue, contains_unknown
from mlstead_toolkit.review.symbolic.functions import answered, in_symbols
from mlstead_toolkit.review.symbolic.outputs import Naming, filled, unlisted
from mlstead_toolkit.review.symbolic.symbols import ACCOUNT, OPEN, REGION, differing, in_plain_words, opaque, spelled

_IMPORTED: Final = "__imported"  # stands in the inputs of what an import has taken over, of which nothing else is known
_OF_ACCOUNTS: Final = ("allowedAccountIds", "forbiddenAccountIds")


class SymbolicProviders:
    """Makes the providers of one evaluation, of any package, and keeps what they could not know.

    Args:
        account: the account's number where it is known.
        taken: (type, name) of the resources that were there before: one that is made again gets symbols of its own,
            so that what names it changes, too.
    """

    def __init__(self, account: str = ACCOUNT, taken: Set[tuple[str, str]] = frozenset()) -> None:
        self.account, self.taken = account, taken
        self.unchecked: set[str] = set()
        self.asked: set[str] = set()

    def __call__(self, package: str, configuration: Properties) -> SymbolicProvider:
        """Configure a provider. Raises ProviderError for settings that package aws does not have."""
        return SymbolicProvider(self, configuration if package == "aws" else {})


class SymbolicProvider:
    """One configured provider of any package; see engine/provider.py for what each method promises.

    Args:
        providers: the evaluation it belongs to.
        configuration: the settings of package aws; nothing for another.
    """

    def __init__(self, providers: SymbolicProviders, configuration: Properties) -> None:
        self._providers = providers
        region = configuration.get("region") or REGION
        self._target = Target("symbolic", str(region), Endpoint(""), providers.account)
        settings = {name: value for name, value in configuration.items()
                    if name != "region" and not (name in _OF_ACCOUNTS and providers.account == ACCOUNT)}
        if region != REGION:
            settings["region"] = region
        self._aws = AwsProvider(self._target, settings | ({} if region != REGION else {"skipRegionValidation": True}))

    def identity(self) -> str:
        """Name no cloud."""
        return "symbolic"

    def declared_only(self, _type: str) -> bool:
        """Say no: nothing is deployed."""
        return False

    def secret_outputs(self, type_: str) -> tuple[str, ...]:
        """Name the outputs of a type that are secret whatever its inputs."""
        return self._aws.secret_outputs(type_)

    def check(self, type_: str, urn: str, olds: Properties | None, news: Properties,
              random_seed: bytes) -> CheckResult:  # noqa: ARG002 - a name's digits come from its URN alone
        """Validate the inputs and fill defaults and the automatic name; a symbol counts as any value."""
        row, news = resource_types().get(type_), _spelled(news)
        if row is None:
            self._providers.unchecked.add(type_)
            return CheckResult(news)
        former = None if olds is None or _IMPORTED in olds else olds
        urn = f"urn:pulumi:{urn[urn.index('::'):]}"  # no stack's name: the same digits in every environment
        again = olds is None and (type_, logical_name(urn)) in self._providers.taken
        seed = b"again" if again else b"first"  # what replaces another has a name of its own, which others follow
        result = self._aws.check(type_, urn, former, _veiled(row.properties, news), seed)
        if row.name is not None and row.name.property not in news and result.inputs.get(row.name.property) is UNKNOWN:
            name_resource(row.name, urn, given := dict(news), former, seed)  # after a prefix with a symbol in it
            result.inputs[row.name.property] = given[row.name.property]
        label = logical_name(urn)
        inputs = {name: _unveiled(news.get(name), value) for name, value in result.inputs.items()}
        for line in row.properties:
            if inputs.get(line.name) is UNKNOWN and line.kind in (Kind.STRING, Kind.ARN):
                inputs[line.name] = Naming(label, {})(line.name)
        unsupported = [one.property for one in result.failures if one.reason.startswith(UNSUPPORTED)]  # AWS has it
        if unsupported:
            self._providers.unchecked.update(f"{type_} {name}" for name in unsupported)
            inputs = property_path.kept_from(news, inputs, unsupported)
        return CheckResult(inputs, tuple(one for one in result.failures if one.property not in unsupported))

    def diff(self, type_: str, resource_id: str, old_inputs: Properties, old_outputs: Properties, news: Properties,
             ignore_changes: tuple[str, ...]) -> DiffResult:
        """Compare checked inputs with those of the other side."""
        if _IMPORTED in old_inputs:
            return DiffResult()
        old_inputs, news = differing(old_inputs), differing(news)
        if type_ in resource_types():
            return self._aws.diff(type_, resource_id, old_inputs, differing(old_outputs), news, ignore_changes)
        return DiffResult({change.path: change.kind for change in property_change.between(old_inputs, news)})

    def create(self, type_: str, urn: str, news: Properties, *, preview: bool, timeout: float | None
               ) -> tuple[str, Properties]:
        """Give the id and the outputs that it would have."""
        del preview
        again = (type_, logical_name(urn)) in self._providers.taken
        naming = self._naming(logical_name(urn), again=again)
        row = resource_types().get(type_)
        if row is None:
            return unlisted(type_, news, naming)
        _, predicted = self._aws.create(type_, urn, news, preview=True, timeout=timeout)
        resource_id, outputs = filled(row, predicted, naming)
        return resource_id, {**news, **outputs}

    def read(self, type_: str, resource_id: str, inputs: Properties, outputs: Properties) -> ReadResult:
        """Tell of a resource outside the stack what its id tells; of one that is imported no more."""
        row, naming = resource_types().get(type_), self._naming(resource_id.strip("⟨⟩"))
        taken_over: Properties = {} if inputs or outputs else {_IMPORTED: True}
        if row is None:
            _, known = unlisted(type_, outputs, naming)
            return ReadResult(resource_id, taken_over, known)
        predicted: Properties = {line.name: UNKNOWN if line.default is None else line.default
                                 for line in row.described if line.unsupported is None}
        try:
            predicted |= parse_id(row, resource_id)
        except ProviderError:
            if OPEN not in resource_id:
                raise
        _, known = filled(row, predicted | _known(outputs), naming)
        return ReadResult(resource_id, taken_over, known)

    def recover(self, *_: object) -> None:
        """Find nothing: nothing was begun."""

    def update(self, type_: str, urn: str, resource_id: str, old_inputs: Properties, old_outputs: Properties,
               news: Properties, *, preview: bool, timeout: float | None, ignore_changes: tuple[str, ...]
               ) -> Properties:
        """Give the outputs that it would have; what changes with any update gets another symbol."""
        del preview
        row = resource_types().get(type_)
        if row is None:
            return {**old_outputs, **unlisted(type_, news, self._naming(logical_name(urn)))[1]}
        predicted = self._aws.update(type_, urn, resource_id, old_inputs, old_outputs, news, preview=True,
                                     timeout=timeout, ignore_changes=ignore_changes)
        return {**news, **filled(row, predicted, self._naming(logical_name(urn), again=True))[1]}

    def delete(self, *_: Any, **__: Any) -> str | None:
        """Delete nothing: there is nothing."""
        return None

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Answer a function: what can be known, else in symbols."""
        found = answered(self._target, self._aws.region, token, arguments) if urns.package_of(token) == "aws" else None
        if found is None:
            self._providers.asked.add(token)
            return in_symbols(token, arguments)
        return found

    def _naming(self, label: str, *, again: bool = False) -> Naming:
        target = self._target
        return Naming(label, {"partition": target.partition, "region": self._aws.region, "account": target.account},
                      again=again)


def _veiled(rows: tuple[Property, ...], given: Properties) -> Properties:
    """Give inputs as a check can take them: documents with words in the place of symbols, other symbols unknown."""
    documents = {row.name for row in rows if row.kind in (Kind.JSON, Kind.POLICY)}
    nested = {row.name: row.fields for row in rows if row.fields}
    return {name: _plain(value) if name in documents else _within(nested.get(name, ()), value)
            for name, value in given.items()}


def _within(fields: tuple[Property, ...], value: PropertyValue) -> PropertyValue:
    if fields and isinstance(value, dict):
        return _veiled(fields, value)
    if fields and isinstance(value, list):
        return [_within(fields, item) for item in value]
    return opaque(value)


def _plain(value: PropertyValue) -> PropertyValue:
    if isinstance(value, (dict, list)) and not contains_unknown(value):
        value = json.dumps(value)
    return in_plain_words(value) if isinstance(value, str) and OPEN in value else value


def _unveiled(given: PropertyValue, checked: PropertyValue) -> PropertyValue:
    """Put what was given where the check saw something else in its place."""
    if isinstance(given, str) and OPEN in given:
        return given
    if isinstance(given, (dict, list)) and isinstance(checked, str):
        return json.dumps(given)
    if isinstance(given, dict) and isinstance(checked, dict):
        return {name: _unveiled(given.get(name), value) for name, value in checked.items()}
    if isinstance(given, list) and isinstance(checked, list) and len(given) == len(checked):
        return [_unveiled(one, other) for one, other in zip(given, checked, strict=True)]
    return checked


def _spelled(value: PropertyValue) -> PropertyValue:
    if isinstance(value, str):
        return spelled(value)
    if isinstance(value, dict):
        return {name: _spelled(inner) for name, inner in value.items()}
    return [_spelled(inner) for inner in value] if isinstance(value, list) else value


def _known(outputs: Properties) -> Properties:
    return {name: value for name, value in outputs.items() if value is not None and value is not UNKNOWN}
