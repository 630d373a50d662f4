"""What a change replaces, interrupts or may lose."""

import json
from typing import Any

import pytest
from changed_stack import BUCKET, ROLE, Resource, compared

from mlstead_toolkit.review.changes import changes_of, remarks_of_changes
from mlstead_toolkit.review.report import Remark
from mlstead_toolkit.review.verdict import Verdict

KEY = "aws:kms/key:Key"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
MODEL = "aws:sagemaker/model:Model"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
IMAGES = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def remarks(*resources: Resource) -> tuple[Remark, ...]:
    comparison = compared(*resources)
    return remarks_of_changes(comparison, changes_of(comparison))


def texts(*resources: Resource) -> list[tuple[Verdict, str]]:
    return [(one.verdict, one.text) for one in remarks(*resources)]


def replaced(type_: str, path: str = "name", **more: Any) -> Resource:
    return Resource("one", type_, before={path: "a"}, after={path: "b"}, replaces=(path,), **more)


def deleted(type_: str, before: dict[str, Any] | None = None, **more: Any) -> Resource:
    return Resource("one", type_, before=before or {}, after=None, **more)


def updated(type_: str, before: dict[str, Any], after: dict[str, Any], **more: Any) -> Resource:
    return Resource("one", type_, before=before, after=after, **more)


def test_a_tag_that_changes_is_nothing_to_mind() -> None:
    assert remarks(updated(BUCKET, {"tags": {"owner": "ann"}}, {"tags": {"owner": "bob"}})) == ()


def test_a_new_resource_is_nothing_to_mind() -> None:
    assert remarks(Resource("one", before=None)) == ()


def test_a_remark_names_the_resource_its_type_the_property_and_the_line() -> None:
    (found,) = remarks(replaced("aws:glue/crawler:Crawler"))
    assert (found.verdict, found.subject, found.type, found.place) == (
        Verdict.REPLACES, "one", "aws:glue/crawler:Crawler", "infra/__main__.py:10")
    assert "name changes (a → b)" in found.text


@pytest.mark.parametrize(("type_", "lost"), [
    (BUCKET, "every object in it"), (KEY, "everything that only it can decrypt"),
    ("aws:ecr/repository:Repository", "every image in it"), (LOGS, "every line in it"),
    ("aws:sagemaker/modelPackageGroup:ModelPackageGroup", "every registered version of the model"),
    ("aws:dynamodb/table:Table", "every item in it"), ("aws:efs/fileSystem:FileSystem", "every file in it"),
    ("aws:rds/instance:Instance", "everything in it"), ("aws:sqs/queue:Queue", "messages that nobody has read yet"),
])
def test_what_holds_data_may_lose_it_when_it_is_replaced_or_deleted(type_: str, lost: str) -> None:
    for resource in (replaced(type_), deleted(type_)):
        worst = remarks(resource)[0]
        assert worst.verdict is Verdict.MAY_LOSE_DATA and lost in worst.text


def test_what_stays_is_said_beside_what_is_lost() -> None:
    (found,) = remarks(deleted("aws:glue/catalogTable:CatalogTable"))
    assert "partitions" in found.text and "the files in S3 stay" in found.text


def test_a_deleted_key_can_be_taken_back_for_the_days_of_its_window() -> None:
    assert "after 30 days" in remarks(deleted(KEY))[0].text
    assert "after 7 days" in remarks(deleted(KEY, {"deletionWindowInDays": 7}))[0].text


def test_aws_refuses_to_delete_a_bucket_with_objects_unless_force_destroy_is_on() -> None:
    assert "AWS refuses" in remarks(deleted(BUCKET))[0].text
    assert "AWS refuses" not in remarks(deleted(BUCKET, {"forceDestroy": True}))[0].text


@pytest.mark.parametrize(("inputs", "lost"), [
    ({}, False), ({"retentionPolicy": {"homeEfsFileSystem": "Delete"}}, True)])
