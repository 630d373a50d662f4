"""The resources that a call names, written as in an ARN with places of the parameters in it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

from mlstead_toolkit.access.calls.call import ApiCall, Known
from mlstead_toolkit.access.calls.parameters import values_at

IDS = {
    "acl": "network-acl", "dopt": "dhcp-options", "eipalloc": "elastic-ip", "eni": "network-interface",
    "fl": "vpc-flow-log", "igw": "internet-gateway", "nat": "natgateway", "rtb": "route-table", "sg": "security-group",
    "sgr": "security-group-rule", "subnet": "subnet", "vpc": "vpc", "vpce": "vpc-endpoint",
}
"""What EC2's ids begin with, and the kind that ARNs name."""
READINGS: dict[str, Callable[[str], str]] = {
    "queue": lambda url: url.rpartition("/")[2],
    "path": lambda name: name.removeprefix("/"),
    "host": lambda url: url.removeprefix("https://"),
    "ec2": lambda name: f"{IDS.get(name.partition('-')[0], '*')}/{name}",
}
_FIELD = re.compile(r"\{(?:(?P<kind>[a-z0-9]+):)?(?P<place>[A-Za-z.]+)(?:\|(?P<otherwise>[^}]*)|(?P<optional>\?))?\}")


class Template:
    """What follows the service's part of an ARN.

    `{Place}` stands for what the parameters have there, for each where they have several; a value that is an ARN is
    the whole. Where nothing stands, `{Place}` is `*`, `{Place|this}` is this, and with `{Place?}` there is no such
    resource. `{role:…}` and `{key:…}` are looked up; of the others, READINGS says what is made of a value.
    """

    __slots__ = ("_fields", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._fields = [found.groupdict() for found in _FIELD.finditer(text)]

    def filled(self, call: ApiCall, known: Known, start: str) -> Iterator[str]:
        """Give the ARNs; `start` is what they begin with."""
        if not self._fields:
            yield start + self.text
            return
        found: list[list[str]] = []
        for one in self._fields:
            values = [_looked_up(one["kind"], value, call, known) for value in values_at(call.parameters, one["place"])]
            if not values and one["optional"]:
                return
            found.append(values or [one["otherwise"] if one["otherwise"] is not None else "*"])
        for chosen in itertools.product(*found):
            whole = next((value for value in chosen if value.startswith("arn:")), None)
            yield whole or start + self._with(chosen)

    def _with(self, values: tuple[str, ...]) -> str:
        following = iter(values)
        return _FIELD.sub(lambda _: next(following), self.text)


def _looked_up(kind: str | None, value: str, call: ApiCall, known: Known) -> str:
    if kind is None:
        return value
    if kind in READINGS:
        return READINGS[kind](value)
    return known.arn(kind, value, call.region) or (value if value.startswith("arn:") else f"{kind}/{value}")
