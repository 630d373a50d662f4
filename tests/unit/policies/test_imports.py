"""What judging costs every preview: neither Pulumi nor its policy packs."""

from __future__ import annotations

import subprocess
import sys


def test_the_rules_load_no_pulumi() -> None:
    code = "import mlstead_toolkit.policies.analysis, mlstead_toolkit.policies.catalogue, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "mlstead_toolkit.policies.rules.state" in loaded
    assert not {"pulumi", "pulumi_aws", "pulumi_policy", "grpc", "boto3", "typer"} & set(loaded)