def test_home_directories_go_with_a_studio_domain_only_where_it_says_so(inputs: dict[str, Any], lost: bool) -> None:
    found = {one.verdict for one in remarks(deleted("aws:sagemaker/domain:Domain", inputs))}
    assert (Verdict.MAY_LOSE_DATA in found) is lost and Verdict.DOWNTIME in found


def test_what_is_retained_on_deletion_is_not_lost() -> None:
    assert remarks(deleted(BUCKET, retained=(True, False))) == ()
    assert [one.verdict for one in remarks(replaced(BUCKET, retained=(True, True)))] == [Verdict.REPLACES]


@pytest.mark.parametrize(("path", "found"), [("policy", [Verdict.WIDENS_ACCESS]), ("tags", [])])
def test_what_was_ignored_and_is_not_any_more_may_be_anything(path: str, found: list[Verdict]) -> None:
    same = {"bucket": "site", path: "{}"}
    policy = "aws:s3/bucketPolicy:BucketPolicy"
    assert [one.verdict for one in remarks(updated(policy, same, same, ignored=([path], [])))] == found
    assert remarks(updated(policy, same, same, ignored=([path], [path]))) == ()


def test_a_provider_that_signs_in_otherwise_is_told_whatever_else_changes() -> None:
    def provider(before: str | None, after: str) -> Resource:
        return Resource("else", "pulumi:providers:aws", before=None if before is None else {"assumeRoles": before},
                        after={"assumeRoles": after})

    other = updated(BUCKET, {"bucketPrefix": "a"}, {"bucketPrefix": "b"})
    for one in (provider("role/a", "role/b"), provider(None, "role/b")):
        assert [each.verdict for each in remarks(one, other)] == [Verdict.WIDENS_ACCESS]
        assert "else" in {each.name for each in changes_of(compared(one, other))}
    assert remarks(provider("role/a", "role/a"), other) == ()


def test_what_is_protected_cannot_be_deleted_nor_replaced() -> None:
    for resource in (deleted(KEY, protected=(True, False)), replaced(KEY, protected=(True, True))):
        found = remarks(resource)
        assert found[0].verdict is Verdict.CANNOT_BE_DEPLOYED and "protected" in found[0].text
        assert found[1].verdict is Verdict.MAY_LOSE_DATA


def test_what_must_go_before_what_it_depends_on_is_refused_by_the_protection_it_had() -> None:
    step = replaced(KEY, "dependencies", delete_before_replace=True, protected=(True, False))
    assert remarks(step)[0].verdict is Verdict.CANNOT_BE_DEPLOYED


def test_what_loses_its_protection_and_is_replaced_in_one_change_can_be_deployed() -> None:
    found = remarks(replaced(KEY, protected=(True, False)))
    assert {one.verdict for one in found} == {Verdict.MAY_LOSE_DATA}
    assert any("protected no more" in one.text for one in found)


def test_protection_taken_off_may_lose_data_though_nothing_else_changes() -> None:
    (found,) = remarks(Resource("one", protected=(True, False)))
    assert found.verdict is Verdict.MAY_LOSE_DATA and "protected no more" in found.text


def test_protection_put_on_is_nothing_to_mind() -> None:
    assert remarks(Resource("one", protected=(False, True))) == ()


def test_an_endpoint_that_is_replaced_is_down_meanwhile() -> None:
    (found,) = remarks(Resource(
        "one", ENDPOINT, {"name": "shop", "kind": "a"}, {"name": "shop", "kind": "b"}, replaces=("kind",),
        delete_before_replace=True))
    assert found.verdict is Verdict.DOWNTIME
    assert "nothing answers" in found.text and "its name is free only then" in found.text


