"""What cannot be done is refused in one message, and nothing half-made stays."""

import http.server
import re
import threading

import pytest

pytestmark = pytest.mark.timeout(120)


def test_a_port_that_something_else_has_is_named_with_the_way_out(scaffolded):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", scaffolded.port), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        run = scaffolded.refuse("up", "local")
        assert str(scaffolded.port) in run.err and "MLSTEAD_CLOUD_PORT" in run.err
    finally:
        server.shutdown()
        server.server_close()


def test_a_folder_that_is_not_empty_is_left_as_it_is(scaffolded):
    taken = scaffolded.folder / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("years of work")
    scaffolded.refuse("new", "taken", "--defaults", cwd=scaffolded.folder)
    assert [file.name for file in taken.iterdir()] == ["thesis.txt"]


def test_an_answer_to_a_question_that_is_none_is_refused_and_nothing_is_made(scaffolded):
    run = scaffolded.refuse("new", "other", "--defaults", "-d", "reggion=eu-west-1", cwd=scaffolded.folder)
    assert "reggion" in run.err and "region" in run.err
    assert not (scaffolded.folder / "other").exists()


def test_a_name_that_aws_would_refuse_is_refused(scaffolded):
    scaffolded.refuse("new", "Flight Delays!", "--defaults", cwd=scaffolded.folder)
    assert not (scaffolded.folder / "Flight Delays!").exists()


def test_what_needs_a_deployment_says_that_there_is_none(scaffolded):
    for words in (["status", "local"], ["data", "status", "local"], ["train", "local"], ["predict", "local"],
                  ["outputs", "local"]):
        assert "mlstead up local" in scaffolded.refuse(*words).err


@pytest.mark.timeout(300)
def test_of_two_ups_at_once_one_goes_on_and_the_other_is_refused_with_who_holds_the_lock(scaffolded):
    both = [scaffolded.start("up", "local"), scaffolded.start("up", "local")]
    ended = [(*process.communicate(timeout=200), process.returncode) for process in both]
    assert sorted(code for *_, code in ended) == [0, 1], ended
    (refusal,) = (errors for _, errors, code in ended if code == 1)
    holder = next(process.pid for process in both if process.returncode == 0)
    told = re.search(r"is being changed by (\S+)@(\S+) \(process (\d+)\) since (\S+)\.", refusal)
    assert told is not None and int(told[3]) == holder, refusal
    assert "fix:" in refusal and "Traceback" not in refusal
    again = scaffolded.succeed("up", "local", "--json").json
    assert not [step for stack in again["stacks"] for step in stack["steps"]]
