"""Whatever our provider and our commands call has a row: the list is read from their code."""

from __future__ import annotations

import ast
import dataclasses
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

import mlstead_jobs
import mlstead_toolkit
from mlstead_toolkit.access.calls import SERVICES
from mlstead_toolkit.aws import registry
from mlstead_toolkit.aws.schema import Call, Tagging

TOOLKIT = Path(mlstead_toolkit.__file__).parent
TEMPLATE = TOOLKIT.parents[1] / "templates"
CALLING = [
    *(TOOLKIT / "cli").rglob("*.py"), *(TOOLKIT / "access/deployed").rglob("*.py"),
    *Path(mlstead_jobs.__file__).parent.rglob("*.py"), *TEMPLATE.rglob("*.py"), *TEMPLATE.rglob("*.py.jinja"),
]
USED = ("cloudwatch", "kms", "logs", "s3", "sagemaker", "sagemaker-runtime", "sts")


def of_rows(part: Any) -> Iterator[str]:
    """Give every operation that a row of the provider names."""
    if isinstance(part, Call):
        yield part.operation
    if isinstance(part, Tagging):
        yield from (name for name in (part.listing, part.add, part.remove) if name and name[0].isupper())
    if dataclasses.is_dataclass(part):
        part = [getattr(part, field.name) for field in dataclasses.fields(part)]
    if isinstance(part, list | tuple):
        for one in part:
            yield from of_rows(one)


def of_hooks(path: Path) -> Iterator[tuple[str, str]]:
    """Give what hooks call: work.call("Operation") and target.call("service", "Operation")."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "call":
            texts = [one.value for argument in node.args[:2] for one in ast.walk(argument)
                     if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            service = texts[0] if texts and texts[0].islower() and len(texts) > 1 else ""
            yield from ((service, text) for text in texts if text[:1].isupper())


def called_by_the_provider() -> set[tuple[str, str]]:
    found = {(row.service, name) for row in registry.resource_types().values() for name in of_rows(row)}
    for module in registry.SERVICES:
        loaded = importlib.import_module(f"mlstead_toolkit.aws.services.{module}")
        path = Path(str(loaded.__file__))
        found |= {(service or loaded.RESOURCE_TYPES[0].service, name) for service, name in of_hooks(path)}
    for path in (TOOLKIT / "aws").glob("*.py"):
        found |= {(service, name) for service, name in of_hooks(path) if service}
    return found


def called_by_commands() -> set[tuple[str, str]]:
    """Give what clients are asked by name: client.describe_endpoint(…), get_paginator("list_object_versions")."""
    session = botocore.session.get_session()
    named: dict[str, list[tuple[str, str]]] = {}
    for service in USED:
        for operation in session.get_service_model(service).operation_names:
            named.setdefault(xform_name(operation), []).append((service, operation))
    found = set()
    for path in CALLING:
        try:
            tree = ast.parse(path.read_text())
        except SyntaxError:  # a template with conditions in it: what it renders to is run by other tests
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                asked = [node.func.attr]
                if asked[0] in ("get_paginator", "get_waiter") and isinstance(node.args[0], ast.Constant):
                    asked = [str(node.args[0].value)]
                for name in asked:
                    found |= {one for one in named.get(name, ()) if "_" in name}
    return found


@pytest.mark.parametrize(("service", "operation"), sorted(called_by_the_provider()))
def test_what_the_provider_calls_has_a_row(service, operation):
    if operation in botocore.session.get_session().get_service_model(service).operation_names:
        assert operation in SERVICES[service].rows


@pytest.mark.parametrize(("service", "operation"), sorted(called_by_commands()))
def test_what_commands_and_jobs_call_has_a_row(service, operation):
    assert operation in SERVICES[service].rows


def test_the_lists_are_not_empty():
    assert len(called_by_the_provider()) > 200
    assert {("kms", "GenerateMac"), ("sagemaker", "StartPipelineExecution")} <= called_by_commands()
