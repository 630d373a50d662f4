"""The tables hold everything that the Python SDK lets a program say, so that nothing is silently ignored."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from mlstead_toolkit.aws.limits import _service_model
from mlstead_toolkit.aws.members import locate, member_shape
from mlstead_toolkit.aws.properties import Kind, Property
from mlstead_toolkit.aws.registry import resource_types
from mlstead_toolkit.aws.schema import Call, ResourceType

ROWS = sorted(resource_types().values(), key=lambda row: row.token)
_spec = find_spec("pulumi_aws")
assert _spec and _spec.origin
SDK = Path(_spec.origin).parent

# What a change of it alone has nothing to call: it matters when something else is written or deleted.
SILENT = {("aws:kms/key:Key", "bypassPolicyLockoutSafetyCheck"), ("aws:ssm/parameter:Parameter", "overwrite")}


def _snake(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


@cache
def _classes(path: Path) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)}


def _getters(node: ast.ClassDef) -> dict[str, str]:
    """Give the properties of an Args class with the text of their types."""
    found = {}
    for function in node.body:
        if not isinstance(function, ast.FunctionDef) or function.returns is None:
            continue
        for decorator in function.decorator_list:
            if "pulumi.getter" in ast.unparse(decorator):
                named = [keyword.value for keyword in getattr(decorator, "keywords", []) if keyword.arg == "name"]
                name = named[0].value if named and isinstance(named[0], ast.Constant) else function.name
                found[str(name)] = ast.unparse(function.returns)
    return found


def _arguments(row: ResourceType) -> tuple[ast.ClassDef, dict[str, ast.ClassDef]]:
    _, module, name = row.token.split(":")
    service, file = module.split("/")
    classes = _classes(SDK / service / f"{_snake(file)}.py")
    nested = SDK / service / "_inputs.py"
    return classes.get(f"{name}InitArgs") or classes[f"{name}Args"], _classes(nested) if nested.exists() else {}


def _differences(rows: tuple[Property, ...], node: ast.ClassDef, nested: dict[str, ast.ClassDef],
                 path: str) -> list[str]:
    known, problems = {row.name: row for row in rows}, []
    getters = _getters(node)
    problems += [f"{path}{name} is not in the SDK" for name in known.keys() - getters.keys()]
    for name, text in getters.items():
        row = known.get(name)
        if row is None:
            problems.append(f"{path}{name} is missing in the table")
            continue
        if row.unsupported is not None:
            continue
        if row.required != ("Optional" not in text):
            problems.append(f"{path}{name} is required={row.required} in the table")
        problems += _wrong_kind(row, text, path)
        inner = next((match for match in re.findall(r"'(\w+Args)'", text) if match in nested), None)
        if inner is not None and row.kind not in (Kind.POLICY, Kind.JSON):
            problems += _differences(row.fields, nested[inner], nested, f"{path}{name}.")
    return problems


def _wrong_kind(row: Property, text: str, path: str) -> list[str]:
    if row.kind in (Kind.POLICY, Kind.JSON, Kind.ASSET):
        return []
    expected = (("Mapping[" in text and (Kind.MAP,)) or ("Sequence[" in text and (Kind.LIST, Kind.SET))
                or ("Args'" in text and (Kind.OBJECT,)) or ("builtins.bool" in text and (Kind.BOOLEAN,))
                or ("builtins.int" in text and (Kind.INTEGER,)) or ("builtins.float" in text and (Kind.NUMBER,))
                or (Kind.STRING, Kind.ARN))
    return [] if row.kind in expected else [f"{path}{row.name} is {row.kind} in the table, {text} in the SDK"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.token)
def test_every_input_of_the_sdk_is_supported_or_refused_with_a_reason(row: ResourceType) -> None:
    node, nested = _arguments(row)

    assert _differences(row.properties, node, nested, "") == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.token)
def test_every_supported_input_has_a_place_in_a_request(row: ResourceType) -> None:
    calls = [*row.calls(), *([row.delete] if row.delete else [])]
    shapes = [_service_model(row.service).operation_model(call.operation).input_shape for call in calls]
    by_hooks = {name for step in row.steps if not isinstance(step.action, Call) for name in step.properties}

    homeless = [name for line in row.properties for name in _homeless(line, shapes, row)
                if line.name not in by_hooks]

    assert homeless == []


def _homeless(line: Property, shapes: list[object], row: ResourceType) -> list[str]:
    if line.unsupported is not None or line.local or line.api == "" or (row.create.attributes and line.api):
        return []
    for shape in shapes:
        path = locate(shape, line)  # type: ignore[arg-type]
        if path is None:
            continue
        member = member_shape(shape, path)  # type: ignore[arg-type]
        member = member.member if member.type_name == "list" else member
        if not line.fields:
            return []
        return [f"{line.name}.{name}" for field in line.fields for name in _homeless(field, [member], row)]
    return [line.name]


@pytest.mark.parametrize("row", [row for row in ROWS if not row.singleton], ids=lambda row: row.token)
def test_every_input_that_may_change_in_place_is_written_by_an_update(row: ResourceType) -> None:
    written = {name for step in row.steps for name in step.properties}
    model = _service_model(row.service)
    for step in row.steps:
        if step.properties == ("*",) and isinstance(step.action, Call):
            shape = model.operation_model(step.action.operation).input_shape
            written |= {line.name for line in row.properties if shape is not None and locate(shape, line)}
    at_deletion = set(row.delete.also) if row.delete else set()

    lost = [line.name for line in row.properties
            if line.unsupported is None and not line.replaces and not line.local and line.template is None
            and line.name not in written | at_deletion | set(row.key) and (row.token, line.name) not in SILENT]

    assert lost == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.token)
def test_the_key_of_a_type_is_made_of_its_own_properties(row: ResourceType) -> None:
    assert row.key
    assert set(row.key) <= {line.name for line in row.described}