def test_an_endpoint_that_moves_to_a_new_configuration_is_replaced_behind_without_downtime() -> None:
    variants = ({"modelName": "shop-1", "instanceType": "ml.m5.large", "initialInstanceCount": 1},)
    found = remarks(
        Resource("model", MODEL, {"primaryContainer": {"modelPackageName": "v1"}},
                 {"primaryContainer": {"modelPackageName": "v2"}}, replaces=("primaryContainer.modelPackageName",)),
        Resource("configuration", CONFIGURATION, {"productionVariants": [*variants]},
                 {"productionVariants": [variants[0] | {"modelName": "shop-2"}]}, replaces=("productionVariants",)),
        Resource("endpoint", ENDPOINT, {"endpointConfigName": "shop-1"}, {"endpointConfigName": "shop-2"}))
    assert {one.verdict for one in found} == {Verdict.REPLACES}
    assert [one.subject for one in found] == ["configuration", "model"]
    assert all("blue/green" in one.text and "no downtime" in one.text for one in found)
    assert "productionVariants[0].modelName changes (shop-1 → shop-2)" in found[0].text


def renamed(name: str, type_: str, key: str, **more: Any) -> Resource:
    """Write a resource that is replaced since it gets another name; others call it by its ARN, too."""
    old, new = ({key: value, **more.pop(side, {})} for side, value in (("old", f"{name}-old"), ("new", f"{name}-new")))
    return Resource(name, type_, old, new, replaces=(key,), outputs=tuple(
        {"arn": f"arn:aws:any:::{one[key]}", key: one[key]} for one in (old, new)), **more)


def part_of(owner: Resource, type_: str, key: str = "bucket", name: str = "part", **more: Any) -> Resource:
    """Write a resource that is replaced since what it names is."""
    return Resource(name, type_, {key: f"{owner.name}-old"}, {key: f"{owner.name}-new"}, replaces=(key,),
                    needs={key: [owner.urn]}, **more)


def test_what_is_replaced_since_what_it_names_is_has_no_remark_of_its_own() -> None:
    bucket = renamed("lake", BUCKET, "bucket")
    (found,) = remarks(bucket, part_of(bucket, VERSIONING), part_of(bucket, NOTIFICATION), part_of(bucket, BLOCK))
    assert (found.subject, found.verdict) == ("lake", Verdict.MAY_LOSE_DATA)
    assert found.text.endswith("bucket changes (lake-old → lake-new); and with it 3 resources that name it")


def test_one_that_follows_is_called_by_its_name() -> None:
    bucket = renamed("lake", BUCKET, "bucket")
    (found,) = remarks(bucket, part_of(bucket, VERSIONING))
    assert found.text.endswith("and with it BucketVersioning part, which names it")


def test_what_follows_and_loses_more_than_its_cause_keeps_its_remark() -> None:
    rule = renamed("nightly", "aws:glue/crawler:Crawler", "name")
    found = remarks(rule, part_of(rule, "aws:rds/instance:Instance", "name"))
    assert [(one.subject, one.verdict) for one in found] == [
        ("part", Verdict.MAY_LOSE_DATA), ("nightly", Verdict.REPLACES)]


def test_what_follows_and_is_protected_is_refused_by_itself() -> None:
    bucket = renamed("lake", BUCKET, "bucket")
    found = remarks(bucket, part_of(bucket, VERSIONING, protected=(True, True)))
    assert [(one.subject, one.verdict) for one in found] == [
        ("part", Verdict.CANNOT_BE_DEPLOYED), ("lake", Verdict.MAY_LOSE_DATA)]


def test_what_has_a_reason_of_its_own_besides_keeps_its_remark() -> None:
    bucket = renamed("lake", BUCKET, "bucket")
    both = Resource("part", VERSIONING, {"bucket": "lake-old", "kind": "a"}, {"bucket": "lake-new", "kind": "b"},
                    replaces=("bucket", "kind"), needs={"bucket": [bucket.urn]})
    other = Resource("other", VERSIONING, {"bucket": "lake-old"}, {"bucket": "elsewhere"}, replaces=("bucket",),
                     needs={"bucket": [bucket.urn]})
    assert {one.subject for one in remarks(bucket, both, other)} == {"lake", "part", "other"}


def test_a_name_that_is_written_out_is_followed_as_well_but_never_back() -> None:
    bucket = renamed("lake", BUCKET, "bucket")
    written = Resource("part", VERSIONING, {"bucket": "lake-old"}, {"bucket": "lake-new"}, replaces=("bucket",))
    assert [one.subject for one in remarks(written, bucket)] == ["lake"]


