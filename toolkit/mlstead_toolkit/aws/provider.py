"""The local AWS provider: the tables behind the shape of Pulumi's provider protocol."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mlstead_toolkit.aws import operations
from mlstead_toolkit.aws.canonical import same
from mlstead_toolkit.aws.check import Checker
from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.declared import declare, declared_outputs
from mlstead_toolkit.aws.diff import difference
from mlstead_toolkit.aws.documents import suggestion
from mlstead_toolkit.aws.functions import call_function
from mlstead_toolkit.aws.limits import limits_of
from mlstead_toolkit.aws.naming import name_resource
from mlstead_toolkit.aws.regions import require_region, unknown_region
from mlstead_toolkit.aws.registry import resource_type, resource_types, row_coverage
from mlstead_toolkit.aws.schema import ResourceType
from mlstead_toolkit.aws.tags import all_tags
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.provider import CheckResult, DiffResult, Provider, ProviderError, ReadResult
from mlstead_toolkit.engine.values import UNKNOWN, Properties, PropertyValue, contains_unknown

_SETTINGS: Final = ("region", "defaultTags", "purge", "allowedAccountIds", "forbiddenAccountIds")
# How a real account is reached. A target knows its own way: these are for the real provider and say nothing here.
_OF_REAL_ACCOUNTS: Final = (
    "accessKey", "assumeRoles", "assumeRoleWithWebIdentity", "customCaBundle", "endpoints", "httpProxy", "httpsProxy",
    "insecure", "maxRetries", "noProxy", "pluginDownloadURL", "profile", "retryMode", "s3UsePathStyle", "secretKey",
    "sharedConfigFiles", "sharedCredentialsFiles", "skipCredentialsValidation", "skipMetadataApiCheck",
    "skipRegionValidation", "skipRequestingAccountId", "stsRegion", "token", "useDualstackEndpoint",
    "useFipsEndpoint", "version")


class AwsProvider:
    """One configured provider of package `aws` at a target; see engine/provider.py for what each method promises.

    Args:
        target: where the calls go.
        configuration: `region` (as the target's where missing), `defaultTags` ({"tags": {…}}), `purge` (empty buckets,
            groups and repositories before they are deleted), `allowedAccountIds`, `forbiddenAccountIds`.
    """

    def __init__(self, target: Target, configuration: Properties) -> None:
        settings = {name: _decoded(value) for name, value in configuration.items() if value is not None}
        for name in settings:
            if name not in _SETTINGS and name not in _OF_REAL_ACCOUNTS and not name.startswith("__"):
                raise ProviderError(f"The local AWS provider has no setting {name}{suggestion(name, list(_SETTINGS))}",
                                    where=f"aws:{name}", fix=f"remove it, or use one of {', '.join(_SETTINGS)}")
        self.region = str(settings.get("region") or target.region)
        if settings.get("skipRegionValidation") not in (True, "true"):
            require_region(self.region, "aws:region")
        self.target = target if self.region == target.region else target.in_region(self.region)
        self.purge = settings.get("purge") in (True, "true")
        self.default_tags = _default_tags(settings.get("defaultTags"))
        _refuse_account(settings, target.account)

    def identity(self) -> str:
        """Name the process that holds the cloud; another one than last time holds nothing of ours."""
        return self.target.identity()

    def declared_only(self, type_: str) -> bool:
        """Whether nothing at the target implements the type."""
        return row_coverage(resource_type(type_), self.target) is Coverage.DECLARED_ONLY

    def secret_outputs(self, type_: str) -> tuple[str, ...]:
        """Name the outputs of a type that are secret whatever its inputs."""
        row = resource_types().get(type_)
        return tuple(line.name for line in row.described if line.secret) if row is not None else ()

    def check(self, type_: str, urn: str, olds: Properties | None, news: Properties, random_seed: bytes) -> CheckResult:
        """Validate the inputs and fill defaults and the automatic name."""
        row = resource_type(type_)
        checker = Checker(row, limits_of(row, tuple(resource_types().values())))
        given = dict(news)
        if row.name is not None:
            name_resource(row.name, urn, given, olds, random_seed)
        inputs = checker.inputs(given)
        checker.rules(inputs, news)
        region = inputs.get("region", self.region)
        if isinstance(region, str) and region != self.region and (fault := unknown_region(region)):
            checker.fail("region", fault)
        return CheckResult(inputs, tuple(checker.failures))

    def diff(self, type_: str, resource_id: str,  # noqa: ARG002 - the protocol's, for providers that compare by id
             old_inputs: Properties, old_outputs: Properties, news: Properties,
             ignore_changes: tuple[str, ...]) -> DiffResult:
        """Compare checked inputs with what the state says."""
        return difference(resource_type(type_), old_inputs, old_outputs, news, ignore_changes, self.default_tags)

    def create(self, type_: str, urn: str, news: Properties, *, preview: bool, timeout: float | None
               ) -> tuple[str, Properties]:
        """Create it, wait until it is usable, read it back; in a preview predict the outputs."""
        row = resource_type(type_)
        if preview:
            return "", self._predicted(row, news, None)
        work = self._work(row, urn=urn, inputs=news, timeout=timeout)
        return declare(work) if self.declared_only(type_) else operations.create(work)

    def read(self, type_: str, resource_id: str, inputs: Properties, outputs: Properties) -> ReadResult | None:
        """Read it back; empty inputs and outputs mean that it is being imported."""
        row = resource_type(type_)
        if self.declared_only(type_):
            return ReadResult(resource_id, inputs, outputs) if inputs else None
        work = self._work(row, resource_id=resource_id, inputs=inputs, outputs=outputs)
        result = operations.read(work, importing=not inputs)
        if result is not None and outputs and not inputs:
            return replace(result, inputs={})  # a getter's: the program wrote none, so none can have drifted
        return result

    def recover(self, type_: str, urn: str, inputs: Properties, since: float, held: frozenset[str] = frozenset()
                ) -> str | None:
        """Find what a creation that was cut off has left, and complete it."""
        if self.declared_only(type_):
            return None
        work = self._work(resource_type(type_), urn=urn, inputs=inputs)
        work.held = held
        return operations.recover(work, since)

    def update(self, type_: str, urn: str, resource_id: str, old_inputs: Properties, old_outputs: Properties,
               news: Properties, *, preview: bool, timeout: float | None,
               ignore_changes: tuple[str, ...]) -> Properties:
        """Change it in place; in a preview predict the outputs."""
        row = resource_type(type_)
        if preview:
            return self._predicted(row, news, old_outputs)
        changes = self.diff(type_, resource_id, old_inputs, old_outputs, news, ignore_changes).changes
        changed = frozenset(path.split(".")[0].split("[")[0] for path in changes)
        work = self._work(row, urn=urn, resource_id=resource_id, inputs=news, outputs=old_outputs, timeout=timeout)
        work.old_inputs, work.changed = old_inputs, changed
        return declared_outputs(work) if self.declared_only(type_) else operations.update(work)

    def delete(self, type_: str, urn: str, resource_id: str, inputs: Properties, outputs: Properties,
               *, timeout: float | None) -> str | None:
        """Delete it; gives a note where something stays."""
        if self.declared_only(type_):
            return None
        return operations.delete(self._work(resource_type(type_), urn=urn, resource_id=resource_id, inputs=inputs,
                                            outputs=outputs, timeout=timeout))

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Answer a function of pulumi-aws."""
        return call_function(self.target, self.region, token, arguments)

    def serve(self, port: int = 0) -> None:
        """Serve the same object over Pulumi's gRPC protocol, until it is stopped; prints the port it listens on."""
        from mlstead_toolkit.aws.server import serve

        serve(self.target, self, port)

    def _work(self, row: ResourceType, *, urn: str = "", resource_id: str = "", inputs: Properties,
              outputs: Properties | None = None, timeout: float | None = None) -> Work:
        place = dict(outputs or {})
        if "region" in row.by_name:
            place.setdefault("region", self.region)
        return Work(row, self.target, urn, resource_id, inputs, outputs=place, default_tags=self.default_tags,
                    purge=self.purge, timeout=timeout)

    def _predicted(self, row: ResourceType, news: Properties, old_outputs: Properties | None) -> Properties:
        """Predict the outputs as the real provider does: what AWS chooses is unknown until it has."""
        predicted: Properties = {}
        olds = old_outputs or {}
        moved = any(not same(line, olds.get(line.name), news.get(line.name)) for line in row.properties
                    if line.name in news)
        for line in row.described:
            if line.unsupported is not None or line.name in ("region", "tags"):
                continue
            value: PropertyValue = news.get(line.name)
            if value is None and (line.name not in row.by_name or line.computed):
                old = olds.get(line.name)
                value = old if old_outputs is not None and not (line.volatile and moved) else UNKNOWN
            if value is not None:
                predicted[line.name] = value
        if row.tagged:
            predicted["tagsAll"] = all_tags(news, self.default_tags)
            if news.get("tags") is not None:
                predicted["tags"] = news["tags"]
        if "region" in row.by_name:
            predicted["region"] = news.get("region") or self.region
        return predicted


