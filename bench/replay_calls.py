"""Repeat recorded AWS calls with plain boto3, one after the other: the floor that `mlstead up` is held against.

usage: replay_calls.py CALLS.jsonl ENDPOINT REGION

Ids that the cloud invents anew (a KMS key's, a subnet's) are learned from the answers and put in place of those
recorded.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

_INVENTED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\b(?:vpc|subnet|sg|sgr|rtb|rtbassoc|vpce|igw|nat|eipalloc|eipassoc|fl|eni|acl|pl|d)-[0-9a-f]{8,17}\b")


def _learn(recorded: Any, answered: Any, known: dict[str, str]) -> None:
    """Pair the invented ids of a recorded answer with those of the new one."""
    if isinstance(recorded, dict) and isinstance(answered, dict):
        for key in recorded.keys() & answered.keys():
            _learn(recorded[key], answered[key], known)
    elif isinstance(recorded, list) and isinstance(answered, list):
        for old, new in zip(recorded, answered, strict=False):
            _learn(old, new, known)
    elif isinstance(recorded, str) and isinstance(answered, str):
        known.update(zip(_INVENTED.findall(recorded), _INVENTED.findall(answered), strict=False))


def main(calls: str, endpoint: str, region: str) -> None:
    """Replay the whole record."""
    clients: dict[str, Any] = {}
    known: dict[str, str] = {}
    for line in Path(calls).read_text().splitlines():
        entry = json.loads(_INVENTED.sub(lambda match: known.get(match[0], match[0]), line))
        if (client := clients.get(entry["service"])) is None:
            client = clients[entry["service"]] = boto3.client(
                entry["service"], endpoint_url=endpoint, region_name=region,
                aws_access_key_id="mlstead", aws_secret_access_key="mlstead")
        try:
            answer = client._make_api_call(entry["operation"], entry["parameters"])
        except ClientError:
            if "error" not in entry:
                raise
        else:
            _learn(json.loads(line).get("answer"), answer, known)


if __name__ == "__main__":
    main(*sys.argv[1:])
