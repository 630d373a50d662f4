"""S3's virtual hosts: a bucket that the host names is put into the path, where everything here looks for it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

from __future__ import annotations

import re

from mlstead_toolkit.cloud.browser import OWN_NAMES
from mlstead_toolkit.cloud.control import HOST
from mlstead_toolkit.cloud.request import Environ

_NAMED = re.compile(r"(?!s3\.localhost$)(.+?)(?:\.s3[.-][a-z0-9.-]*amazonaws\.com|(?:\.s3)?\.localhost)")
_CONTROL = "/v20180820/"
"""What paths of S3 Control begin with: its hosts are named by accounts."""


def by_path(environ: Environ) -> None:
    """Name the bucket of a request by its path alone."""
    name, _, port = environ.get("HTTP_HOST", HOST).partition(":")
    path = environ.get("PATH_INFO", "")
    if name in OWN_NAMES or path.startswith(_CONTROL):
        return
    if named := _NAMED.fullmatch(name):
        environ["PATH_INFO"] = f"/{named[1]}{path}"
        environ["HTTP_HOST"] = f"{HOST}:{port}" if port else HOST