def provider_factory(target: Target) -> Callable[[str, Properties], Provider]:
    """Give the factory that the engine makes its providers with, all of them at one target."""

    def configure(package: str, configuration: Properties) -> Provider:
        if package != "aws":
            raise ProviderError(f"There is no local provider for the package {package!r}.", where=package,
                                fix="use aws resources, or deploy the program with the real engine")
        return AwsProvider(target, configuration)

    return configure


def _default_tags(setting: PropertyValue) -> dict[str, str]:
    if setting is None:
        return {}
    tags = setting.get("tags", {}) if isinstance(setting, dict) else None
    if not isinstance(setting, dict) or not isinstance(tags, dict) or set(setting) - {"tags"}:
        raise ProviderError("The default tags are not an object {\"tags\": {name: value}}.", where="aws:defaultTags",
                            fix="write aws:defaultTags: {tags: {owner: …}}")
    if contains_unknown(tags):
        raise ProviderError("The default tags hold a value that is not known yet.", where="aws:defaultTags",
                            fix="give plain values")
    return {str(key): str(value) for key, value in tags.items() if value is not None}


def _refuse_account(settings: Properties, account: str) -> None:
    allowed, forbidden = settings.get("allowedAccountIds"), settings.get("forbiddenAccountIds") or []
    if (allowed and account not in map(str, allowed)) or account in map(str, forbidden):
        raise ProviderError(f"The account of the target is {account}, which these settings do not allow.",
                            where="aws:allowedAccountIds, aws:forbiddenAccountIds",
                            fix="name it there, or run against the account that is meant")


def _decoded(value: PropertyValue) -> PropertyValue:
    """Read a setting that is an object or a list: Pulumi hands those to providers as JSON text."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
