"""Property values as pulumi-policy hands them to a policy, and as the rules read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pulumi_policy import policy, proxy
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY, deserialize_properties

from mlstead_toolkit.engine.values import UNKNOWN, Secret

_SENTINELS: Final = {value for name, value in vars(proxy).items()
                     if name.startswith("UNKNOWN_") and name.endswith("_VALUE")}


def keep_secrets_marked() -> None:
    """Have secrets reach policies as such: pulumi-policy takes their mark off, and a message might show one."""
    policy.deserialize_properties = _deserialized  # type: ignore[attr-defined]


def plain(value: Any) -> Any:
    """Take pulumi-policy's guards off a value; what is unknown becomes UNKNOWN, as everywhere in mlstead."""
    if isinstance(value, (proxy._DictProxy, proxy._ListProxy)):
        value = value["__target"]
    if isinstance(value, Secret):
        return Secret(plain(value.value))
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str):
        return UNKNOWN if value in _SENTINELS else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _deserialized(props: dict[str, Any], proxy_secrets: bool = False) -> dict[str, Any]:
    if proxy_secrets:  # for remediations, of which the pack has none
        return deserialize_properties(props, proxy_secrets)
    return {key: _marked(value) for key, value in props.items()}


def _marked(value: Any) -> Any:
    if isinstance(value, list):
        return [_marked(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    match value.get(SPECIAL_SIG_KEY):
        case None:
            return _deserialized(value)
        case signature if signature == SPECIAL_SECRET_SIG:
            return Secret(_marked(value.get("value")))
    return deserialize_properties({"": value})[""]
