"""One issue of a kind, one change of a branch."""

import pytest
from forge_server import Failure

from mlstead_toolkit.forge.change import of_branch, one_change, supersede
from mlstead_toolkit.forge.issue import close_issue, one_issue
from mlstead_toolkit.forge.text import marked, marker_line


def drift(forge, text, title="dev has drifted"):
    return one_issue(forge, title, "drift", marked("drift", text, forge.limit, ""))


def test_an_issue_is_opened_updated_closed_and_reopened_as_one(server, forge):
    assert drift(forge, "a bucket")[0] == "opened"
    assert drift(forge, "a bucket")[0] == "left as it is"
    assert drift(forge, "a bucket and a key")[0] == "updated"
    assert close_issue(forge, "drift", "gone").state == "closed"
    assert close_issue(forge, "drift", "gone") is None
    assert drift(forge, "a role")[0] == "reopened"
    (issue,) = server.issues
    assert issue["state"] == "open" and issue["body"] == f"{marker_line('drift')}\na role\n"
    assert issue["labels"] == ["mlstead"] and [each["body"] for each in server.comments] == ["gone"]


def test_the_open_issue_is_taken_where_there_is_a_newer_closed_one(server, forge):
    for number, state in ((1, "open"), (2, "closed")):
        server.issues.append({"number": number, "author": server.login, "title": "dev has drifted", "labels": [
            "mlstead"], "body": marker_line("drift"), "state": state})
    assert drift(forge, "a bucket")[1].number == 1


def test_issues_of_others_and_other_kinds_are_left_alone(server, forge):
    for number, author, marker in ((1, "ann", "drift"), (2, server.login, "exceptions")):
        server.issues.append({"number": number, "author": author, "title": "t", "labels": ["mlstead"],
                              "body": marker_line(marker), "state": "open"})
    assert drift(forge, "a bucket")[0] == "opened"
    assert [issue["title"] for issue in server.issues] == ["t", "t", "dev has drifted"]


def test_an_issue_that_was_opened_without_an_answer_is_not_opened_twice(server, forge):
    server.failures.append(Failure("POST", "/issues", 504, done=True))
    drift(forge, "a bucket")
    assert len(server.issues) == 1


def promotion(forge, version, text="text"):
    return one_change(forge, f"promote/dev-{version}", "main", f"Serve version {version}",
                      marked("promote-dev", text, forge.limit, ""))


def test_a_change_is_opened_once_and_then_updated(server, forge):
    assert promotion(forge, 7)[0] == "opened"
    assert promotion(forge, 7)[0] == "left as it is"
    assert promotion(forge, 7, "other figures")[0] == "updated"
    (change,) = server.changes
    assert (change["branch"], change["base"], change["title"]) == ("promote/dev-7", "main", "Serve version 7")


def test_older_changes_of_the_same_purpose_are_closed_and_others_are_not(server, forge):
    promotion(forge, 6)
    one_change(forge, "promote/staging-6", "main", "t", marker_line("promote-staging"))
    one_change(forge, "promote/dev-by-hand", "main", "t", "somebody's own")
    one_change(forge, "topic", "main", "t", marker_line("promote-dev"))
    _, newer = promotion(forge, 7)
    closed = supersede(forge, "promote/dev-", "promote-dev", newer, f"Superseded by {newer.url}")
    assert [change.branch for change in closed] == ["promote/dev-6"]
    assert [change["state"] for change in server.changes] == ["closed", "open", "open", "open", "open"]
    assert newer.url in server.comments[0]["body"]


def test_a_forks_branch_of_the_same_name_is_not_ours(server, forge):
    server.changes.append({"number": 1, "author": "mallory", "branch": "promote/dev-7", "base": "main", "title": "t",
                           "body": marker_line("promote-dev"), "state": "open", "fork": True})
    assert of_branch(forge, "promote/dev-7") is None


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_a_change_that_is_done_with_is_told_as_what_it_is(server, forge, state):
    promotion(forge, 7)
    server.changes[0]["state"] = state
    assert of_branch(forge, "promote/dev-7").state == state
