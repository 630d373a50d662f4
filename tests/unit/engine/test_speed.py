"""What keeps the engine quick: late imports, one interpreter for all stacks, work that is not done twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from engine_lab import Lab

from mlstead_toolkit.engine import preloads
from mlstead_toolkit.engine.program import Program


def test_importing_the_engine_imports_neither_grpc_nor_pulumi() -> None:
    code = "import mlstead_toolkit.engine as e, sys; e.Session; print([m for m in sys.modules if m in " \
           "('grpc', 'pulumi', 'yaml', 'cryptography', 'psutil', 'boto3')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_engine_takes_the_stubs_without_the_sdk_around_them() -> None:
    code = "import mlstead_toolkit.engine.monitor, sys; print('grpc' in sys.modules, 'pulumi' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "True False\n"


def test_stacks_of_one_interpreter_share_one_child(lab: Lab) -> None:
    lab.write('Thing("a")', project="one")
    lab.write('Thing("b")', project="two")
    with lab.session("one", "two", fresh=True) as session:
        session.up()
        assert len(session._programs) == 1
    assert sorted(lab.cloud.names("create")) == ["a", "b"]


def test_modules_of_one_program_are_not_those_of_the_next(lab: Lab) -> None:
    for name in ("one", "two"):
        directory = lab.write("import part\nThing(part.NAME)", project=name)
        (directory / "part.py").write_text(f"NAME = '{name}'\n")
    with lab.session("one", "two") as session:
        session.up()
    assert sorted(lab.cloud.names("create")) == ["one", "two"]


def test_what_a_program_imported_is_imported_ahead_next_time(lab: Lab) -> None:
    lab.write("import pulumi_aws.sns")
    with lab.session(fresh=True) as session:
        session.up()
    assert "pulumi_aws.sns" in preloads.known(lab.home, Path(sys.executable))


def test_a_module_that_cannot_be_imported_ahead_harms_nothing(lab: Lab) -> None:
    program = Program(Path(sys.executable), ["no.such.module"])
    try:
        lab.shared = lambda: program
        lab.up('Thing("a")')
    finally:
        program.close()
    assert lab.cloud.names("create") == ["a"]


def test_the_real_classes_of_pulumi_aws_work(lab: Lab) -> None:
    lab.up("""
        import pulumi_aws as aws
        bucket = aws.s3.Bucket("b", tags={"x": "1"}, opts=O(protect=True))
        aws.s3.BucketVersioning("v", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
    """)
    assert lab.cloud.received["v"]["versioningConfiguration"] == {"status": "Enabled"}
    assert lab.cloud.received["v"]["bucket"] == lab.resource("b")["id"]
    assert "::default_" in lab.resource("b")["provider"]
    assert lab.up().changes == []
