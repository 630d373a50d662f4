"""The arguments and options that several commands take, worded once."""

from __future__ import annotations

from typing import Annotated

import typer

from mlstead_toolkit.cli.local_place import LocalTarget

Environment = Annotated[str, typer.Argument(
    help="The environment: local (this machine), or dev, staging, prod.", metavar="ENV", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for a script.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
On = Annotated[LocalTarget, typer.Option("--target", help=(
    "What `local` stands on: the local cloud, or a LocalStack that runs (at MLSTEAD_LOCALSTACK) with a local cloud "
    "beside it for what LocalStack has not. There no job and no endpoint runs."))]
