"""Runs one notebook to its end, in the project's environment: by its path, with what the project has alone.

    python notebook_execution.py NOTEBOOK [OUT]

Ends with 1 where a cell fails, its error on stderr. What ran until then is in OUT all the same.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def main(source: str, out: str = "") -> None:
    """Run every cell, in the notebook's folder; no cell's time is limited."""
    import nbformat  # type: ignore[import-not-found]
    from nbclient import NotebookClient  # type: ignore[import-not-found]
    from nbclient.exceptions import CellExecutionError, DeadKernelError  # type: ignore[import-not-found]

    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook, timeout=None, kernel_name="python3", resources={"metadata": {"path": str(Path(source).parent)}}
    )
    failure = ""
    try:
        client.execute()
    except CellExecutionError as error:
        failure = f"{error.ename}: {error.evalue}"
    except DeadKernelError:
        failure = "the kernel died (out of memory?)"
    finally:
        if out:
            nbformat.write(notebook, out)
    if failure:
        sys.exit(f"cell {_last_started(notebook.cells)}: {failure}")


def _last_started(cells: list[Any]) -> int:
    """Give the number of the cell that ran last, counted among all as JupyterLab shows them, from 1."""
    return max((number for number, cell in enumerate(cells, 1) if "execution" in cell.metadata), default=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
