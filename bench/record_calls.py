"""Run `mlstead` with the given arguments and write down every AWS call that it makes, with its answer.

usage: record_calls.py CALLS.jsonl ARGUMENT...

The record is what replay_calls.py repeats with plain boto3: the same calls, one after the other.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

import botocore.client

from mlstead_toolkit.cli.main import main

_lock = threading.Lock()
_original = botocore.client.BaseClient._make_api_call


def _plain(value: Any) -> Any:
    """Turn bytes and dates into text: what JSON can carry."""
    return json.loads(json.dumps(value, default=lambda it: it.decode() if isinstance(it, bytes) else str(it)))


def _recorded(self: botocore.client.BaseClient, operation_name: str, api_params: dict[str, Any]) -> Any:
    entry: dict[str, Any] = {
        "service": self.meta.service_model.service_name,
        "operation": operation_name,
        "parameters": _plain(api_params),
    }
    try:
        answer = _original(self, operation_name, api_params)
        told = {key: value for key, value in answer.items() if key not in ("ResponseMetadata", "Body")}
        entry["answer"] = _plain(told)
        return answer
    except Exception as error:
        entry["error"] = type(error).__name__
        raise
    finally:
        with _lock, Path(sys_calls).open("a") as file:
            file.write(json.dumps(entry) + "\n")


if __name__ == "__main__":
    sys_calls = sys.argv.pop(1)
    botocore.client.BaseClient._make_api_call = _recorded  # type: ignore[method-assign]
    main()
