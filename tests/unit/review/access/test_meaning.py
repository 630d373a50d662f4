"""What a policy means is compared, not how it is written."""

from __future__ import annotations

from typing import Any

from access_lab import (
    BUCKET,
    CURATED,
    KEY,
    Stack,
    changes,
    compare,
    document,
    grant,
    resource,
    role,
    statement,
    told,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.review.access import access_of

TRAINING = role()
ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:Get*", "s3:*", "kms:Decrypt", "sagemaker:CreateModel")
RESOURCES = (f"{CURATED}/flights/*", f"{CURATED}/other/*", f"{CURATED}/*", KEY, "*")
CONDITIONS: tuple[Any, ...] = (
    {}, {"StringEquals": {"aws:SourceVpc": ["vpc-1"]}}, {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}},
    {"Bool": {"aws:SecureTransport": "true"}, "StringLike": {"aws:PrincipalTag/team": "a*"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": ["x", "y"]}}, {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
)

statements = st.lists(st.builds(
    lambda effect, actions, resources, condition: statement(actions, resources, Effect=effect, Condition=condition),
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=3, unique=True),
    st.sampled_from(CONDITIONS),
), min_size=1, max_size=4)
wordings = st.randoms(use_true_random=False)


def stack(*statements: Any) -> list[ResourceState]:
    return [TRAINING, grant(*statements, to=TRAINING)]


def other_wording(given_: list[Any], random: Any) -> list[Any]:
    """Split, repeat and shuffle statements, their actions, resources and values."""
    found = []
    for one in given_:
        actions, resources = list(one["Action"]), list(one["Resource"])
        if random.random() < 0.5:
            found += [one | {"Action": action, "Resource": [arn], "Sid": f"S{len(actions)}"}
                      for action in actions for arn in resources]
        else:
            random.shuffle(actions)
            condition = {operator: {key.swapcase() if key.startswith("aws:Source") else key:
                                    list(reversed(value)) if isinstance(value, list) else [value]
                                    for key, value in keys.items()} for operator, keys in one["Condition"].items()}
            found.append(one | {"Action": actions + actions[:1], "Resource": resources[::-1], "Condition": condition})
    random.shuffle(found)
    return found


@given(statements, wordings)
@settings(max_examples=60, deadline=None)
def test_another_wording_of_a_policy_changes_nothing(given_: list[Any], random: Any) -> None:
    assert told(stack(*given_), stack(*other_wording(given_, random))) == []


@given(statements, statements)
@settings(max_examples=60, deadline=None)
def test_what_one_way_is_gained_the_other_way_is_lost(one: list[Any], other: list[Any]) -> None:
    there, back = changes(stack(*one), stack(*other)), changes(stack(*other), stack(*one))

    def behind(found: Any, *, widens: bool) -> set[str]:
        return {line for each in found if each.widens is widens for line in each.details}

    assert behind(there, widens=True) == behind(back, widens=False)
    assert behind(there, widens=False) == behind(back, widens=True)


@given(statements, st.sampled_from(["sagemaker:InvokeEndpoint", "sns:Publish", "ssm:GetParameter"]))
@settings(max_examples=40, deadline=None)
def test_one_more_right_is_one_more_sentence(given_: list[Any], action: str) -> None:
    more = statement([action], ["arn:aws:demo:eu-west-1:123456789012:thing/new"])
    allowed = [one for one in given_ if one["Effect"] == "Allow"]
    (found,) = changes(stack(*allowed), stack(*allowed, more))
    assert found.widens
    assert found.details == (f"{action} on arn:aws:demo:eu-west-1:⟨account⟩:thing/new",)


@given(statements, statements)
@settings(max_examples=40, deadline=None)
def test_nothing_that_was_allowed_is_told_as_new_where_a_policy_only_shrinks(one: list[Any], other: list[Any]) -> None:
    allowed = [each for each in [*one, *other] if each["Effect"] == "Allow"]
    assert not [each for each in changes(stack(*allowed), stack(*allowed[1:])) if each.widens]


def test_statements_that_others_cover_may_go() -> None:
    wide, narrow = statement("s3:Get*", f"{CURATED}/*"), statement("s3:GetObject", f"{CURATED}/flights/*")
    assert told(stack(wide, narrow), stack(wide)) == []
    assert told(stack(wide), stack(wide, narrow)) == []


def test_a_bigger_instance_reaches_nothing_more_but_any_instance_does() -> None:
    def start(*types: str) -> list[ResourceState]:
        held = {"ForAllValues:StringEquals": {"sagemaker:InstanceTypes": list(types)}} if types else {}
        jobs = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/flights-*"
        return stack(statement("sagemaker:CreateTrainingJob", jobs, Condition=held))

    assert told(start("ml.m5.large"), start("ml.m5.large", "ml.m5.xlarge")) == []
    assert told(start("ml.m5.large"), start()) == [
        "training role may now start any training job of the project, no longer only on the instance types agreed"]


def test_the_order_of_resources_is_no_difference() -> None:
    one, other = grant(statement(), to=TRAINING, name="a"), grant(statement("kms:Decrypt", KEY), to=TRAINING, name="b")
    assert changes([TRAINING], [TRAINING, one, other]) == changes([TRAINING], [other, one, TRAINING])


def test_a_renamed_role_and_its_grants_are_the_same_where_an_alias_says_so() -> None:
    old, new = role("old", use="training"), role("new", use="training", physical="flights-new-fff0001")
    before = [old, grant(statement(), to=old, name="old-grant")]
    after = [new, grant(statement(), to=new, name="new-grant")]
    assert told(before, after, renamed={new.urn: old.urn, after[1].urn: before[1].urn}) == []


def test_a_role_under_another_name_in_the_program_is_the_same_where_its_arn_is() -> None:
    old, new = (role(name, use="training", physical="flights-training") for name in ("old", "new"))
    assert told([old, grant(statement(), to=old)], [new, grant(statement(), to=new)]) == []


def test_a_replaced_bucket_under_a_new_generated_name_is_the_same_place() -> None:
    def side(name: str) -> Stack:
        bucket = resource("aws:s3/bucket:Bucket", "flights-site", arn=f"arn:aws:s3:::{name}", id_=name, bucket=name)
        own = resource("aws:s3/bucketPolicy:BucketPolicy", "flights-site", {
            "bucket": name, "policy": document(statement("s3:GetObject", f"arn:aws:s3:::{name}/*", Principal="*"))})
        return [TRAINING, bucket, own, grant(statement("s3:GetObject", f"arn:aws:s3:::{name}/in/*"), to=TRAINING)]

    assert told(side("flights-site-0a1b2c3"), side("flights-site-⟨site⟩")) == []


def test_a_replaced_role_that_others_name_is_the_same_principal() -> None:
    def side(physical: str) -> Stack:
        own = role(physical=physical)
        bucket = resource("aws:s3/bucketPolicy:BucketPolicy", "lake", {"bucket": BUCKET, "policy": document(
            statement("s3:GetObject", f"{CURATED}/*", Principal={"AWS": own.outputs["arn"]}))})
        return [own, bucket]

    assert told(side("flights-training-0a1b2c3"), side("flights-training-9999999")) == []


def test_a_name_that_another_resource_has_now_is_not_taken_for_the_old_one() -> None:
    def bucket(title: str, name: str) -> ResourceState:
        return resource("aws:s3/bucket:Bucket", title, arn=f"arn:aws:s3:::{name}", id_=name, bucket=name)

    before = [TRAINING, bucket("flights-a", "first-bucket"), bucket("flights-b", "second-bucket"),
              grant(statement("s3:GetObject", "arn:aws:s3:::first-bucket/*"), to=TRAINING)]
    after = [TRAINING, bucket("flights-a", "third-bucket"), bucket("flights-b", "first-bucket"),
             grant(statement("s3:GetObject", "arn:aws:s3:::first-bucket/*"), to=TRAINING)]
    assert told(before, after) == []


def test_an_unchanged_stack_says_nothing_and_nothing_is_said_twice_alike() -> None:
    given_ = stack(statement(), statement("s3:*", "*"))
    assert access_of(compare(given_, given_)) == ()
    comparison = compare([TRAINING], given_)
    assert access_of(comparison) == access_of(comparison)
