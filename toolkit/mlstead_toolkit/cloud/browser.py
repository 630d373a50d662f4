"""Requests that a web page made a browser send: refused.

The cloud runs commands for whoever may call it, and any page may send requests to 127.0.0.1. Browsers mark what comes
from a page by Origin or Sec-Fetch-Site, and a page that rebinds its DNS name by a foreign Host; no SDK sends the like.
"""

from __future__ import annotations

from mlstead_toolkit.cloud.request import Environ

OWN_NAMES = frozenset({"127.0.0.1", "localhost"})
OWN_SUFFIXES = (".localhost", ".amazonaws.com")
"""Host names below which S3's virtual buckets and clients behind a proxy may call."""


def sent_by_a_page(environ: Environ) -> bool:
    """Whether a web page, not a program of the user's, sent a request."""
    if "HTTP_ORIGIN" in environ or environ.get("HTTP_SEC_FETCH_SITE", "none") != "none":
        return True
    host: str = environ.get("HTTP_HOST", "127.0.0.1").rpartition(":")[0] or environ.get("HTTP_HOST", "")
    return host not in OWN_NAMES and not host.endswith(OWN_SUFFIXES)