def test_two_that_get_the_same_name_follow_from_neither() -> None:
    found = remarks(renamed("shop", ROLE, "name"), Resource(
        "logs", LOGS, {"name": "shop-old"}, {"name": "shop-new"}, replaces=("name",),
        outputs=({"arn": "arn:aws:logs:::shop-old", "name": "shop-old"}, {"arn": "a", "name": "shop-new"})))
    assert {one.subject for one in found} == {"shop", "logs"}


def test_what_follows_at_second_hand_is_told_by_the_first_cause() -> None:
    model = renamed("model", MODEL, "name")
    configuration = Resource(
        "configuration", CONFIGURATION,
        {"name": "configuration-old", "productionVariants": [{"modelName": "model-old"}]},
        {"name": "configuration-new", "productionVariants": [{"modelName": "model-new"}]}, automatic=("name",),
        replaces=("productionVariants",), needs={"productionVariants": [model.urn]})
    beyond = part_of(configuration, "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition", "endpointConfig")
    (found,) = remarks(model, configuration, beyond)
    assert found.subject == "model" and "blue/green" in found.text
    assert found.text.endswith("and with it 2 resources that name it")


def test_a_document_that_forces_a_replacement_is_named_and_not_shown() -> None:
    def policy(**rule: Any) -> dict[str, Any]:
        return {"policy": json.dumps({"rules": [{"rulePriority": 1, "selection": {}, **rule}]})}

    (one,) = remarks(Resource("one", IMAGES, policy(description="a"), policy(description="b"), replaces=("policy",)))
    assert one.text == "a new one is made, then the old one is deleted: policy changes (rules[0].description: a → b)"
    (two,) = remarks(Resource("one", IMAGES, policy(description="a", more=1), policy(description="b", more=2),
                              replaces=("policy",)))
    assert two.text == "a new one is made, then the old one is deleted: policy changes"


def test_a_role_that_is_made_beside_the_old_one_interrupts_nobody() -> None:
    assert [one.verdict for one in remarks(replaced(ROLE))] == [Verdict.REPLACES]


def test_a_role_with_a_fixed_name_leaves_those_who_run_as_it_without_credentials() -> None:
    (found,) = remarks(replaced(ROLE, "path", delete_before_replace=True))
    assert found.verdict is Verdict.DOWNTIME and "no credentials" in found.text


@pytest.mark.parametrize("type_", [
    "aws:ec2/subnet:Subnet", "aws:ec2/natGateway:NatGateway", "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:athena/workgroup:Workgroup", "aws:lambda/function:Function", "aws:sagemaker/pipeline:Pipeline"])
def test_what_is_in_use_and_goes_is_down(type_: str) -> None:
    for resource in (replaced(type_), deleted(type_)):
        assert remarks(resource)[0].verdict is Verdict.DOWNTIME


def test_what_nobody_uses_may_go() -> None:
    assert remarks(deleted(ALARM)) == () and remarks(deleted(ROLE)) == ()


@pytest.mark.parametrize(("type_", "path", "before", "after", "words"), [
    (LOGS, "retentionInDays", 365, 30, "log lines are kept 30 days instead of 365 days (retentionInDays)"),
    (LOGS, "retentionInDays", 0, 1, "log lines are kept 1 day instead of for ever (retentionInDays)"),
    (KEY, "deletionWindowInDays", None, 7,
     "a deleted key, to be taken back, is kept 7 days instead of 30 days (deletionWindowInDays)"),
    ("aws:sqs/queue:Queue", "messageRetentionSeconds", 1_209_600, None,
     "unread messages are kept 4 days instead of 14 days (messageRetentionSeconds)"),
    ("aws:sagemaker/featureGroup:FeatureGroup", "onlineStoreConfig", {"ttlDuration": {"unit": "Weeks", "value": 4}},
     {"ttlDuration": {"unit": "Hours", "value": 36}},
     "records in the online store are kept 36 hours instead of 28 days (onlineStoreConfig.ttlDuration)"),
    ("aws:backup/plan:Plan", "rules", [{"ruleName": "daily"}],
     [{"ruleName": "daily", "lifecycle": {"deleteAfter": 35}}],
     "recovery points are kept 35 days instead of for ever (rules[daily].lifecycle.deleteAfter)"),
    ("aws:rds/instance:Instance", "backupRetentionPeriod", 7, 0,
     "automated backups are kept not at all instead of 7 days (backupRetentionPeriod)"),
])
def test_a_shorter_term_loses_what_is_older(type_: str, path: str, before: Any, after: Any, words: str) -> None:
    told, back = ({} if value is None else {path: value} for value in (before, after))
    assert texts(updated(type_, told, back)) == [(Verdict.MAY_LOSE_DATA, words)]
    assert remarks(updated(type_, back, told)) == ()


