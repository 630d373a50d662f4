"""Runs a Pulumi program under Pulumi's mocks and keeps what it registered: inputs, protection, parents, needs."""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import pulumi
import pytest
import yaml
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func
from pulumi.runtime.sync_await import _sync_await

from mlstead import Context

ROOT = Path(__file__).parents[3]
ACCOUNT, REGION = "123456789012", "eu-west-1"
ANSWERS = {
    "project_name": "flight-delays", "package_name": "flight_delays", "region": REGION, "description": "Late flights.",
}


def pytest_configure(config: pytest.Config) -> None:
    """Keep quiet about old resource types that pulumi-aws warns of when it is imported."""
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning:pulumi_aws")


@dataclass
class Registered:
    """One resource as the program registered it."""

    type: str
    name: str
    inputs: dict[str, Any]
    custom: bool
    protect: bool
    parent: str
    dependencies: list[str]
    retained: bool

    def policies(self) -> dict[str, dict[str, Any]]:
        """Give its policy documents by property."""
        texts = {key: value for key, value in self.inputs.items() if key in ("policy", "assumeRolePolicy")}
        if self.type.startswith("aws:ecr"):
            return {}
        return {key: json.loads(text) for key, text in texts.items()}


@dataclass
class Run:
    """Everything that one run of a program registered and exported."""

    resources: list[Registered] = field(default_factory=list)
    exports: dict[str, Any] = field(default_factory=dict)

    def of(self, type_: str) -> list[Registered]:
        """Give the resources of a type, such as "Bucket" or "aws:s3/bucket:Bucket"."""
        return [each for each in self.resources if type_ in (each.type, each.type.rpartition(":")[2]) and each.custom]

    def one(self, type_: str, name: str) -> Registered:
        """Give the one resource of that type and name."""
        (found,) = [each for each in self.of(type_) if each.name == name]
        return found

    def statements(self) -> Iterator[tuple[Registered, dict[str, Any]]]:
        """Give every statement of every policy, with the resource that carries it."""
        for resource in self.resources:
            for document in resource.policies().values():
                for statement in document["Statement"]:
                    yield resource, statement


_ID_PREFIXES = {"Vpc": "vpc", "Subnet": "subnet", "SecurityGroup": "sg", "RouteTable": "rtb", "VpcEndpoint": "vpce"}


class _Cloud(Mocks):
    def __init__(self, outputs: dict[str, Any]) -> None:
        self.outputs = outputs

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if args.typ == "pulumi:pulumi:StackReference":
            return args.name, {"name": args.name, "outputs": self.outputs, "secretOutputNames": []}
        physical = args.inputs.get("name") or args.inputs.get("bucket") or f"{args.name}-0a1b2c3"
        kind = args.typ.rpartition(":")[2]
        made = {"arn": f"arn:aws:{args.typ.split(':')[1].split('/')[0]}:::{kind}/{physical}", "name": physical}
        if kind == "Bucket":
            made = {"arn": f"arn:aws:s3:::{physical}", "bucket": physical}
        if kind == "Key":
            made = {"arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{args.name}", "keyId": args.name}
        if kind == "EventRule":
            made |= {"arn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{physical}"}
        if prefix := _ID_PREFIXES.get(kind):
            physical = f"{prefix}-{args.name}"
        return physical, made | args.inputs

    def call(self, args: MockCallArgs) -> dict[str, Any]:
        match args.token.rpartition(":")[2]:
            case "getSessionContext":
                return args.args | {"issuerArn": f"arn:aws:iam::{ACCOUNT}:role/deploy"}
            case "getDataCatalogEncryptionSettings":
                key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/of-another-environment"
                at_rest = {"catalogEncryptionMode": "SSE-KMS", "sseAwsKmsKeyId": key}
                return args.args | {"dataCatalogEncryptionSettings": [{"encryptionAtRests": [at_rest]}]}
            case "getAvailabilityZones":
                return args.args | {"names": [f"{REGION}{letter}" for letter in "abc"]}
            case "getPrefixList":
                return args.args | {"id": "pl-0a1b2c3"}
        return {"accountId": ACCOUNT, "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/session", "userId": "A"}


class _Monitor(MockMonitor):
    def __init__(self, cloud: _Cloud, run: Run) -> None:
        super().__init__(cloud)
        self.run = run

    def RegisterResource(self, request: Any) -> Any:
        answer = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            inputs = pulumi.runtime.rpc.deserialize_properties(request.object)
            self.run.resources.append(Registered(
                request.type, request.name, inputs, request.custom, request.protect,
                request.parent, list(request.dependencies), request.retainOnDelete,
            ))
        return answer


