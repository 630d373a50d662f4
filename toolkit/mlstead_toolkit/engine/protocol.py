"""Pulumi's protocol stubs, taken from the pulumi wheel without importing the SDK around them, which takes longer."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from mlstead_toolkit.engine.errors import EngineError

if TYPE_CHECKING:
    from pulumi.runtime.proto import (
        alias_pb2,
        callback_pb2,
        callback_pb2_grpc,
        engine_pb2,
        engine_pb2_grpc,
        provider_pb2,
        resource_pb2,
        resource_pb2_grpc,
        source_pb2,
    )

_PACKAGE = "mlstead_toolkit.engine._pulumi_protocol"


def _package() -> str:
    if "pulumi.runtime.proto" in sys.modules:
        return "pulumi.runtime.proto"
    if _PACKAGE not in sys.modules:
        found = importlib.util.find_spec("pulumi")
        if found is None or not found.submodule_search_locations:
            raise EngineError("The Pulumi SDK is not installed beside mlstead.",
                              fix="install mlstead again: it needs pulumi")
        package = ModuleType(_PACKAGE)
        package.__path__ = [str(Path(found.submodule_search_locations[0], "runtime", "proto"))]
        sys.modules[_PACKAGE] = package
    return _PACKAGE


def __getattr__(name: str) -> ModuleType:
    if not name.endswith(("_pb2", "_pb2_grpc")):
        raise AttributeError(name)
    module = importlib.import_module(f"{_package()}.{name}")
    globals()[name] = module
    return module


__all__ = ["alias_pb2", "callback_pb2", "callback_pb2_grpc", "engine_pb2", "engine_pb2_grpc",
           "provider_pb2", "resource_pb2", "resource_pb2_grpc", "source_pb2"]
