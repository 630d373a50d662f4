"""Pulumi's passphrase secrets: AES-256-GCM under a key that PBKDF2 draws from a passphrase and a salt.

The salt reads `v1:<base64 salt>:v1:<nonce>:<ciphertext>`; the ciphertext is the word "pulumi", by which a wrong
passphrase is noticed. Deriving the key takes a third of a second: it is done once a salt, off the main thread where
`warm` is called early, and not at all where nothing is secret.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import secrets as randomness
import threading
from pathlib import Path

from mlstead_toolkit.engine.errors import PassphraseError

_ITERATIONS = 1_000_000
_KEYS: dict[tuple[str, bytes], bytes] = {}  # what this process derived already, by passphrase and salt
_CHECK_WORD = "pulumi"


def passphrase(home: Path) -> str:
    """Give the passphrase: PULUMI_CONFIG_PASSPHRASE, the file PULUMI_CONFIG_PASSPHRASE_FILE names, or this home's own.

    The home's own is random, made once, and readable by its owner alone.
    """
    if (value := os.environ.get("PULUMI_CONFIG_PASSPHRASE")) is not None:
        return value
    if named := os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE"):
        try:
            return Path(named).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise PassphraseError(f"The passphrase file cannot be read: {error.strerror}.", where=named,
                                  fix="correct PULUMI_CONFIG_PASSPHRASE_FILE, or unset it") from error
    file = home / "passphrase"
    if not file.exists():
        aside = home / f".passphrase.{os.getpid()}.{randomness.token_hex(4)}"
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(randomness.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):  # another process was first; it is never seen half-written
            os.link(aside, file)
        aside.unlink()
    if not (value := file.read_text(encoding="utf-8").rstrip("\n")):
        raise PassphraseError("The passphrase file is empty.", where=str(file), fix="restore it from a copy; where "
                              "nothing was sealed with it yet, remove it and a new one is made")
    return value


class Crypter:
    """Encrypts and decrypts the secrets of one salt. Thread-safe.

    Args:
        home: where the passphrase may be kept (see `passphrase`).
        salt: what a state or a settings file says; "" makes a new one when the first secret is encrypted.
        where: the file the salt comes from, for messages.
    """

    def __init__(self, home: Path, salt: str = "", *, where: str = "") -> None:
        self._home, self._salt, self._where = home, salt, where
        self._key: bytes | None = None
        self._warming = False
        self._lock = threading.Lock()

    @property
    def salt(self) -> str:
        """The salt in Pulumi's form, "" as long as nothing was encrypted."""
        return self._salt

    def adopt(self, salt: str) -> None:
        """Take over the salt that a killed run had made."""
        with self._lock:
            if salt != self._salt:
                self._salt, self._key = salt, None

    def warm(self) -> None:
        """Derive the key in a thread of its own, so that it is there when the first secret is met."""
        if self._key is None and not self._warming:
            self._warming = True
            threading.Thread(target=self._warm, name="secrets-key", daemon=True).start()

    def _warm(self) -> None:
        try:
            self.key()
        except PassphraseError:
            return  # the first use says it, in the thread that can answer

    def key(self) -> bytes:
        """Give the 32 byte key. Raises PassphraseError where the passphrase is not the salt's."""
        with self._lock:
            if self._key is None:
                phrase = passphrase(self._home)
                if self._salt:
                    self._key = self._open(phrase)
                else:
                    raw = os.urandom(8)
                    self._key = _derive(phrase, raw)
                    self._salt = f"v1:{base64.b64encode(raw).decode()}:{_seal(self._key, _CHECK_WORD)}"
            return self._key

    def _open(self, phrase: str) -> bytes:
        version, raw, check = self._salt.split(":", 2) if self._salt.count(":") >= 2 else ("", "", "")
        if version != "v1":
            raise PassphraseError("The secrets' salt is malformed.", where=self._where or None,
                                  fix="restore it from the version control's history or from the state's .bak")
        key = _derive(phrase, base64.b64decode(raw))
        try:
            good = _unseal(key, check) == _CHECK_WORD
        except ValueError:
            good = False
        if not good:
            raise PassphraseError(
                "The passphrase does not open these secrets.", where=self._where or None,
                fix="set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the one they were made with")
        return key

    def encrypt(self, plaintext: str) -> str:
        """Seal a text as `v1:<nonce>:<ciphertext>`."""
        return _seal(self.key(), plaintext)

    def decrypt(self, ciphertext: str) -> str:
        """Open what `encrypt` or Pulumi sealed. Raises PassphraseError where it cannot be opened."""
        try:
            return _unseal(self.key(), ciphertext)
        except ValueError as error:
            raise PassphraseError(f"A secret cannot be decrypted: {error}.", where=self._where or None,
                                  fix="set it again with its own stack's passphrase") from error


def _derive(phrase: str, salt: bytes) -> bytes:
    if (key := _KEYS.get((phrase, salt))) is None:
        key = _KEYS[phrase, salt] = hashlib.pbkdf2_hmac("sha256", phrase.encode(), salt, _ITERATIONS, 32)
    return key


def _seal(key: bytes, plaintext: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, plaintext.encode(), None)
    return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}"


def _unseal(key: bytes, ciphertext: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    version, _, rest = ciphertext.partition(":")
    nonce, _, sealed = rest.partition(":")
    if version != "v1" or not sealed:
        raise ValueError("it is not of the form v1:<nonce>:<ciphertext>")
    try:
        return AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(sealed), None).decode()
    except InvalidTag:
        raise ValueError("it was sealed with another key") from None