def test_a_rule_that_is_new_to_a_backup_plan_loses_nothing() -> None:
    daily = {"ruleName": "daily", "lifecycle": {"deleteAfter": 35}}
    weekly = {"ruleName": "weekly", "lifecycle": {"deleteAfter": 7}}
    assert remarks(updated("aws:backup/plan:Plan", {"rules": [daily]}, {"rules": [weekly, daily]})) == ()


def test_locks_that_last_as_long_in_another_unit_lose_nothing() -> None:
    def lock(**retention: Any) -> dict[str, Any]:
        return {"rule": {"defaultRetention": {"mode": "COMPLIANCE", **retention}}}

    type_ = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    assert remarks(updated(type_, lock(days=365), lock(years=1))) == ()
    assert texts(updated(type_, lock(days=365), lock(days=30))) == [
        (Verdict.MAY_LOSE_DATA, "locked objects are kept 30 days instead of 365 days (rule.defaultRetention.days)")]


def rules(*terms: dict[str, Any]) -> dict[str, Any]:
    return {"rules": [{"id": f"rule-{number}", "status": "Enabled", **term} for number, term in enumerate(terms)]}


def test_objects_that_expire_sooner_are_lost_sooner() -> None:
    old = rules({"filter": {"prefix": "raw/"}, "expiration": {"days": 90},
                 "noncurrentVersionExpiration": {"noncurrentDays": 30}})
    new = rules({"filter": {"prefix": "raw/"}, "expiration": {"days": 30},
                 "noncurrentVersionExpiration": {"noncurrentDays": 30}})
    assert texts(updated(LIFECYCLE, old, new)) == [
        (Verdict.MAY_LOSE_DATA, "objects under raw/ are kept 30 days instead of 90 days (rules)")]
    assert remarks(updated(LIFECYCLE, new, old)) == ()


