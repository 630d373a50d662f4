"""Every setting of a stack with what is known of it, blocks opened: lake.noncurrent_days, of which type, what for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticUndefined

from mlstead.settings.settings import Block, Settings
from mlstead.settings.strength import Strength

_TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}


@dataclass(frozen=True)
class SettingField:
    """One setting.

    Args:
        name: its path below the stack's namespace, such as lake.noncurrent_days.
        type: what may be written, in words.
        default: what it is where nothing is written; None with `required`.
        required: whether it has to be written.
        meaning: what it is for, with its unit.
        cost: what the weaker direction costs; empty where there is none.
        strength: which way it is stronger.
    """

    name: str
    type: str
    default: Any
    required: bool
    meaning: str
    cost: str
    strength: Strength

    def value(self, settings: Settings) -> Any:
        """Give what the setting is in an environment."""
        value: Any = settings
        for part in self.name.split("."):
            value = getattr(value, part)
        return value


def setting_fields(model: type[Block]) -> list[SettingField]:
    """Give every setting of a stack, in the order in which its class states them."""
    return list(_walk(model, ""))


def _walk(model: type[Block], lead: str) -> Iterator[SettingField]:
    schema = model.model_json_schema()
    for name, about in model.model_fields.items():
        kind = about.annotation
        if isinstance(kind, type) and issubclass(kind, Block):
            yield from _walk(kind, f"{lead}{name}.")
            continue
        meaning, _, cost = " ".join((about.description or "").split()).partition(" Weakened: ")
        default = about.get_default(call_default_factory=True, validated_data={})
        yield SettingField(
            f"{lead}{name}", _words(schema["properties"][name], schema.get("$defs", {})),
            None if default is PydanticUndefined else default, about.is_required(), meaning, cost,
            next((entry for entry in about.metadata if isinstance(entry, Strength)), Strength.NEUTRAL),
        )


def _words(schema: dict[str, Any], blocks: dict[str, Any]) -> str:
    """Say a JSON schema in words."""
    if "$ref" in schema:
        return _words(blocks[schema["$ref"].rpartition("/")[2]], blocks)
    if "anyOf" in schema:
        return " or ".join(_words(choice, blocks) for choice in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(schema["enum"])
    if "const" in schema:
        return schema["const"] if isinstance(schema["const"], str) else str(schema["const"]).lower()
    if schema["type"] == "array":
        return f"list of {_words(schema['items'], blocks)}"
    if isinstance(each := schema.get("additionalProperties"), dict):
        return f"{{name: {_words(each, blocks)}, …}}"
    if schema["type"] == "object":
        inside = ", ".join(f"{name}: {_words(about, blocks)}" for name, about in schema["properties"].items())
        return f"{{{inside}}}"
    words = _TYPES[schema["type"]]
    if examples := schema.get("examples"):
        words += f" such as {examples[0]}"
    if "maxLength" in schema:
        return f"{words} of {schema.get('minLength', 0)} to {schema['maxLength']} characters"
    if "maximum" in schema:
        return f"{words} from {schema['minimum']} to {schema['maximum']}"
    return f"{words}, at least {schema['minimum']}" if "minimum" in schema else words
