"""`mlstead settings`: every setting of project and foundation, environment by environment."""

from __future__ import annotations

from typing import Annotated

import typer

from mlstead_toolkit.cli.arguments import AsJson

Differing = Annotated[bool, typer.Option("--differing", help="Show only settings in which environments differ.")]
Check = Annotated[bool, typer.Option("--check", help="End with 1 where prod is weaker than another environment.")]


def settings(differing: Differing = False, check: Check = False, json: AsJson = False) -> None:
    """Print every setting of the project and its foundation, environment by environment.

    An empty cell is the default. Below stand the guards that are weakened, with their reasons, and each setting by
    which prod is weaker than another environment, marked !. In stacks/foundation and stacks/bootstrap it prints theirs.
    """
    from mlstead_toolkit.cli.console import say_json
    from mlstead_toolkit.cli.settings_view import as_data, print_settings
    from mlstead_toolkit.cli.stacks_here import stacks_here

    stacks = stacks_here()
    if json:
        say_json(as_data(stacks, differing=differing))
    else:
        print_settings(stacks, differing=differing)
    if check and any(True for stack in stacks for _ in stack.weaker_production()):
        raise typer.Exit(1)
