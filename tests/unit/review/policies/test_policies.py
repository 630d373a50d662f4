"""Findings, exceptions and guards that one side alone has; only what a change brings makes a verdict."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from judged_stack import LATER_STILL, PAST, REASON, STACK, One, comparison, excepted

from mlstead_toolkit.engine.values import UNKNOWN, Secret
from mlstead_toolkit.review.comparison import HEAD, Comparison, Problem
from mlstead_toolkit.review.policies import policies_of, remarks_of_policies
from mlstead_toolkit.review.report import PolicyChange, PolicyKind
from mlstead_toolkit.review.verdict import Verdict

TAGS = {"mlstead:project": "shop", "mlstead:environment": "dev"}
KEY = One("aws:kms/key:Key", "key", {"enableKeyRotation": True, "description": "shop", "tags": TAGS})
QUEUE = "aws:sqs/queue:Queue"
GROUP = One("aws:cloudwatch/logGroup:LogGroup", "logs", {
    "name": "/shop", "retentionInDays": 365, "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/⟨key⟩", "tags": TAGS})
IN_CLEAR = replace(GROUP, inputs={name: value for name, value in GROUP.inputs.items() if name != "kmsKeyId"})
FOR_EVER = replace(GROUP, inputs={**GROUP.inputs, "retentionInDays": 0})
RULE = "logs-customer-key"
WEAK = "mlstead:index:Endpoint"


def kinds(made: Comparison) -> list[tuple[PolicyKind, str, str]]:
    return [(one.kind, one.rule, one.subject) for one in policies_of(made) if not one.existing]


def verdicts(made: Comparison) -> list[Verdict]:
    return [remark.verdict for remark in remarks_of_policies(policies_of(made))]


def test_what_does_not_change_is_nothing() -> None:
    assert policies_of(comparison([GROUP, KEY], [GROUP, KEY])) == ()
    assert policies_of(comparison([IN_CLEAR], [IN_CLEAR])) == ()


def test_a_mandatory_rule_that_is_newly_broken_cannot_be_deployed() -> None:
    made = comparison([GROUP], [IN_CLEAR], places={GROUP.urn: "infra/__main__.py:12"})
    [found] = policies_of(made)
    assert (found.kind, found.rule, found.level, found.subject) == (PolicyKind.NEW, RULE, "mandatory", "logs")
    assert found.place == "infra/__main__.py:12"
    assert found.message and found.fix
    [remark] = remarks_of_policies((found,))
    assert (remark.verdict, remark.subject, remark.place) == (
        Verdict.CANNOT_BE_DEPLOYED, "logs", "infra/__main__.py:12")


def test_advice_that_is_newly_not_followed_weakens_a_control() -> None:
    made = comparison([GROUP], [FOR_EVER])
    assert kinds(made) == [(PolicyKind.NEW, "logs-end", "logs")]
    assert verdicts(made) == [Verdict.WEAKENS_A_CONTROL]


def test_what_is_mended_is_fixed_and_makes_no_verdict() -> None:
    made = comparison([IN_CLEAR], [GROUP])
    assert kinds(made) == [(PolicyKind.FIXED, RULE, "logs")]
    assert verdicts(made) == []


def test_a_renamed_resource_keeps_its_findings() -> None:
    new = replace(IN_CLEAR, name="other")
    assert kinds(comparison([IN_CLEAR], [new])) != []
    assert kinds(comparison([IN_CLEAR], [new], renamed={new.urn: IN_CLEAR.urn})) == []


def test_a_name_in_a_message_is_no_difference() -> None:
    def queue(name: str) -> One:
        statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage",
                     "Resource": f"arn:aws:sqs:eu-west-1:123456789012:{name}"}
        return One(QUEUE, name, {"name": name, "kmsMasterKeyId": "⟨key⟩", "tags": TAGS,
                                 "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})

    old, new = queue("first"), queue("second")
    assert PolicyKind.NEW in {kind for kind, _, _ in kinds(comparison([], [new]))}
    assert policies_of(comparison([old], [new], renamed={new.urn: old.urn})) == ()


def test_a_new_exception_weakens_a_control_and_says_why_and_until_when() -> None:
    made = comparison([GROUP], [IN_CLEAR], ((), (excepted(RULE, "logs"),)))
    [found] = policies_of(made)
    assert (found.kind, found.reason, found.owner, found.expires, found.existing) == (
        PolicyKind.EXCEPTED, REASON, "ml@example.com", "2031-01-01", False)
    [remark] = remarks_of_policies((found,))
    assert remark.verdict is Verdict.WEAKENS_A_CONTROL
    assert REASON in remark.text and "2031-01-01" in remark.text


def test_a_finding_that_both_sides_except_is_told_and_makes_no_verdict() -> None:
    agreed = (excepted(RULE, "logs"),)
    [found] = policies_of(comparison([IN_CLEAR], [IN_CLEAR], (agreed, agreed)))
    assert (found.kind, found.existing) == (PolicyKind.EXCEPTED, True)
    assert remarks_of_policies((found,)) == ()


def test_an_exception_that_is_extended_counts_as_new() -> None:
    made = comparison([IN_CLEAR], [IN_CLEAR], ((excepted(RULE, "logs"),), (excepted(RULE, "logs", LATER_STILL),)))
    [found] = policies_of(made)
    assert not found.existing
    assert "excepted until 2031-01-01 so far" in found.message
    assert verdicts(made) == [Verdict.WEAKENS_A_CONTROL]


def test_an_exception_that_is_taken_out_too_early_cannot_be_deployed() -> None:
    made = comparison([IN_CLEAR], [IN_CLEAR], ((excepted(RULE, "logs"),), ()))
    assert kinds(made) == [(PolicyKind.NEW, RULE, "logs")]
    assert verdicts(made) == [Verdict.CANNOT_BE_DEPLOYED]


def test_an_expired_exception_cannot_be_deployed_where_the_change_brings_it() -> None:
    expired = (excepted("ecr-lifecycle-policy", "images", PAST),)
    brought, there = comparison([GROUP], [GROUP], ((), expired)), comparison([GROUP], [GROUP], (expired, expired))
    assert kinds(brought) == [(PolicyKind.EXPIRED, "ecr-lifecycle-policy", "images")]
    assert verdicts(brought) == [Verdict.CANNOT_BE_DEPLOYED]
    [told] = policies_of(there)
    assert (told.kind, told.existing, told.level) == (PolicyKind.EXPIRED, True, "advisory")
    assert verdicts(there) == []


def test_an_exception_that_excuses_nothing_is_told_and_makes_no_verdict() -> None:
    unused = (excepted(RULE, "urn:pulumi:dev::shop::aws:cloudwatch/logGroup:LogGroup::logs"),)
    made = comparison([GROUP], [GROUP], ((), unused))
    assert kinds(made) == [(PolicyKind.UNUSED, RULE, "logs")]
    assert verdicts(made) == []


def test_what_cannot_be_decided_is_told_once_it_is_new() -> None:
    open_ = replace(GROUP, inputs={**GROUP.inputs, "retentionInDays": UNKNOWN})
    made = comparison([GROUP], [open_])
    assert {kind for kind, _, _ in kinds(made)} == {PolicyKind.NOT_DECIDED}
    assert verdicts(made) == []
    assert policies_of(comparison([open_], [open_])) == ()


def test_a_broken_rule_that_is_now_undecided_is_not_fixed() -> None:
    open_ = replace(GROUP, inputs={**GROUP.inputs, "kmsKeyId": UNKNOWN})
    assert PolicyKind.FIXED not in {kind for kind, _, _ in kinds(comparison([IN_CLEAR], [open_]))}


def test_a_new_environment_brings_all_that_it_breaks() -> None:
    assert kinds(comparison(None, [IN_CLEAR])) == [(PolicyKind.NEW, RULE, "logs")]


def test_a_head_that_could_not_be_evaluated_has_no_findings() -> None:
    assert policies_of(comparison([IN_CLEAR], None, problems=(Problem("dev", HEAD, "it raised"),))) == ()


def guarded(**weakenings: str) -> list[One]:
    return [One(WEAK, "answers", {"weakenings": weakenings} if weakenings else {})]


SANDBOX = "a sandbox that is thrown away every night"


def test_a_guard_that_is_switched_off_weakens_a_control_with_its_reason_and_its_cost() -> None:
    made = comparison(guarded(), guarded(capture=SANDBOX))
    [found] = policies_of(made)
    assert (found.kind, found.rule, found.level, found.subject, found.reason) == (
        PolicyKind.WEAKENED, "capture", "", "answers", SANDBOX)
    assert found.message.startswith("capture of Endpoint is off: drift and bad answers")
    [remark] = remarks_of_policies((found,))
    assert remark.verdict is Verdict.WEAKENS_A_CONTROL
    assert remark.text.endswith(f"the reason given: {SANDBOX}")


def test_a_guard_that_is_switched_on_again_is_restored() -> None:
    made = comparison(guarded(capture=SANDBOX), guarded())
    assert kinds(made) == [(PolicyKind.RESTORED, "capture", "answers")]
    assert verdicts(made) == []


def test_another_reason_is_told_and_makes_no_verdict() -> None:
    made = comparison(guarded(capture=SANDBOX), guarded(capture="nobody asks it anything any more"))
    [found] = policies_of(made)
    assert (found.kind, found.existing) == (PolicyKind.WEAKENED, True)
    assert found.message.endswith(f"the reason was: {SANDBOX}")
    assert verdicts(made) == []


def test_a_guard_of_a_component_that_is_gone_is_not_restored() -> None:
    assert policies_of(comparison(guarded(capture=SANDBOX), [])) == ()


def test_what_a_child_takes_over_is_told_of_the_component_above_it() -> None:
    above = One("mlstead:index:DataLake", "lake", {"weakenings": {"protect": SANDBOX}})
    below = One("mlstead:index:Bucket", "lake-raw", {"weakenings": {"protect": SANDBOX}}, parent=above.urn)
    bare = [replace(one, inputs={}) for one in (above, below)]
    assert kinds(comparison(bare, [above, below])) == [(PolicyKind.WEAKENED, "protect", "lake")]


def test_a_renamed_component_keeps_its_guards() -> None:
    [old], new = guarded(capture=SANDBOX), One(WEAK, "speaks", {"weakenings": {"capture": SANDBOX}})
    assert policies_of(comparison([old], [new], renamed={new.urn: old.urn})) == ()


def test_a_secret_never_shows() -> None:
    [old], [new] = guarded(), [One(WEAK, "answers", {"weakenings": {"capture": Secret("hunter2 is the password")}})]
    assert "hunter2" not in repr(policies_of(comparison([old], [new])))


def test_what_is_told_is_in_order_and_the_same_every_time() -> None:
    still = replace(KEY, inputs={**KEY.inputs, "enableKeyRotation": False})
    before, after = [GROUP, KEY, *guarded()], [FOR_EVER, still, *guarded(capture=SANDBOX)]
    once = policies_of(comparison(before, after))
    assert once == policies_of(comparison(before, after))
    assert [one.kind for one in once] == [PolicyKind.NEW, PolicyKind.NEW, PolicyKind.WEAKENED]
    assert [one.level for one in once] == ["mandatory", "advisory", ""]


@pytest.mark.parametrize("kind", list(PolicyKind))
def test_what_the_base_has_too_makes_no_verdict(kind: PolicyKind) -> None:
    assert remarks_of_policies((PolicyChange(kind, RULE, "mandatory", "logs", "it is so", existing=True),)) == ()


def test_the_stack_itself_is_no_resource_that_is_weakened() -> None:
    stack = One("pulumi:pulumi:Stack", "shop-dev", parent="", protect=False)
    assert policies_of(comparison([replace(stack, protect=True)], [stack])) == ()
    assert stack.urn == STACK
