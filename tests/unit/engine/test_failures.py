"""When something fails: what ran is recorded, what did not run does not begin, and the message says what to mend."""

from __future__ import annotations

import threading

import pytest
from engine_lab import HEADER, Lab, operations

from mlstead_toolkit.engine import ConfigurationError, DeploymentFailed, ProgramError, Session, StackSource
from mlstead_toolkit.engine.errors import Failure


def test_after_a_failure_nothing_new_begins_and_what_ran_is_recorded(lab: Lab) -> None:
    lab.cloud.refuse = {("create", "b")}
    with pytest.raises(DeploymentFailed) as caught:
        lab.up("""
            a = Thing("a")
            b = Thing("b", {"of": a.arn})
            c = Thing("c", {"of": b.arn})
        """)
    assert [failure.urn.rsplit("::", 1)[-1] for failure in caught.value.failures] == ["b"]
    assert lab.cloud.names("create") == ["a", "b"]
    assert [urn.rsplit("::", 1)[-1] for urn in lab.resources_left() if "Thing" in urn] == ["a"]
    lab.cloud.refuse = set()
    assert operations(lab.up()) == {"a": "same", "b": "create", "c": "create"}


def test_what_was_running_when_another_failed_is_finished_and_recorded(lab: Lab) -> None:
    lab.cloud.gate = threading.Event()
    lab.cloud.refuse_after, lab.cloud.refuse = "slow", {("create", "bad")}
    lab.write('Thing("slow")\nThing("bad")')
    threading.Timer(0.4, lab.cloud.gate.set).start()
    with pytest.raises(DeploymentFailed):
        lab.up()
    assert lab.resource("slow")["id"] in lab.cloud.things


def test_a_partial_failure_is_recorded_and_mended_by_the_next_up(lab: Lab) -> None:
    lab.cloud.partial = {"a"}
    with pytest.raises(DeploymentFailed, match="not ready"):
        lab.up('Thing("a")')
    assert lab.resource("a")["initErrors"] == ["a exists but is not ready"]
    lab.cloud.partial = set()
    assert operations(lab.up()) == {"a": "update"}
    assert "initErrors" not in lab.resource("a")
    assert len(lab.cloud.things) == 1


def test_a_failed_deletion_keeps_the_resource_and_what_it_depends_on(lab: Lab) -> None:
    lab.up('a = Thing("a")\nThing("b", {"of": a.arn})')
    lab.cloud.refuse = {("delete", "b")}
    with pytest.raises(DeploymentFailed):
        lab.up("")
    assert lab.cloud.names("delete") == ["b"]
    assert len(lab.cloud.things) == 2
    lab.cloud.refuse = set()
    lab.up()
    assert lab.cloud.things == {}


def test_a_replaced_resource_whose_deletion_failed_is_deleted_by_the_next_up(lab: Lab) -> None:
    lab.up('Thing("a", {"fixed": 1})')
    lab.cloud.refuse = {("delete", "a")}
    with pytest.raises(DeploymentFailed):
        lab.up('Thing("a", {"fixed": 2})')
    assert len(lab.cloud.things) == 2
    lab.cloud.refuse = set()
    lab.up()
    assert lab.cloud.names("delete") == ["a"]
    assert len(lab.cloud.things) == 1


@pytest.mark.parametrize(("program", "said"), [
    ("x = {}\nx['nothing']", "KeyError: 'nothing'"),
    ("raise pulumi.RunError('not like this')", "not like this"),
    ("import no_such_module", "ModuleNotFoundError"),
    ("def broken(:\n  pass", "SyntaxError"),
    ("import sys; sys.exit('enough')", "enough"),
    ("Thing('a').arn2", "arn2"),
    ("pulumi.Output.from_input(1).apply(lambda x: x / 0)", "ZeroDivisionError"),
])
def test_what_the_program_raises_is_told_in_one_message_with_its_place(lab: Lab, program: str, said: str) -> None:
    lab.write(program)
    with pytest.raises(DeploymentFailed) as caught:
        lab.preview()
    text = str(caught.value)
    assert said in text
    assert "Traceback" not in text and "program_child" not in text
    if "exit" not in program:
        assert "__main__.py:" in text


def test_the_place_is_that_of_the_users_line(lab: Lab) -> None:
    lab.write("def f():\n    raise ValueError('here')\n\nf()")
    line = HEADER.count("\n") + 2
    with pytest.raises(DeploymentFailed, match=rf"__main__\.py:{line}"):
        lab.preview()


def test_an_error_of_mlstead_is_told_as_it_is(lab: Lab) -> None:
    lab.write("from mlstead.errors import MlsteadError\n"
              "raise MlsteadError('No bucket.', where='x.yaml', fix='add one')")
    with pytest.raises(DeploymentFailed) as caught:
        lab.preview()
    assert "No bucket.\n  where: x.yaml\n  fix:   add one" in str(caught.value)
    assert "MlsteadError" not in str(caught.value)


