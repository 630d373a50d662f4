"""The foundation's outputs, for a program that reads them: as they are checked in, else symbolic."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.stack_store import ORGANIZATION
from mlstead_toolkit.engine.values import Properties, walk
from mlstead_toolkit.review.symbolic.symbols import ACCOUNT

FOUNDATION: Final = "mlstead-foundation"
_ACCOUNT: Final = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}):.+")


class References(dict[str, Properties]):
    """Outputs of other stacks by qualified name; the foundation's are made when they are first asked for.

    Args:
        setting: what the stack's setting `foundation` names; "" where it has none.
        outputs: gives the foundation's outputs.
    """

    def __init__(self, setting: str, outputs: Callable[[], Properties]) -> None:
        super().__init__()
        self._named, self._outputs = "/".join(setting.split("/")[-2:]), outputs
        self.asked = False

    def __missing__(self, qualified: str) -> Properties:
        """Answer for the foundation. Raises EngineError for any other stack."""
        name = qualified.removeprefix(f"{ORGANIZATION}/")
        if name != self._named and not name.startswith(f"{FOUNDATION}/"):
            raise EngineError(f"The program reads the stack {name}, and a review knows the foundation's outputs alone.",
                              where=f"StackReference {name}",
                              fix="take what it needs from the foundation's outputs, or from a setting")
        self.asked = True
        return self._outputs()


def account_of(outputs: Properties) -> str:
    """Give the account that outputs tell of: by name or in an ARN; a symbol where they tell none."""
    if isinstance(told := outputs.get("account_id"), str) and re.fullmatch(r"\d{12}", told):
        return told
    found = (_ACCOUNT.fullmatch(text) for text in walk(outputs) if isinstance(text, str))
    return next((match[1] for match in found if match), ACCOUNT)