def run_program(
    program: Callable[[], object], *, project: str = "flight-delays", stack: str = "dev",
    config: dict[str, Any] | None = None, outputs: dict[str, Any] | None = None,
) -> Run:
    """Run a program, config keys in its own namespace unless they hold a colon."""
    run = Run()
    given = {"aws:region": REGION} | _qualified(project, config or {})
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()
             if value is not None}
    cloud = _Cloud(outputs if outputs is not None else foundation_outputs())
    real_export = pulumi.export

    def export(name: str, value: Any) -> None:
        pulumi.Output.from_input(value).apply(lambda known: run.exports.__setitem__(name, known))

    def start() -> None:
        program()

    # A loop of its own: what a refused program leaves undone must not go on in the next one.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pulumi.runtime.set_all_config(texts)
    set_mocks(cloud, project=project, stack=stack, preview=False, monitor=_Monitor(cloud, run))
    pulumi.export = export
    try:
        _sync_await(run_pulumi_func(start))
    finally:
        pulumi.export = real_export
        if unfinished := asyncio.all_tasks(loop):
            loop.run_until_complete(asyncio.wait(unfinished, timeout=5))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        asyncio.set_event_loop(None)
        SETTINGS.outputs.clear()
    return run


def _qualified(project: str, config: dict[str, Any]) -> dict[str, Any]:
    return {key if ":" in key else f"{project}:{key}": value for key, value in config.items()}


def run_directory(directory: Path, stack: str, changes: dict[str, Any] | None = None) -> Run:
    """Run the program of a folder as its Pulumi.yaml and Pulumi.<stack>.yaml say, with some settings changed."""
    project = yaml.safe_load((directory / "Pulumi.yaml").read_text())["name"]
    config = yaml.safe_load((directory / f"Pulumi.{stack}.yaml").read_text())["config"]
    before = Path.cwd()
    os.chdir(directory)
    try:
        return run_program(
            lambda: runpy.run_path("__main__.py", run_name="__main__"), project=project, stack=stack,
            config=config | _qualified(project, changes or {}),
        )
    finally:
        os.chdir(before)


def foundation_outputs() -> dict[str, Any]:
    """The outputs of a foundation, as a project finds them."""
    outputs: dict[str, Any] = json.loads((Path(__file__).parent / "foundation_outputs.json").read_text())["*"]
    return outputs


@pytest.fixture(scope="session")
def project_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The infra/ of a rendered project, its compiled pipelines, tables and gates beside it."""
    source, target = ROOT / "templates" / "project", tmp_path_factory.mktemp("project")
    environment = jinja2.Environment(keep_trailing_newline=True, autoescape=False)
    for file in [*(source / "infra").iterdir(), *(source / "pipelines").glob("*.json*")]:
        rendered = target / file.parent.name / file.name.removesuffix(".jinja")
        rendered.parent.mkdir(exist_ok=True)
        if file.suffix == ".jinja":
            rendered.write_text(environment.from_string(file.read_text()).render(ANSWERS))
        else:
            shutil.copy(file, rendered)
    for description in ("tables.toml", "gates.toml"):
        shutil.copy(source / description, target)
    return target / "infra"


@pytest.fixture(scope="session")
def foundation() -> Run:
    """The foundation of dev."""
    return run_directory(ROOT / "stacks" / "foundation", "dev")


@pytest.fixture(scope="session")
def bootstrap() -> Run:
    """The bootstrap of dev."""
    return run_directory(ROOT / "stacks" / "bootstrap", "dev")


@pytest.fixture(scope="session")
def project(project_directory: Path) -> Run:
    """The project in dev, first deploy: no model yet."""
    return run_directory(project_directory, "dev")


@pytest.fixture(scope="session")
def serving(project_directory: Path) -> Run:
    """The project in dev, serving version 1."""
    return run_directory(project_directory, "dev", {"model": {"version": 1}})


@pytest.fixture(scope="session", params=["foundation", "serving"])
def either(request: pytest.FixtureRequest) -> Run:
    """The foundation, then the project."""
    run: Run = request.getfixturevalue(request.param)
    return run


@pytest.fixture
def run() -> Callable[..., Run]:
    """Run a program written in the test."""
    return run_program


@pytest.fixture
def run_foundation() -> Callable[..., Run]:
    """Run the foundation with some settings changed."""
    return lambda stack, changes=None: run_directory(ROOT / "stacks" / "foundation", stack, changes)


@pytest.fixture(scope="session")
def run_bootstrap() -> Callable[..., Run]:
    """Run the bootstrap with some settings changed."""
    return lambda stack, changes=None: run_directory(ROOT / "stacks" / "bootstrap", stack, changes)


@pytest.fixture
def context() -> Context:
    """A project in dev."""
    return Context("flight-delays", "dev", REGION, ACCOUNT)


@pytest.fixture
def run_project(project_directory: Path) -> Callable[..., Run]:
    """Run the project with some settings changed: run_project("dev", {"model": "none"})."""
    return lambda stack, changes=None: run_directory(project_directory, stack, changes)
