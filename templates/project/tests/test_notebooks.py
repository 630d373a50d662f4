"""Notebooks are kept as they are written: what they showed somebody is nobody else's, and may be personal."""

import json
from pathlib import Path

import pytest
from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs") and not cell.get("execution_count"), (
            f"cell {cell['id']} has outputs: in JupyterLab, Edit → Clear Outputs of All Cells, then save"
        )
