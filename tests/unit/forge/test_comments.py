"""A change has one comment of a kind, whatever happens on the way."""

import pytest
from forge_server import GITHUB_LIMIT, Failure

from mlstead_toolkit.forge.comment import one_comment
from mlstead_toolkit.forge.text import marked, marker_line


def write(forge, text, marker="review", change=12):
    return one_comment(forge, change, marker, marked(marker, text, forge.limit, "The whole is elsewhere."))


def test_it_is_made_once_then_updated_and_left_alone_where_it_says_the_same(server, forge):
    assert write(forge, "first")[0] == "made"
    assert write(forge, "second")[0] == "updated"
    assert write(forge, "second")[0] == "left as it is"
    assert [each["body"] for each in server.comments] == [f"{marker_line('review')}\nsecond\n"]


def test_it_is_found_on_a_later_page(server, forge):
    server.comments += [{"id": number, "of": 12, "author": "ann", "body": "so?"} for number in range(5)]
    write(forge, "first")
    assert write(forge, "second")[0] == "updated"
    assert len(server.comments) == 6


def test_each_marker_has_its_own(server, forge):
    write(forge, "one")
    write(forge, "other", marker="preview")
    assert len(server.comments) == 2


def test_anothers_comment_with_the_marker_is_not_taken_over(server, forge):
    planted = f"{marker_line('review')}\nlooks good"
    server.comments += [{"id": 1, "of": 12, "author": "mallory", "body": planted},
                        {"id": 2, "of": 12, "author": server.login, "body": f"> {planted}\n\nas I said"}]
    assert write(forge, "first")[0] == "made"
    assert server.comments[0]["body"] == planted and len(server.comments) == 3


def test_where_github_does_not_say_who_the_token_is_only_a_bots_comment_is_ours(server):
    from mlstead_toolkit.forge.here import forge_here

    server.graphql, forge = False, forge_here(server.github_job())
    server.comments.append({"id": 1, "of": 12, "author": "ann", "body": f"{marker_line('review')}\nlooks good"})
    assert write(forge, "first")[0] == "made"
    assert write(forge, "second")[0] == "updated"


@pytest.mark.parametrize("status", [0, 502])
def test_a_comment_that_was_made_without_an_answer_is_not_made_twice(server, forge, status):
    server.failures.append(Failure("POST", "12/", status, done=True))
    assert write(forge, "first")[0] == "left as it is"
    assert len(server.comments) == 1


@pytest.mark.parametrize("status", [0, 500, 503])
def test_a_comment_that_was_not_made_is_made_on_the_second_try(server, forge, status):
    server.failures.append(Failure("POST", "12/", status))
    assert write(forge, "first")[0] == "made"
    assert len(server.comments) == 1


def test_what_is_longer_than_the_forge_takes_is_cut_and_says_so(server, forge):
    text = "<details><summary>All</summary>\n\n```json\n" + '  "key": "värdeäö",\n' * 60_000
    assert write(forge, text)[0] == "made"
    (body,) = [each["body"] for each in server.comments]
    assert len(body) <= (GITHUB_LIMIT if forge.name == "GitHub" else 1_000_000)
    assert body.count("```") == 2 and body.count("</details>") == 1
    assert body.rstrip().splitlines()[-1].startswith("**Cut here: ") and "The whole is elsewhere." in body
    assert body.index("</details>") < body.index("**Cut here")


def test_a_text_that_fits_is_not_touched(forge):
    text = "a" * (forge.limit - len(marker_line("review")) - 2)
    assert marked("review", text, forge.limit, "") == f"{marker_line('review')}\n{text}\n"


def test_gitlab_is_not_given_commands_to_carry_out(server):
    from mlstead_toolkit.forge.here import forge_here

    write(forge_here(server.gitlab_job()), "see\n/merge\n   /approve\n```\n/close\n```\n2 / 3 /x")
    lines = server.comments[0]["body"].splitlines()
    assert not any(line.lstrip(" ").startswith("/") for line in lines)
    assert lines[-1] == "2 / 3 /x"