def test_an_error_that_the_program_logs_fails_the_run(lab: Lab) -> None:
    with pytest.raises(DeploymentFailed, match="this is bad"):
        lab.up('pulumi.log.error("this is bad")\nThing("a")')


def test_what_the_program_prints_reaches_the_reader_and_spoils_nothing(lab: Lab) -> None:
    lab.up('import os, sys\nprint("{hello}")\nsys.stderr.write("warned\\n")\nos.write(1, b"raw\\n")\nThing("a")')
    said = [event.message for event in lab.events if hasattr(event, "message")]
    assert [text for text in said if text in ("{hello}", "warned", "raw")] == ["{hello}", "warned", "raw"] \
        or {"{hello}", "warned", "raw"} <= set(said)


def test_a_defect_of_a_provider_is_a_failure_of_its_resource(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from fake_provider import FakeProvider

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("oh no")

    monkeypatch.setattr(FakeProvider, "create", broken)
    with pytest.raises(DeploymentFailed, match="oh no"):
        lab.up('Thing("a")')


def test_a_dead_interpreter_is_an_error_that_says_so(lab: Lab) -> None:
    lab.write('import os\nprint("last words", flush=True)\nos._exit(3)')
    with pytest.raises(DeploymentFailed, match=r"exit code 3(.|\n)*last words"), lab.session(fresh=True) as session:
        session.preview()


def test_an_interpreter_that_is_not_there_is_named(lab: Lab) -> None:
    directory = lab.write("")
    source = StackSource(directory, "local", lab.folder / "no" / "python")
    with pytest.raises(ProgramError, match="no/python"), \
            Session([source], home=lab.home, provider=lab.cloud.factory):
        pytest.fail("it started")


@pytest.mark.parametrize(("file", "text", "said"), [
    ("Pulumi.yaml", "runtime: python\n", "name"),
    ("Pulumi.yaml", "name: demo\nruntime: nodejs\n", "nodejs"),
    ("Pulumi.yaml", "name: [demo\n", "Pulumi.yaml:"),
    ("Pulumi.local.yaml", "config: [1]\n", "mapping"),
    ("Pulumi.local.yaml", "config:\n  size: 3\n", "size"),
    ("Pulumi.local.yaml", "config:\n  demo:a: {\n", "Pulumi.local.yaml:"),
])
def test_a_wrong_settings_file_is_an_error_that_names_it(lab: Lab, file: str, text: str, said: str) -> None:
    directory = lab.write("")
    (directory / file).write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        lab.preview()
    assert said in str(caught.value)
    assert file in str(caught.value)


def test_settings_have_the_projects_defaults_and_keep_their_types(lab: Lab) -> None:
    directory = lab.write("""
        c = pulumi.Config()
        Thing("a", {"n": c.require_int("n"), "flag": c.require_bool("flag"), "deep": c.require_object("deep"),
                    "size": c.require("size"), "region": pulumi.Config("aws").require("region")})
    """, settings="config:\n  demo:n: 3\n  demo:flag: true\n  demo:deep: {a: [1, {b: x}]}\n")
    (directory / "Pulumi.yaml").write_text("name: demo\nruntime: {name: python}\nconfig:\n  aws:region: eu-west-3\n"
                                           "  size: {type: string, default: small}\n  n: 1\n")
    lab.up()
    received = {key: value for key, value in lab.cloud.received["a"].items() if key != "name"}
    assert received == {"n": 3, "flag": True, "deep": {"a": [1, {"b": "x"}]}, "size": "small", "region": "eu-west-3"}


def test_a_required_setting_that_is_missing_is_named(lab: Lab) -> None:
    directory = lab.write("")
    (directory / "Pulumi.yaml").write_text("name: demo\nruntime: python\nconfig:\n  size: {type: string}\n")
    with pytest.raises(ConfigurationError, match="demo:size"):
        lab.preview()


def test_a_missing_program_is_named(lab: Lab) -> None:
    directory = lab.write("")
    (directory / "__main__.py").unlink()
    with pytest.raises(ConfigurationError, match=r"__main__\.py"):
        lab.preview()


def test_many_that_failed_alike_are_told_once() -> None:
    alike = [Failure("local", f"urn::{name}", "The local cloud is silent.\n  where: {name}") for name in "abcde"]
    told = DeploymentFailed([*alike, Failure("local", "urn::f", "Other.")]).what
    assert told.splitlines()[0] == "a and 4 more: The local cloud is silent." and "f: Other." in told
    assert told.count("silent") == 1
