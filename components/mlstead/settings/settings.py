"""Settings of a stack, read from Pulumi.<stack>.yaml: typed, and unknown or mistyped ones refused."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Self, get_args, get_origin

import pulumi
from pulumi.runtime import config as runtime_config
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from mlstead.refusal import Refusal
from mlstead.settings.strength import Strength
from mlstead.stack_file import stack_file
from mlstead.weakened import Secure, Weakened


class Block(BaseModel):
    """Settings that belong together.

    Each field says what it means and, in its metadata, which way it is stronger. Where there is such a way, a sentence
    that starts `Weakened:` says what the other way costs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    def arguments(self) -> dict[str, Any]:
        """Give the settings as keyword arguments of the component that they are for."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Settings(Block):
    """Base of a stack's settings: `load` reads the stack's own namespace of the configuration."""

    owner: Annotated[str, Strength.NEUTRAL] = ""
    """Who answers for the stack, as the tag mlstead:owner."""

    @classmethod
    def load(cls) -> Self:
        """Read and check the running stack's settings.

        Raises:
            Refusal: a setting is unknown, missing or wrong; names the file, the setting and what is allowed.
        """
        given = runtime_config.get_config_env() | runtime_config.CONFIG.get()
        return cls.read(given, pulumi.get_project(), stack_file())

    @classmethod
    def read(cls, given: Mapping[str, Any], namespace: str, file: str) -> Self:
        """Check the settings of a namespace; the others are somebody else's.

        Raises:
            Refusal: as `load` does.
        """
        texts = {field for field, about in cls.model_fields.items() if about.annotation is str}
        values = {
            key: value if key in texts else _parsed(value)
            for key, value in ((key.removeprefix(f"{namespace}:"), value) for key, value in given.items()
                               if key.startswith(f"{namespace}:"))
        }
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            problems = [_explain(cls, namespace, problem) for problem in error.errors()]
            fixes = dict.fromkeys(fix for _, fix in problems)
            raise Refusal("\n".join(what for what, _ in problems), where=file, fix="; ".join(fixes)) from None


def refused(what: str, fix: str) -> PydanticCustomError:
    """Give the error of a validator: what follows the setting's name, and what to write instead."""
    return PydanticCustomError("refused", "{what}", {"what": what, "fix": fix})


def checked(check: Callable[..., object], *others: str) -> AfterValidator:
    """Refuse a setting by its own name and file where its component would refuse it later.

    Args:
        check: the component's own check, of the value, of other settings, and of where the value stands.
        others: which settings those are; they stand before this one in its block.
    """
    def hold(value: Any, info: ValidationInfo) -> Any:
        if all(other in info.data for other in others):  # otherwise one of them is refused itself
            try:
                check(value, *(info.data[other] for other in others), "")
            except Refusal as refusal:
                raise PydanticCustomError("checked", "{what}", {"what": refusal.what, "fix": refusal.fix}) from None
        return value

    return AfterValidator(hold)


def _guard(value: Any, info: ValidationInfo) -> Any:
    """Read {weakened: "the reason"}; a guard has no other way to be off."""
    if value is True or isinstance(value, Weakened):
        return value
    fix = f'leave it out, or write {info.field_name}: {{weakened: "the reason, as a sentence"}}'
    if not (isinstance(value, dict) and set(value) == {"weakened"} and isinstance(value["weakened"], str)):
        raise refused(f"is {json.dumps(value)}: a guard is on, or off with a reason.", fix)
    try:
        return Weakened(value["weakened"])
    except Refusal:
        raise refused(f"is weakened, but {value['weakened']!r} is no reason a reviewer could judge.", fix) from None


_WRITTEN: JsonSchemaValue = {
    "anyOf": [{"const": True}, {"type": "object", "properties": {"weakened": {"type": "string"}}}],
}
Guard = Annotated[Secure, BeforeValidator(_guard), WithJsonSchema(_WRITTEN), Strength.TRUE]


def _parsed(value: Any) -> Any:
    """Give objects, lists, numbers and truths their type: Pulumi hands every setting over as text."""
    if not isinstance(value, str):
        return value
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    return value if parsed is None else parsed


def _explain(model: type[Block], namespace: str, problem: Any) -> tuple[str, str]:
    """Say what is wrong with one setting, and what to write instead."""
    path = [str(part) for part in problem["loc"]]
    name = f"{namespace}:{'.'.join(path)}"
    if problem["type"] == "extra_forbidden":
        allowed = _names(model, path[:-1])
        close = difflib.get_close_matches(path[-1], allowed, n=1)
        guess = f"did you mean {close[0]}? " if close else ""
        return f"There is no setting {name}.", f"{guess}settings here are: {', '.join(allowed)}"
    if problem["type"] == "model_type":
        return f"{name} is {problem['input']!r}, and should be a block.", (
            f"write {name}: {{setting: value}}; settings here are: {', '.join(_names(model, path))}")
    if problem["type"] == "missing":
        return f"The setting {name} is missing.", f"add it to the block `config`: {name}"
    if problem["type"] == "refused":
        return f"{name} {problem['ctx']['what']}", problem["ctx"]["fix"]
    if problem["type"] == "checked":
        return f"{name}: {problem['ctx']['what']}", problem["ctx"]["fix"]
    reason = problem["msg"].replace("Input should", "it should")
    way_out = "leave out" if problem["input"] == "none" else "correct"
    return f"{name} is {problem['input']!r}, but {reason}.", f"{way_out} {name}"


def _names(model: type[Block], path: list[str]) -> list[str]:
    """Name the settings of the block at a path, which may go through blocks by name and blocks that may be missing."""
    parts = iter(path)
    for part in parts:
        kind: Any = model.model_fields[part].annotation
        if get_origin(kind) is dict:
            next(parts)
        block = next(each for each in (kind, *get_args(kind)) if isinstance(each, type) and issubclass(each, Block))
        model = block
    return sorted(model.model_fields)
