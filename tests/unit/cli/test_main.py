"""One place makes every failure a message and an exit code; a stranger finds the way by help alone."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from typer.testing import CliRunner

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.failure import DEFECT, FAILED, report, translate
from mlstead_toolkit.cli.main import app

COMMAND = [sys.executable, "-c", "from mlstead_toolkit.cli.main import main; main()"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "shop"
    (root / "infra").mkdir(parents=True)
    (root / ".copier-answers.yml").write_text("_src_path: x\n")
    (root / "infra" / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    for environment in ("local", "dev", "staging", "prod"):
        (root / "infra" / f"Pulumi.{environment}.yaml").write_text("config:\n  shop:model: none\n")
    monkeypatch.chdir(root / "infra")
    monkeypatch.setenv("MLSTEAD_HOME", str(tmp_path / "home"))
    return root


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=60, env=os.environ | variables)


@pytest.mark.parametrize("command", ["new", "up", "preview", "train", "approve", "promote", "predict", "status",
                                     "review", "settings", "outputs", "logs", "destroy", "cloud", "env", "doctor",
                                     "compile", "data"])
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0 and "Usage" in result.output


def test_help_and_the_errors_of_typing_import_nothing_heavy() -> None:
    heavy = ["boto3", "botocore", "moto", "copier", "grpc", "pulumi", "pulumi_aws", "cryptography"]
    script = ("import sys\nfrom mlstead_toolkit.cli.main import app\n"
              "try: app(['--help'])\nexcept SystemExit: pass\n"
              f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)")
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert found.stderr.strip() == "[]"


def test_a_mistyped_command_gets_a_suggestion_and_exit_code_2() -> None:
    result = run("trian")
    assert result.returncode == 2 and "Did you mean 'train'" in result.stderr


def test_a_missing_argument_is_exit_code_2() -> None:
    result = run("up")
    assert result.returncode == 2 and "ENV" in result.stderr


def test_a_command_outside_a_project_says_so_and_how_to_make_one(tmp_path: Path) -> None:
    result = subprocess.run([*COMMAND, "status", "local"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert result.returncode == FAILED
    assert "not inside an mlstead project" in result.stderr and "mlstead new" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_mistyped_environment_gets_a_suggestion(project: Path) -> None:
    result = run("up", "locla")
    assert result.returncode == FAILED and "did you mean 'local'" in result.stderr
    assert "dev, local, prod, staging" in result.stderr


def test_a_real_account_without_pulumi_says_what_to_install(project: Path, tmp_path: Path) -> None:
    result = run("up", "dev", "--yes", PATH=str(tmp_path))
    assert result.returncode == FAILED and "Pulumi CLI" in result.stderr and "install it" in result.stderr


def test_a_real_account_is_never_changed_unasked(project: Path) -> None:
    result = run("up", "dev")
    assert result.returncode == FAILED and "--yes" in result.stderr


def test_destroying_without_a_terminal_takes_yes(project: Path) -> None:
    result = run("destroy", "prod")
    assert result.returncode == FAILED and "mlstead destroy prod --yes" in result.stderr


def test_a_port_that_is_none_is_named(project: Path) -> None:
    result = run("cloud", "status", MLSTEAD_CLOUD_PORT="many")
    assert result.returncode == FAILED and "MLSTEAD_CLOUD_PORT" in result.stderr


def test_doctor_as_json_is_json_and_its_exit_code_is_its_verdict(project: Path) -> None:
    result = run("doctor", "--json", MLSTEAD_CLOUD_PORT="1")
    verdict = json.loads(result.stdout)
    assert (result.returncode == 0) is verdict["ok"]
    (about_the_project,) = [check for check in verdict["checks"] if check["name"] == "project"]
    assert not about_the_project["ok"] and "requirements.lock" in about_the_project["found"]


def test_colours_stay_out_of_a_pipe(project: Path) -> None:
    result = run("status", "locla", FORCE_COLOR="")
    assert "\033[" not in result.stdout + result.stderr


def test_a_defect_leaves_its_traceback_in_a_file_and_one_line_here(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MLSTEAD_HOME", str(tmp_path))
    try:
        raise ZeroDivisionError("nobody expected this")
    except ZeroDivisionError as error:
        assert report(error) == DEFECT
    shown = capsys.readouterr().err
    (file,) = (tmp_path / "crashes").iterdir()
    assert str(file) in shown and "Traceback" not in shown
    assert "Traceback" in file.read_text() and "nobody expected this" in file.read_text()


def test_an_error_says_what_where_and_fix(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(MlsteadError("It broke [here].", where="a.yaml:3", fix="mend it")) == FAILED
    assert capsys.readouterr().err.splitlines() == ["error: It broke [here].", "  where: a.yaml:3", "  fix:   mend it"]


def test_errors_of_aws_and_the_system_become_messages() -> None:
    refused = translate(ClientError({"Error": {"Code": "ValidationException", "Message": "No such thing"}}, "Describe"))
    assert refused is not None and "No such thing" in refused.what and "Describe" in str(refused.where)
    silent = translate(EndpointConnectionError(endpoint_url="http://127.0.0.1:4566"))
    assert silent is not None and "mlstead" in str(silent.fix)
    nobody = translate(NoCredentialsError())
    assert nobody is not None and "credentials" in nobody.what
    full = translate(OSError(28, "No space left on device", "/tmp/x"))
    assert full is not None and "disk is full" in full.what
    assert translate(KeyError("x")) is None


def test_who_may_not_is_told_to_work_as_a_role_that_may_and_as_whom_he_was_refused(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no rights"}}, "PutObject")
    wrapped = S3UploadFailedError("Failed to upload")
    wrapped.__context__ = denied  # as boto3's transfer raises it
    for error in (denied, wrapped):
        monkeypatch.delenv("MLSTEAD_AS", raising=False)
        assert report(error) == FAILED
        told = capsys.readouterr().err
        assert "no rights" in told and "mlstead access can" in told and "MLSTEAD_AS" not in told
        monkeypatch.setenv("MLSTEAD_AS", "auditor")
        report(error)
        assert "as:    auditor (MLSTEAD_AS)" in capsys.readouterr().err
    report(MlsteadError("The disk is full."))
    assert "MLSTEAD_AS" not in capsys.readouterr().err


def test_a_closed_stdout_is_no_defect(project: Path) -> None:
    shell = " ".join(shlex.quote(word) for word in COMMAND)
    closed = subprocess.run(["bash", "-c", f"{shell} status local >&-"], capture_output=True, text=True, timeout=60)
    assert closed.returncode == FAILED and "Nothing is deployed" in closed.stderr


def test_a_home_that_cannot_be_made_is_named(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("status", "local", MLSTEAD_HOME=str(tmp_path / "file"))
    assert result.returncode == FAILED and "MLSTEAD_HOME" in result.stderr and str(tmp_path / "file") in result.stderr
