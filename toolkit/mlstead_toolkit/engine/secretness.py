"""Which parts of what a provider gives back are secret: those that were secret when it received them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mlstead_toolkit.engine.values import Properties, PropertyValue, Secret, contains_secret


def restore(given: Properties, received: Properties) -> Properties:
    """Mark what came back under a key that held something secret, as Pulumi does for providers that know no secrets.

    Args:
        given: what was sent, Secret wrappers and all.
        received: what came back, without any.
    """
    if not any(contains_secret(value) for value in given.values()):
        return received
    result: Properties = {}
    for key, value in received.items():
        result[key] = _restore(given[key], value) if key in given else value
    return result


def _restore(given: PropertyValue, received: PropertyValue) -> PropertyValue:
    if isinstance(received, Secret):
        return received
    if isinstance(given, dict) and isinstance(received, dict):
        return restore(given, received)
    return Secret(received) if contains_secret(given) else received


def mark(outputs: Properties, names: Iterable[str]) -> Properties:
    """Wrap the named outputs."""
    wanted = [name for name in names if name in outputs and not isinstance(outputs[name], Secret)]
    return outputs | {name: Secret(outputs[name]) for name in wanted} if wanted else outputs


class Redactor:
    """Takes the plaintext of every secret that a run has met out of messages. Thread-safe: it only ever adds.

    Args:
        on_first: called when the first secret is met.
    """

    def __init__(self, on_first: Callable[[], None] = lambda: None) -> None:
        self._texts: set[str] = set()
        self._on_first, self._met = on_first, False

    def learn(self, value: PropertyValue, *, secret: bool = False) -> None:
        """Remember the secret texts in a value; shorter ones than four characters would blot out ordinary words."""
        if isinstance(value, Secret):
            if not self._met:
                self._met = True
                self._on_first()
            self.learn(value.value, secret=True)
        elif isinstance(value, dict):
            for item in value.values():
                self.learn(item, secret=secret)
        elif isinstance(value, list):
            for item in value:
                self.learn(item, secret=secret)
        elif secret and isinstance(value, str) and len(value) >= 4:
            self._texts.add(value)

    def clean(self, text: str) -> str:
        """Replace every known secret text by [secret]."""
        for known in sorted(self._texts, key=len, reverse=True):
            text = text.replace(known, "[secret]")
        return text
