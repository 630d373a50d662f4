"""What goes wrong on the way is waited out, or said with its fix; nothing says the token."""

import socket
import time

import pytest
from forge_server import TOKEN, Failure

from mlstead_toolkit.forge.api import Api, ForgeError, Unanswered
from mlstead_toolkit.forge.here import change_here, forge_here


def first(forge):
    return next(iter(forge.comments(12)), None)


@pytest.mark.parametrize("status", [0, 500, 502, 503])
def test_a_reading_that_fails_is_asked_again(server, forge, status):
    server.failures.append(Failure("GET", "12/", status, times=3))
    assert first(forge) is None
    assert forge.waited == [1, 2, 4]


def test_a_forge_that_stays_down_is_given_up_with_what_it_said(server, forge):
    server.failures.append(Failure("GET", "12/", 503, body={"message": "Unicorn!"}, times=99))
    with pytest.raises(ForgeError, match="does not answer: 503 Unicorn!"):
        first(forge)


@pytest.mark.parametrize(("status", "headers", "message", "wait"), [
    (429, {"Retry-After": "7"}, "Too Many Requests", 7),
    (403, {"Retry-After": "30"}, "You have exceeded a secondary rate limit.", 30),
    (403, {}, "You have exceeded a secondary rate limit. Please wait.", 60),
    (429, {}, "Retry later", 60),
])
def test_a_limit_of_rate_is_waited_out(server, forge, status, headers, message, wait):
    server.failures.append(Failure("POST", "12/", status, headers, {"message": message}))
    forge.add_comment(12, "text")
    assert forge.waited == [wait] and len(server.comments) == 1


def test_the_hourly_limit_is_waited_out_until_it_is_reset(server, forge):
    reset = str(int(time.time()) + 40)
    server.failures.append(Failure("GET", "12/", 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}))
    first(forge)
    assert 30 < forge.waited[0] <= 42


def test_a_limit_that_outlasts_the_job_is_told(server, forge):
    server.failures.append(Failure("GET", "12/", 429, {"Retry-After": "3000"}))
    with pytest.raises(ForgeError, match="no more requests of this token for 3000 seconds") as told:
        first(forge)
    assert told.value.fix and forge.waited == []


def test_a_refused_token_says_where_it_comes_from_and_is_not_printed(server, forge):
    server.token = "another"
    with pytest.raises(ForgeError, match="refused with 401") as told:
        first(forge)
    assert "TOKEN" in str(told.value.fix) and TOKEN not in f"{told.value} {told.value.fix} {told.value.where}"


def test_a_missing_permission_is_named_as_a_workflow_writes_it(server):
    forge = forge_here(server.github_job())
    server.failures.append(Failure("POST", "12/", 403, {"X-Accepted-GitHub-Permissions": "issues=write"},
                                   {"message": f"Resource not accessible by integration {TOKEN}"}))
    with pytest.raises(ForgeError, match="Resource not accessible") as told:
        forge.add_comment(12, "text")
    assert "pull-requests: write" in told.value.fix and "issues=write" in told.value.fix
    assert TOKEN not in told.value.what


def test_a_scope_that_gitlab_misses_is_told_in_its_words(server):
    forge = forge_here(server.gitlab_job())
    server.failures.append(Failure("POST", "12/", 403, body={"error": "insufficient_scope", "scope": "api"}))
    with pytest.raises(ForgeError, match="insufficient_scope") as told:
        forge.add_comment(12, "text")
    assert "scope api" in told.value.fix


def test_the_token_goes_to_no_other_host(server, forge):
    server.failures.append(Failure("GET", "12/", 200, {"Link": '<https://elsewhere.example/2>; rel="next"'}, []))
    with pytest.raises(ForgeError, match="named another host"):
        list(forge.comments(12))


def test_nobody_there_is_an_error_with_a_fix(free_port):
    api = Api("GitHub", f"http://127.0.0.1:{free_port}", {}, "secret", "fix", "rights", lambda _: None)
    with pytest.raises(ForgeError, match="does not answer") as told:
        api.call("POST", "/x", {}, needs="n")
    assert not isinstance(told.value, Unanswered) and str(free_port) in told.value.fix


def test_a_silent_forge_is_given_up_in_time(free_port, monkeypatch):
    import urllib3

    from mlstead_toolkit.forge import api

    monkeypatch.setattr(api, "_TIMEOUT", urllib3.Timeout(connect=1, read=0.1))
    with socket.create_server(("127.0.0.1", free_port)), pytest.raises(Unanswered, match="did not say"):
        api.Api("GitHub", f"http://127.0.0.1:{free_port}", {}, "secret", "f", "r").call("POST", "/x", {}, needs="n")


def test_the_change_is_the_one_that_the_job_runs_for(server, forge, tmp_path):
    event = tmp_path / "event.json"
    event.write_text('{"action": "opened", "number": 14, "pull_request": {"number": 14}}')
    assert change_here(forge, {"GITHUB_REF": "refs/pull/12/merge"}) == 12
    assert change_here(forge, {"CI_MERGE_REQUEST_IID": "13"}) == 13
    assert change_here(forge, {"GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": str(event)}) == 14


@pytest.mark.parametrize("content", ["", "[]", "{", '{"pull_request": null}'])
def test_a_job_that_runs_for_no_change_says_so(forge, tmp_path, content):
    event = tmp_path / "event.json"
    event.write_text(content)
    with pytest.raises(ForgeError, match="runs for no") as told:
        change_here(forge, {"GITHUB_EVENT_PATH": str(event)})
    assert "--number" in told.value.fix


@pytest.mark.parametrize(("job", "names"), [("github_job", "GH_TOKEN"), ("gitlab_job", "MLSTEAD_FORGE_TOKEN")])
def test_a_job_without_a_token_is_told_which_to_give(server, job, names):
    server.token = ""
    with pytest.raises(ForgeError, match="token") as told:
        forge_here(getattr(server, job)())
    assert names in told.value.fix


def test_gitlabs_own_job_token_is_not_tried(server):
    job = {**server.gitlab_job(), "MLSTEAD_FORGE_TOKEN": "", "CI_JOB_TOKEN": "t"}
    with pytest.raises(ForgeError, match="no token") as told:
        forge_here(job)
    assert "CI_JOB_TOKEN may do none" in told.value.fix


def test_a_token_of_its_own_goes_before_the_jobs(server):
    server.token = "of-the-app"
    job = server.github_job() | {"GH_TOKEN": "of-the-job", "MLSTEAD_FORGE_TOKEN": "of-the-app"}
    assert list(forge_here(job).comments(1)) == []


def test_outside_of_ci_there_is_no_forge():
    assert forge_here({"GH_TOKEN": "t"}) is None
