"""Values survive the wire and the state file; secrets are Pulumi's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlstead_toolkit.engine import (
    UNKNOWN,
    Archive,
    Asset,
    PassphraseError,
    ResourceReference,
    Secret,
    property_path,
    secretness,
    wire,
)
from mlstead_toolkit.engine.deployment_format import decode, encoder
from mlstead_toolkit.engine.goal import seconds
from mlstead_toolkit.engine.property_path import MISSING
from mlstead_toolkit.engine.secrets import Crypter
from mlstead_toolkit.engine.values import contains_secret, contains_unknown, mask, reveal

keys = st.text(min_size=1).filter(lambda text: text != "4dabf18193072939515e22adb298388d")
plain = st.none() | st.booleans() | st.integers(-2**53, 2**53) | st.floats(allow_nan=False, allow_infinity=False).map(
    lambda number: int(number) if number.is_integer() and abs(number) < 2**53 else number).filter(
    lambda number: not (isinstance(number, float) and number.is_integer())) | st.text()
assets = st.builds(Asset, text=st.text(min_size=1), hash=st.text("0123456789abcdef", min_size=64, max_size=64))
special = st.just(UNKNOWN) | assets | st.builds(Archive, path=st.just("/x"), hash=st.just("ab")) | st.builds(
    ResourceReference, urn=st.just("urn:pulumi:s::p::t::n"), id=st.none() | st.text(min_size=1))
values = st.recursive(plain | special, lambda inner: st.lists(inner, max_size=4)
                      | st.dictionaries(keys, inner, max_size=4)
                      | inner.filter(lambda value: not isinstance(value, Secret)).map(Secret), max_leaves=12)


@pytest.fixture(scope="module")
def crypter(tmp_path_factory: pytest.TempPathFactory) -> Crypter:
    return Crypter(tmp_path_factory.mktemp("home"))


@settings(deadline=None)
@given(value=values)
def test_every_value_survives_the_wire(value: Any) -> None:
    assert wire.from_value(wire.to_value(value)) == value


@settings(deadline=None)
@given(value=values.filter(lambda value: not contains_unknown(value)))
def test_every_known_value_survives_the_state(crypter: Crypter, value: Any) -> None:
    text = json.dumps(value, default=encoder(crypter))
    assert decode(json.loads(text), crypter) == value


@settings(deadline=None)
@given(value=values)
def test_what_is_revealed_or_masked_holds_no_secret(value: Any) -> None:
    assert not contains_secret(reveal(value))
    assert not contains_secret(mask(value))


@settings(deadline=None)
@given(sent=st.dictionaries(keys, values, max_size=4))
def test_what_comes_back_as_it_was_sent_is_as_secret_as_it_was(sent: dict[str, Any]) -> None:
    restored = secretness.restore(sent, reveal(sent))
    assert reveal(restored) == reveal(sent)
    assert all(contains_secret(restored[key]) for key in sent if contains_secret(sent[key]))
    assert not any(contains_secret(restored[key]) for key in sent if not contains_secret(sent[key]))


def test_a_null_member_of_the_outermost_object_is_absent() -> None:
    struct = wire.to_struct({"a": None, "b": {"c": None}})
    assert wire.from_struct(struct) == {"b": {"c": None}}


def test_secrets_that_pulumi_sealed_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "correct horse")
    crypter = Crypter(tmp_path, "v1:qQ4BkzPt00E=:v1:KimsgatH+lkq+k2k:8lKkSdi1WsJXLT/XTof4LH7Uubb1xQ==")
    assert crypter.decrypt("v1:R0Cx8uqvVHabqHxm:phaLJ5ZvRAW+KDosU5lTVSpt6X8WJjSw") == "hunter22"


def test_a_secret_sealed_with_another_key_is_refused(crypter: Crypter, tmp_path: Path) -> None:
    with pytest.raises(PassphraseError):
        Crypter(tmp_path).decrypt(crypter.encrypt("x"))


@pytest.mark.parametrize("sealed", ["", "v1:", "v2:a:b", "plain", "v1:!!:??"])
def test_a_malformed_secret_is_refused(crypter: Crypter, sealed: str) -> None:
    with pytest.raises(PassphraseError):
        crypter.decrypt(sealed)


@pytest.mark.parametrize(("path", "found"), [
    ("tags.x", "1"), ('tags["a.b"]', 2), ("rules[1].id", "second"), ("rules[7].id", MISSING), ("nothing", MISSING),
    ("tags.x.deeper", MISSING),
])
def test_paths_lead_to_values(path: str, found: Any) -> None:
    value = {"tags": {"x": "1", "a.b": 2}, "rules": [{"id": "first"}, {"id": "second"}]}
    assert property_path.get(value, property_path.parse(path)) == found


def test_what_lies_in_a_secret_is_secret() -> None:
    assert property_path.get({"a": Secret({"b": 1})}, ["a", "b"]) == Secret(1)


@pytest.mark.parametrize(("paths", "kept"), [
    (["a"], {"a": 1, "b": {"c": 9, "d": 9}, "l": [{"x": 9}]}),
    (["b.c"], {"a": 9, "b": {"c": 1, "d": 9}, "l": [{"x": 9}]}),
    (["b.*"], {"a": 9, "b": {"c": 1, "d": 1}, "l": [{"x": 9}]}),
    (["l[*].x"], {"a": 9, "b": {"c": 9, "d": 9}, "l": [{"x": 1}]}),
    (["*"], {"a": 1, "b": {"c": 1, "d": 1}, "l": [{"x": 1}]}),
    (["nothing.at.all"], {"a": 9, "b": {"c": 9, "d": 9}, "l": [{"x": 9}]}),
])
def test_ignored_paths_keep_the_old_value(paths: list[str], kept: Any) -> None:
    old = {"a": 1, "b": {"c": 1, "d": 1}, "l": [{"x": 1}]}
    new = {"a": 9, "b": {"c": 9, "d": 9}, "l": [{"x": 9}]}
    assert property_path.kept_from(old, new, paths) == kept


def test_an_ignored_property_that_was_never_there_stays_away() -> None:
    assert property_path.kept_from({"a": 1}, {"a": 1, "b": 2}, ["b"]) == {"a": 1}


@pytest.mark.parametrize(("text", "expected"), [("90s", 90.0), ("1h30m", 5400.0), ("1.5m", 90.0), ("250ms", 0.25)])
def test_durations_are_read_as_go_writes_them(text: str, expected: float) -> None:
    assert seconds(text) == expected