def test_a_rule_with_another_id_that_says_the_same_loses_nothing() -> None:
    term = {"filter": {"prefix": "raw/"}, "expiration": {"days": 90}}
    other = rules({"filter": {"prefix": "tmp/"}, "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}, term)
    assert remarks(updated(LIFECYCLE, rules(term), other)) == ()


def test_a_rule_that_a_wider_one_covers_already_loses_nothing() -> None:
    wide = {"expiration": {"days": 30}}
    assert remarks(updated(LIFECYCLE, rules(wide), rules(wide, {"prefix": "raw/", "expiration": {"days": 90}}))) == ()


def test_rules_that_are_new_to_a_bucket_that_was_there_let_its_objects_expire() -> None:
    bucket = Resource("lake")
    fresh = Resource("one", LIFECYCLE, before=None, after=rules({"expiration": {"days": 30}}),
                     needs={"bucket": [bucket.urn]})
    assert texts(bucket, fresh) == [(Verdict.MAY_LOSE_DATA, "objects are kept 30 days instead of for ever (rules)")]
    new_bucket = Resource("lake", before=None)
    assert remarks(new_bucket, fresh) == ()


def test_fewer_images_that_are_kept_are_lost() -> None:
    def policy(number: int) -> dict[str, Any]:
        return {"policy": json.dumps({"rules": [{"rulePriority": 1, "selection": {
            "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": number}}]})}

    assert texts(updated(IMAGES, policy(100), policy(10))) == [
        (Verdict.MAY_LOSE_DATA, "images are kept 10 images instead of 100 images (policy)")]


@pytest.mark.parametrize(("type_", "before", "after"), [
    (VERSIONING, {"versioningConfiguration": {"status": "Enabled"}},
     {"versioningConfiguration": {"status": "Suspended"}}),
    ("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
     {"rule": {"defaultRetention": {"mode": "COMPLIANCE"}}}, {"rule": {"defaultRetention": {"mode": "GOVERNANCE"}}}),
    (BUCKET, {}, {"forceDestroy": True}),
    ("aws:ecr/repository:Repository", {"forceDelete": False}, {"forceDelete": True}),
    ("aws:rds/instance:Instance", {"deletionProtection": True}, {}),
    ("aws:dynamodb/table:Table", {"pointInTimeRecovery": {"enabled": True}},
     {"pointInTimeRecovery": {"enabled": False}}),
    ("aws:dynamodb/table:Table", {"ttl": {"enabled": False}}, {"ttl": {"enabled": True, "attributeName": "until"}}),
])
def test_a_guard_against_loss_that_is_switched_off_may_lose_data(type_: str, before: dict[str, Any],
                                                                 after: dict[str, Any]) -> None:
    assert [one.verdict for one in remarks(updated(type_, before, after))] == [Verdict.MAY_LOSE_DATA]
    assert remarks(updated(type_, after, before)) == ()


def test_versioning_that_is_deleted_may_lose_data_unless_its_bucket_goes_too() -> None:
    bucket = Resource("lake")
    versioning = deleted(VERSIONING, needs={"bucket": [bucket.urn]})
    assert [one.subject for one in remarks(bucket, versioning)] == ["one"]
    assert [one.subject for one in remarks(Resource("lake", after=None), versioning)] == ["lake"]


def test_a_variant_without_instances_does_not_answer() -> None:
    def variants(count: int) -> dict[str, Any]:
        return {"productionVariants": [{"variantName": "primary", "initialInstanceCount": count}]}

    found = remarks(Resource("one", CONFIGURATION, variants(2), variants(0), replaces=("productionVariants",)))
    assert found[0].verdict is Verdict.DOWNTIME
    assert "productionVariants[primary].initialInstanceCount is 0" in found[0].text


def test_a_rule_that_is_disabled_starts_nothing() -> None:
    (found,) = remarks(updated("aws:cloudwatch/eventRule:EventRule", {"state": "ENABLED"}, {"state": "DISABLED"}))
    assert found.verdict is Verdict.DOWNTIME


def test_a_database_that_moves_to_another_machine_is_restarted() -> None:
    (found,) = remarks(updated("aws:rds/instance:Instance", {"instanceClass": "db.t3"}, {"instanceClass": "db.m5"}))
    assert found.verdict is Verdict.DOWNTIME and "instanceClass changes (db.t3 → db.m5)" in found.text


def test_a_fixed_name_that_goes_and_comes_again_without_an_alias_is_refused() -> None:
    found = remarks(Resource("old", ROLE, before={"name": "shop-training"}, after=None),
                    Resource("new", ROLE, before=None, after={"name": "shop-training"}))
    assert [(one.verdict, one.subject) for one in found] == [(Verdict.CANNOT_BE_DEPLOYED, "new")]
    assert "old" in found[0].text and "alias" in found[0].text


def test_another_name_beside_one_that_goes_is_fine() -> None:
    assert remarks(Resource("old", ROLE, before={"name": "shop-a"}, after=None),
                   Resource("new", ROLE, before=None, after={"name": "shop-b"})) == ()


def test_the_worst_comes_first_however_the_steps_are_ordered() -> None:
    parts = [replaced("aws:glue/crawler:Crawler"), Resource("two", BUCKET, after=None),
             Resource("three", ENDPOINT, after=None)]
    assert remarks(*parts) and [one.verdict for one in remarks(*parts)] == [
        Verdict.MAY_LOSE_DATA, Verdict.DOWNTIME, Verdict.REPLACES]
