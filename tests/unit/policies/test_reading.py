"""Nothing unknown passes for a value: whatever a rule reads it by, it is told that nothing is decided."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlstead_toolkit.engine.values import UNKNOWN, Secret
from mlstead_toolkit.policies import Block, Malformed, NotDecided

BLOCK = Block({
    "name": "raw", "absent": None, "empty": [], "size": 0, "off": False, "text": "true",
    "rules": [{"id": "one"}, {"id": UNKNOWN}], "hidden": Secret({"inner": "x"}), "veiled": [Secret("y")],
    "later": UNKNOWN, "sealed": Secret(UNKNOWN), "tags": {"a.b": "1"}, "policy": json.dumps({"Statement": []}),
})


@pytest.mark.parametrize(("path", "value"), [
    ("name", "raw"), ("absent", None), ("nowhere", None), ("nowhere.deeper[2]", None), ("name.deeper", None),
    ("rules[0].id", "one"), ("rules[7].id", None), ("hidden", {"inner": "x"}), ("hidden.inner", "x"),
    ("veiled", ["y"]), ('tags["a.b"]', "1"),
])
def test_what_is_known_is_given_secrets_in_clear(path: str, value: Any) -> None:
    assert BLOCK.value(path) == value


@pytest.mark.parametrize("path", ["later", "later.deeper", "rules", "rules[1].id", "rules[1]", "sealed"])
@pytest.mark.parametrize("read", ["value", "flag", "document"])
def test_what_is_unknown_or_has_an_unknown_in_it_is_not_given(path: str, read: str) -> None:
    with pytest.raises(NotDecided):
        getattr(BLOCK, read)(path)
    with pytest.raises(NotDecided):
        BLOCK.get(path, "a default")


@pytest.mark.parametrize("read", ["has", "filled", "blocks"])
@pytest.mark.parametrize("path", ["later", "later.deeper", "sealed", "rules[1].id"])
def test_whether_an_unknown_is_there_at_all_is_not_known(path: str, read: str) -> None:
    with pytest.raises(NotDecided):
        answer = getattr(BLOCK, read)(path)
        list(answer)


def test_a_list_is_there_whatever_of_it_is_unknown() -> None:
    assert BLOCK.has("rules") and BLOCK.filled("rules")
    assert BLOCK.has("empty") and not BLOCK.filled("empty")
    assert not BLOCK.has("absent") and not BLOCK.filled("nowhere")


def test_the_blocks_of_a_list_are_read_one_by_one() -> None:
    first, second = BLOCK.blocks("rules")
    assert first.value("id") == "one"
    with pytest.raises(NotDecided):
        second.value("id")
    assert [one.value("inner") for one in BLOCK.blocks("hidden")] == ["x"]
    assert list(BLOCK.blocks("absent")) == []


def test_a_flag_is_read_as_text_too_and_nothing_is_the_default() -> None:
    assert BLOCK.flag("text") and not BLOCK.flag("off") and not BLOCK.flag("size")
    assert BLOCK.flag("nowhere", default=True) and not BLOCK.flag("nowhere")


def test_a_default_stands_for_nothing_only() -> None:
    assert BLOCK.get("off", True) is False and BLOCK.get("size", 3) == 0
    assert BLOCK.get("absent", 3) == 3


def test_a_document_is_read_as_data() -> None:
    assert BLOCK.document("policy") == {"Statement": []}
    assert BLOCK.document("tags") == {"a.b": "1"} and BLOCK.document("nowhere") == {}
    for path in ("name", "text"):
        with pytest.raises(Malformed):
            BLOCK.document(path)
