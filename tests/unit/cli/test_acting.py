"""In whose name commands sign: a role that is meant is found or named, and only on this machine."""

import re

import pytest

from mlstead_toolkit.access.deployed import NamedRole
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.cli.acting import role_of_use, session_name, signing
from mlstead_toolkit.project import ProjectError, refuse_acting

ROLES = [NamedRole(f"arn:aws:iam::123456789012:role/mlstead/flights/local/{name}", use)
         for name, use in (("flights-training-1a2b3c4", "training"), ("flights-local-auditor", "auditor"))]


@pytest.mark.parametrize("asked", ["training", "flights-training-1a2b3c4"])
def test_a_role_is_found_by_its_use_and_by_its_name(asked):
    assert role_of_use(ROLES, "flights", "local", asked) is ROLES[0]


def test_a_role_that_is_not_there_names_the_close_one_and_all_there_are():
    with pytest.raises(ProjectError, match=r"did you mean 'auditor'(?s:.)*auditor, training"):
        role_of_use(ROLES, "flights", "local", "auditr")


def test_where_no_role_is_there_the_project_is_to_be_brought_up():
    with pytest.raises(ProjectError, match="mlstead up local"):
        role_of_use([], "flights", "local", "training")


@pytest.mark.parametrize("use", ["plan", "deploy"])
def test_a_role_of_ci_that_is_not_there_comes_from_the_bootstrap(use):
    with pytest.raises(ProjectError, match="deploy stacks/bootstrap"):
        role_of_use(ROLES, "flights", "local", use)


def test_a_real_environment_points_to_the_sign_in(monkeypatch):
    monkeypatch.setenv("MLSTEAD_AS", "deploy")
    refuse_acting("local")
    with pytest.raises(ProjectError, match="AWS_PROFILE"):
        refuse_acting("prod")


def test_nobody_is_acted_as_unless_asked_for(monkeypatch):
    monkeypatch.delenv("MLSTEAD_AS", raising=False)
    target = Target.local("http://127.0.0.1:1", "eu-west-1")
    assert signing(target, "flights") is target
    monkeypatch.setenv("MLSTEAD_AS", "deploy")
    assert signing(target, "flights", "") is target  # the developer's own doing


def test_nobody_is_acted_as_where_nobody_decides():
    target = Target.localstack("http://127.0.0.1:1", "http://127.0.0.1:2", "eu-west-1")
    with pytest.raises(ProjectError, match="leave --target out"):
        signing(target, "flights", "deploy")


@pytest.mark.parametrize("user", ["ada", "x", "ada lovelace", "éva/../"])
def test_a_sessions_name_is_one_that_sts_takes(monkeypatch, user):
    monkeypatch.setenv("LOGNAME", user)
    assert re.fullmatch(r"[\w+=,.@-]{2,64}", session_name(), re.ASCII)
