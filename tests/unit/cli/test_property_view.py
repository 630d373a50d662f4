"""What a reviewer reads below a changed resource."""

import json

from mlstead_toolkit.cli.property_view import describe
from mlstead_toolkit.engine.plan import PropertyChange
from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.review.changes.values import show

READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}
WRITE = {"Sid": "Write", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}


def policy(*statements: dict[str, object], indent: int | None = None) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=indent)


def lines(before: object, after: object) -> list[str]:
    return [f"{line.sign} {line.text}" for line in describe(PropertyChange("policy", "update", before, after))]


def test_a_statement_added_in_front_shows_as_that_statement_alone() -> None:
    (line,) = lines(policy(READ), policy(WRITE, READ))
    assert line.startswith("+ policy.Statement[Write]: ") and "s3:PutObject" in line


def test_an_action_that_goes_shows_as_that_action_alone() -> None:
    fewer = READ | {"Action": ["s3:GetObject"]}
    assert lines(policy(READ), policy(fewer)) == ['- policy.Statement[Read].Action: "s3:ListBucket"']


def test_a_document_that_only_looks_different_still_shows_that_its_text_changes() -> None:
    (line,) = lines(policy(READ), policy(READ, indent=1))
    assert line.startswith("~ policy: ")


def test_a_list_whose_order_alone_changes_shows_both() -> None:
    assert lines(["a", "b"], ["b", "a"]) == ['~ policy: ["a", "b"] => ["b", "a"]']


def test_the_unknown_and_the_secret_are_named_not_shown() -> None:
    assert lines("arn:old", UNKNOWN) == ['~ policy: "arn:old" => output<string>']
    assert lines("[secret]", "[secret]") == ["~ policy: [secret] => [secret]"]
    assert "output<string>" in show({"bucket": UNKNOWN})


def test_what_forces_a_replacement_is_marked() -> None:
    (line,) = describe(PropertyChange("bucket", "update", "a", "b", replaces=True))
    assert line.replaces


def test_a_long_value_is_shortened() -> None:
    assert len(show("x" * 1000)) <= 100
