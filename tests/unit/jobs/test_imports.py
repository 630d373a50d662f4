"""What jobs import: nothing of Pulumi's, which their image does not have; and nothing heavy where it is not used."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import mlstead_jobs

MODULES = sorted(module.name for module in pkgutil.walk_packages(mlstead_jobs.__path__, "mlstead_jobs."))
HEAVY = {"pandas", "pyarrow", "numpy", "pandera", "presidio_analyzer", "boto3"}


def loaded(*modules: str) -> set[str]:
    code = f"import {', '.join(modules)}\nimport sys\nprint(*sys.modules)"
    listed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(listed.stdout.split())


def test_jobs_import_nothing_of_pulumi_and_nothing_of_the_toolkit():
    assert len(MODULES) > 20
    found = loaded(*MODULES, "mlstead.catalog.table_definitions", "mlstead.ingestion.gate_definitions")
    assert not {name for name in found if name.split(".")[0] in ("pulumi", "pulumi_aws", "mlstead_toolkit")}


@pytest.mark.parametrize("module", [
    "mlstead_jobs.ledger", "mlstead_jobs.zone", "mlstead_jobs.bucket_zone", "mlstead_jobs.folder_zone",
    "mlstead_jobs.lease", "mlstead_jobs.container", "mlstead_jobs.ingestion.deliveries",
])
def test_what_the_command_line_leans_on_is_light(module):
    assert not HEAVY & loaded(module)
