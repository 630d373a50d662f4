"""An exception names rule, resource, reason, owner and a last day; what says less or has expired excuses nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.evaluation import evaluate
from mlstead_toolkit.policies.exceptions import Exceptions, find, read
from mlstead_toolkit.policies.finding import Finding, Verdict

TODAY = datetime.date(2028, 2, 28)
THING = "aws:x/thing:Thing"
SAID = {"rule": '"thing-held"', "resource": '"one"', "reason": '"it is torn down in spring"',
        "owner": '"ml@example.com"', "expires": "2028-03-01"}


def _held(resource: Resource, stack: Stack) -> Iterator[str]:
    if not resource.flag("held"):
        yield "it is not held"


RULES = (Rule("thing-held", Level.MANDATORY, ("test 1",), "It holds.", "Hold it.", (THING,), _held),)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write exceptions, each like SAID but for what is given; None leaves a key out."""
    def do(*each: dict[str, str | None]) -> Path:
        lines = [line for one in each for line in ["[[exception]]", *(
            f"{key} = {value}" for key, value in (SAID | one).items() if value is not None)]]
        file = tmp_path / "policy-exceptions.toml"
        file.write_text("\n".join(lines))
        return file

    return do


def findings(exceptions: Exceptions, held: object = False, name: str = "one") -> list[Finding]:
    thing = Resource({"held": held}, THING, name, f"urn:pulumi:dev::shop::{THING}::{name}")
    return evaluate(Stack("shop", "dev", (thing,)), RULES, exceptions.agreed)


def test_no_file_and_an_empty_one_except_nothing(tmp_path: Path, write: Write) -> None:
    assert read(tmp_path / "none.toml", RULES, TODAY) == Exceptions()
    assert read(write(), RULES, TODAY) == Exceptions()


@pytest.mark.parametrize("resource", ["one", "o*", "*", f"urn:pulumi:dev::shop::{THING}::one", "urn:pulumi:*::one"])
def test_what_is_excepted_stands_there_with_reason_owner_and_expiry(write: Write, resource: str) -> None:
    (one,) = findings(read(write({"resource": f'"{resource}"'}), RULES, TODAY))
    assert one.verdict is Verdict.EXCEPTED and not one.stops and one.exception is not None
    assert (one.exception.reason, one.exception.owner, one.exception.expires) == (
        "it is torn down in spring", "ml@example.com", datetime.date(2028, 3, 1))


@pytest.mark.parametrize("resource", ["two", "urn:pulumi:prod::*"])
def test_another_resource_is_not_excepted(write: Write, resource: str) -> None:
    assert [one.verdict for one in findings(read(write({"resource": f'"{resource}"'}), RULES, TODAY))] == [
        Verdict.VIOLATED]


def test_an_exception_counts_on_its_last_day_and_not_on_the_next(write: Write) -> None:
    file = write({"expires": "2028-02-29"})
    assert len(read(file, RULES, datetime.date(2028, 2, 29)).agreed) == 1
    after = read(file, RULES, datetime.date(2028, 3, 1))
    assert after.agreed == () and len(after.expired) == 1
    assert [one.verdict for one in findings(after)] == [Verdict.VIOLATED]


def test_today_is_the_day_in_utc(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            kiritimati = datetime.timezone(datetime.timedelta(hours=14))
            return datetime.datetime(2028, 3, 2, 5, tzinfo=kiritimati).astimezone(tz)

    monkeypatch.setattr("mlstead_toolkit.policies.exceptions.datetime.datetime", Clock)
    assert len(read(write({}), RULES).agreed) == 1  # there it is March 2nd already, here still the 1st


@pytest.mark.parametrize(("changed", "told"), [
    ({"expires": "2029-03-01"}, "within a year, by 2029-02-28"),
    ({"expires": '"2028-03-01"'}, "expires"), ({"expires": "2028-03-01T00:00:00Z"}, "expires"),
    ({"expires": None}, "does not say its expires"), ({"owner": None}, "does not say its owner"),
    ({"owner": '" "'}, "owner"), ({"reason": '"short"'}, "reason"), ({"reason": '"           x"'}, "reason"),
    ({"rule": '"thing-hold"'}, "Did you mean thing-held?"), ({"until": "2028-03-01"}, "has no key until"),
    ({"resource": None}, "does not say its resource"), ({"resource": '""'}, "resource"),
    ({"reason": '"unclosed'}, "no TOML"),
])
def test_what_says_too_little_too_much_or_reaches_too_far_is_refused(
    write: Write, changed: dict[str, str | None], told: str
) -> None:
    file = write(changed)
    with pytest.raises(MlsteadError) as refused:
        read(file, RULES, TODAY)
    assert told in str(refused.value) and str(file) in str(refused.value) and refused.value.fix


def test_a_leap_year_is_no_longer_than_a_year(write: Write) -> None:
    assert read(write({"expires": "2029-02-28"}), RULES, TODAY).agreed


def test_one_that_excuses_nothing_is_told(write: Write) -> None:
    exceptions = read(write({}), RULES, TODAY)
    assert exceptions.unused(findings(exceptions, held=True), "dev") == [*exceptions.agreed]
    assert exceptions.unused(findings(exceptions), "dev") == []
    assert exceptions.unused(findings(exceptions, held=UNKNOWN), "dev") == [], "that is not decided yet"
    assert exceptions.unused(findings(exceptions, held=UNKNOWN, name="two"), "dev") == [*exceptions.agreed]


def test_one_for_another_environment_has_nothing_to_excuse_in_this_one(write: Write) -> None:
    exceptions = read(write({"resource": '"urn:pulumi:prod::*"'}), RULES, TODAY)
    assert exceptions.unused(findings(exceptions), "dev") == []
    assert exceptions.unused([], "prod") == [*exceptions.agreed]


def test_the_file_lies_beside_infra_or_in_the_stack_of_its_own(tmp_path: Path) -> None:
    assert find(tmp_path / "flights" / "infra") == tmp_path / "flights" / "policy-exceptions.toml"
    assert find(tmp_path / "foundation") == tmp_path / "foundation" / "policy-exceptions.toml"
