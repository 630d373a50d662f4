"""Serves the provider to a real Pulumi engine: `python -m mlstead_toolkit.aws --endpoint http://127.0.0.1:4566`."""

from __future__ import annotations

import argparse
import os

from mlstead_toolkit.aws.server import serve
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.cloud.credentials import RoleCredentials

CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def main() -> None:
    """Serve the provider over gRPC; the port is the first line of standard output."""
    parser = argparse.ArgumentParser(prog="python -m mlstead_toolkit.aws", description=main.__doc__)
    parser.add_argument("--endpoint", default="http://127.0.0.1:4566", help="address of the local cloud")
    parser.add_argument("--region", default="eu-west-1", help="region of the target")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--role", help="ARN of the role whose credentials AWS_ACCESS_KEY_ID and its like are")
    arguments = parser.parse_args()
    target = Target.local(arguments.endpoint, arguments.region)
    if arguments.role:
        target = target.signed_by(RoleCredentials(arguments.role, *(os.environ[name] for name in CREDENTIALS)))
    serve(target, None, arguments.port)


if __name__ == "__main__":
    main()
