"""HTTP as the APIs of forges want it: pages, limits of rate, retries that repeat nothing, errors that say the fix."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from mlstead.errors import MlsteadError

ATTEMPTS = 4
LONGEST_WAIT = 300.0
"""How long one command waits for a limit of rate, in seconds: longer, and the job's own time would run out unsaid."""
_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')
_TIMEOUT = urllib3.Timeout(connect=10, read=30)
Found = TypeVar("Found")


class ForgeError(MlsteadError):
    """The forge refused, or cannot be reached."""


class Unanswered(ForgeError):
    """Nobody knows whether what was asked for has been made; look before asking again."""


class Api:
    """One forge's API.

    Args:
        name: what it is called.
        address: of the API, without a slash at its end.
        headers: what goes with each request, the token too.
        token: what no message may show.
        token_fix: what to do where the token is refused.
        rights_fix: where the rights of a token are given.
        sleep: waits so many seconds.
    """

    def __init__(self, name: str, address: str, headers: Mapping[str, str], token: str, token_fix: str,
                 rights_fix: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self.name, self.address, self._token = name, address.rstrip("/"), token
        self._token_fix, self._rights_fix = token_fix, rights_fix
        self._headers = {"User-Agent": "mlstead", "Content-Type": "application/json", **headers}
        self._sleep, self._patience = sleep, LONGEST_WAIT
        self._pool = _pool(self.address)

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None, *, needs: str) -> Any:
        """Ask once, and again where that cannot do a thing twice.

        Args:
            method: GET, POST, PATCH or PUT.
            path: below the API's address, or a whole address of the same host.
            body: sent as JSON.
            needs: what the token must allow, as the forge's own settings call it.

        Raises:
            ForgeError: it is refused.
            Unanswered: a POST got no answer, or one that leaves open what has become of it.
        """
        return self._answer(method, path, body, needs)[0]

    def pages(self, path: str, *, needs: str) -> Iterator[dict[str, Any]]:
        """Give the items of a list, page by page as the header Link goes on."""
        here: str | None = path
        while here:
            items, headers = self._answer("GET", here, None, needs)
            yield from items
            found = _NEXT.search(headers.get("Link", ""))
            here = found[1] if found else None

    def _answer(self, method: str, path: str, body: Mapping[str, object] | None, needs: str
                ) -> tuple[Any, Mapping[str, str]]:
        where = f"{method} {self._url(path)}"
        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._sleep(2.0 ** (attempt - 1))
            try:
                answer = self._ask(method, self._url(path), body)
                while (wait := _wait(answer)) is not None:
                    self._be_patient(wait, where)
                    answer = self._ask(method, self._url(path), body)
            except (NewConnectionError, ConnectTimeoutError) as error:
                reason = _last(error)  # it never got there
                continue
            except HTTPError as error:
                reason = _last(error)
            else:
                if answer.status < 300:
                    return _parsed(answer), answer.headers
                if answer.status < 500:
                    raise self._refusal(answer, where, needs)
                reason = f"{answer.status} {_message(answer)}"
            if method == "POST":
                raise Unanswered(self._clean(f"{self.name} did not say whether it has done it: {reason}"), where=where,
                                 fix="look there, then run the same again: what is there is updated, not repeated")
        raise ForgeError(self._clean(f"{self.name} does not answer: {reason}"), where=where,
                         fix=f"see whether {urlsplit(self.address).netloc} is up, and run the job again")

    def _ask(self, method: str, url: str, body: Mapping[str, object] | None) -> urllib3.BaseHTTPResponse:
        content = None if body is None else json.dumps(body).encode()
        return self._pool.request(method, url, body=content, headers=self._headers, timeout=_TIMEOUT, retries=False,
                                  redirect=False)

    def _url(self, path: str) -> str:
        """Give the whole address; the token goes to no other host."""
        if not path.startswith(("http://", "https://")):
            return f"{self.address}{path}"
        if urlsplit(path)[:2] != urlsplit(self.address)[:2]:
            raise ForgeError(f"{self.name} named another host for more of a list.", where=path,
                             fix="set the API's address to the one that it names itself")
        return path

    def _be_patient(self, wait: float, where: str) -> None:
        if wait > self._patience:
            raise ForgeError(f"{self.name} takes no more requests of this token for {wait:.0f} seconds.", where=where,
                             fix="run the job again later; a token of its own has a limit of its own")
        self._patience -= wait
        self._sleep(wait)

    def _refusal(self, answer: urllib3.BaseHTTPResponse, where: str, needs: str) -> ForgeError:
        what = self._clean(f"{self.name} refused with {answer.status}: {_message(answer)}")
        if answer.status == 401:
            return ForgeError(what, where=where, fix=self._token_fix)
        accepted = answer.headers.get("X-Accepted-GitHub-Permissions", "")
        also = f" (it accepts {accepted})" if accepted else ""
        if answer.status in (403, 404):
            return ForgeError(what, where=where, fix=f"let the token have {needs}{also}: {self._rights_fix}")
        return ForgeError(what, where=where, fix=f"the token needs {needs}; the rest is in {self.name}'s own words")

    def _clean(self, text: str) -> str:
        return text.replace(self._token, "[token]") if self._token else text


def settled(attempt: Callable[[], Found]) -> Found:
    """Do what looks first and makes what is not there, and look again where a making got no answer."""
    try:
        return attempt()
    except Unanswered:
        return attempt()


def _pool(address: str) -> urllib3.PoolManager:
    """Go through the proxy that the environment names, as everything else of a runner does."""
    parts = urlsplit(address)
    proxy = getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy)
    return urllib3.PoolManager()


def _wait(answer: urllib3.BaseHTTPResponse) -> float | None:
    """Give how many seconds a limit of rate asks for; None where it was none.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api,
    https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/
    """
    if answer.status not in (403, 429):
        return None
    headers = answer.headers
    if (after := headers.get("Retry-After", "")).isdecimal():
        return float(after)
    if headers.get("X-RateLimit-Remaining") == "0" and (reset := headers.get("X-RateLimit-Reset", "")).isdecimal():
        return max(1.0, float(reset) - time.time() + 1)
    return 60.0 if answer.status == 429 or "secondary rate limit" in _message(answer).lower() else None


def _parsed(answer: urllib3.BaseHTTPResponse) -> Any:
    try:
        return json.loads(answer.data) if answer.data else None
    except ValueError as error:
        raise ForgeError("What answers there is no API of a forge.", where=str(answer.geturl()),
                         fix="set GITHUB_API_URL, or CI_API_V4_URL, to the API's address") from error


def _message(answer: urllib3.BaseHTTPResponse) -> str:
    """Give the forge's own sentence: {"message": …, "errors": […]}, or {"error": …, "scope": …}."""
    try:
        said = json.loads(answer.data)
    except ValueError:
        return answer.reason or "no reason given"
    if not isinstance(said, dict):
        return str(said)
    words = [said.get(key) for key in ("message", "error_description", "error", "errors") if said.get(key)]
    return " ".join(word if isinstance(word, str) else json.dumps(word) for word in words) or "no reason given"


def _last(error: Exception) -> str:
    return str(error).rpartition(": ")[2] or type(error).__name__
