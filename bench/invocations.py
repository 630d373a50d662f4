"""Time single predictions in turn: through the local cloud's endpoint, and against the model server itself.

usage: invocations.py ENDPOINT_URL MODEL_SERVER_URL PAYLOAD.json COUNT   (prints two medians and their ratio as JSON)

Both go over one kept-alive connection of the same client, so that the difference is the endpoint's.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    # The cloud learns region and caller from a signature's scope, and does not check the signature.
    "Authorization": "AWS4-HMAC-SHA256 Credential=mlstead/20260101/eu-west-1/sagemaker/aws4_request, "
                     "SignedHeaders=host, Signature=0",
}


class Caller:
    """One connection to one address."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        self._path = parts.path

    def __call__(self, body: bytes) -> float:
        """Send one payload; give the milliseconds until the whole answer is here."""
        started = time.perf_counter()
        self._connection.request("POST", self._path, body, HEADERS)
        answer = self._connection.getresponse()
        said = answer.read()
        spent = (time.perf_counter() - started) * 1000
        if answer.status != 200:
            raise SystemExit(f"{self._path}: {answer.status} {said[:300]!r}")
        return spent


def main(endpoint: str, server: str, payload: str, count: str) -> None:
    """Measure and print."""
    body = Path(payload).read_bytes()
    through, direct = Caller(endpoint), Caller(server)
    for _ in range(50):
        through(body)
        direct(body)
    pairs = [(through(body), direct(body)) for _ in range(int(count))]
    sys.stdout.write(json.dumps({
        "endpoint_ms": statistics.median(pair[0] for pair in pairs),
        "server_ms": statistics.median(pair[1] for pair in pairs),
        "ratio": statistics.median(pair[0] for pair in pairs) / statistics.median(pair[1] for pair in pairs),
    }))


if __name__ == "__main__":
    main(*sys.argv[1:])
