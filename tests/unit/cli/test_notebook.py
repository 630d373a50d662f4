"""What a notebook gets of the shell, which profile is meant, and how a notebook that fails says so."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.exploration import studio_address
from mlstead_toolkit.cli.jupyter import Jupyter, JupyterFailed, execute
from mlstead_toolkit.project import Project


def deployed(**profiles: str) -> Deployment:
    return Deployment(Project(Path("/project"), "flights"), "dev", {"studio_profiles": profiles})


@pytest.mark.parametrize(("profiles", "asked", "parts"), [
    ({"ada": "flights-ada", "grace": "flights-grace"}, None, ["2 profiles in Studio: ada, grace", "--profile"]),
    ({"ada": "flights-ada"}, "adda", ["no profile 'adda' (did you mean 'ada'?)", "exploration.profiles"]),
    ({}, None, ["0 profiles in Studio: none"]),
])
def test_a_profile_that_is_not_clear_is_asked_for_by_what_there_is(profiles, asked, parts):
    with pytest.raises(MlsteadError) as refused:
        studio_address(deployed(**profiles), asked)
    for part in parts:
        assert part in str(refused.value)


def test_an_environment_without_jupyter_says_how_it_gets_there(tmp_path: Path):
    with pytest.raises(JupyterFailed, match="has no jupyter-lab") as refused:
        Jupyter.start(tmp_path / "bin" / "python", tmp_path, {}, tmp_path / "log")
    assert "make lock" in str(refused.value.fix)
    with pytest.raises(JupyterFailed, match="has no jupyter-execute"):
        execute(tmp_path / "bin" / "python", tmp_path / "a.ipynb", None, {})


def test_a_jupyterlab_that_ends_as_it_starts_shows_what_it_said(tmp_path: Path):
    venv.create(tmp_path / "environment", symlinks=True)
    python = tmp_path / "environment" / "bin" / "python"
    program = python.with_name("jupyter-lab")
    program.write_text("#!/bin/sh\necho the configuration is wrong\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(JupyterFailed, match="ended with code 3 as it started:\nthe configuration is wrong"):
        Jupyter.start(python, tmp_path, {"PATH": "/usr/bin:/bin"}, tmp_path / "log")


def test_what_a_shell_has_of_real_accounts_stays_out_of_the_notebook(monkeypatch: pytest.MonkeyPatch):
    from mlstead_toolkit.cli.exploration import notebook_environment

    class Local(Deployment):
        def client(self, _service):
            return self

        def assume_role(self, **_asked):
            return {"Credentials": {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "SessionToken": "t"}}

    for name, value in (("AWS_PROFILE", "production"), ("AWS_SECRET_ACCESS_KEY", "real"), ("PULUMI_ACCESS_TOKEN", "p"),
                        ("EDITOR", "vi")):
        monkeypatch.setenv(name, value)
    local = Local(Project(Path("/project"), "flights"), "local", {
        "exploration_role_arn": "arn:aws:iam::1:role/x", "exploration_environment": {"CURATED_URI": "s3://c"}})

    given = notebook_environment(local, Path("/project/.venv/bin/python"))

    assert "AWS_PROFILE" not in given and "PULUMI_ACCESS_TOKEN" not in given
    assert given["AWS_SECRET_ACCESS_KEY"] == "s"
    assert given["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert (given["CURATED_URI"], given["EDITOR"]) == ("s3://c", "vi")
    assert given["PATH"].startswith("/project/.venv/bin:")


@pytest.mark.parametrize(("words", "part"), [
    (["notebook", "local", "--profile", "ada"], "local has none"),
    (["notebook", "dev", "--execute", "a.ipynb"], "runs in its Studio"),
    (["notebook", "local", "--out", "b.ipynb"], "goes with --execute"),
])
def test_options_that_do_not_go_together_are_mistyped(words, part):
    from typer.testing import CliRunner

    from mlstead_toolkit.cli.main import app

    ended = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert ended.exit_code == 2
    assert part in ended.output


def test_the_driver_of_notebooks_imports_nothing_of_the_toolkit():
    source = Path(sys.modules["mlstead_toolkit.cli.jupyter"].__file__ or "").with_name("notebook_execution.py")
    assert "mlstead_toolkit" not in source.read_text()  # the project's environment need not have it
