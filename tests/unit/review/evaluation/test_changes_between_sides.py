"""What the plan from the base to the head says, without anything on disk or in a cloud."""

from __future__ import annotations

from evaluation_lab import SETTINGS, Lab, operations, resource, step

from mlstead_toolkit.engine.plan import Operation

KEY_AND_USER = """
key = Key("data-key", customerMasterKeySpec="{spec}", keyUsage="{usage}", enableKeyRotation={rotation})
Parameter("key-arn", "it", description=key.arn)
Parameter("other", "same")
"""
SYMMETRIC = KEY_AND_USER.format(spec="SYMMETRIC_DEFAULT", usage="ENCRYPT_DECRYPT", rotation=True)
HMAC = KEY_AND_USER.format(spec="HMAC_256", usage="GENERATE_VERIFY_MAC", rotation=False)


def test_an_unchanged_copy_changes_nothing(lab: Lab) -> None:
    found = lab.change(SYMMETRIC, SYMMETRIC)
    assert not found.problems and not found.notes
    assert {one.operation for one in found.steps} == {Operation.SAME}
    assert len(found.steps) == 4


def test_what_an_alias_ties_together_is_no_change(lab: Lab) -> None:
    found = lab.change('b = Bucket("raw")\nParameter("place", b.arn)',
                       'b = Bucket("landing", O(aliases=[pulumi.Alias(name="raw")]))\nParameter("place", b.arn)')
    assert set(operations(found).values()) == {Operation.SAME}
    (new, old), = found.renamed.items()
    assert new.endswith("::landing") and old.endswith("::raw")
    assert resource(found.after, "landing")["bucket"] == resource(found.before, "raw")["bucket"]


def test_a_renamed_component_takes_its_children_along(lab: Lab) -> None:
    program = """
    group = Group("{name}", O({alias}))
    Bucket("{name}-raw", O(parent=group))
    """
    found = lab.change(program.format(name="lake", alias=""),
                       program.format(name="pond", alias='aliases=[pulumi.Alias(name="lake")]'))
    assert set(operations(found).values()) == {Operation.SAME}
    assert len(found.renamed) == 2


def test_a_rename_without_an_alias_deletes_and_creates(lab: Lab) -> None:
    found = lab.change('Bucket("raw")', 'Bucket("landing")')
    assert operations(found) == {"landing": Operation.CREATE, "raw": Operation.DELETE}
    assert [one.operation for one in found.steps][-1] is Operation.DELETE


def test_what_only_a_new_resource_can_take_replaces_and_shows_in_what_names_it(lab: Lab) -> None:
    found = lab.change(SYMMETRIC, HMAC)
    assert operations(found) == {"data-key": Operation.REPLACE, "key-arn": Operation.UPDATE, "other": Operation.SAME}
    assert resource(found.before, "data-key")["arn"] == "arn:aws:kms:eu-west-1:⟨account⟩:key/⟨data-key⟩"
    assert resource(found.after, "data-key")["arn"] == "arn:aws:kms:eu-west-1:⟨account⟩:key/⟨data-key, new⟩"
    (change,) = [one for one in step(found, "key-arn").changes if one.path == "description"]
    assert (change.before, change.after) == ("arn:aws:kms:eu-west-1:⟨account⟩:key/⟨data-key⟩",
                                             "arn:aws:kms:eu-west-1:⟨account⟩:key/⟨data-key, new⟩")


def test_a_replacement_under_a_name_of_its_own_deletes_first(lab: Lab) -> None:
    found = lab.change('Bucket("raw", bucket="demo-raw", objectLockEnabled=False)',
                       'Bucket("raw", bucket="demo-raw", objectLockEnabled=True)')
    assert step(found, "raw").operation is Operation.REPLACE
    assert step(found, "raw").delete_before_replace


def test_a_changed_property_tells_before_and_after(lab: Lab) -> None:
    found = lab.change('Bucket("raw", tags={"owner": "us"})', 'Bucket("raw", tags={"owner": "them"})')
    (change,) = [one for one in step(found, "raw").changes if one.path == "tags.owner"]
    assert (change.before, change.after, change.replaces) == ("us", "them", False)


def test_automatic_names_stay_as_they_were(lab: Lab) -> None:
    found = lab.change('Bucket("raw")', 'Bucket("raw", tags={"owner": "them"})')
    assert resource(found.before, "raw")["bucket"] == resource(found.after, "raw")["bucket"]


def test_ignored_changes_are_none(lab: Lab) -> None:
    found = lab.change('Bucket("raw", O(ignore_changes=["tags"]), tags={"a": "1"})',
                       'Bucket("raw", O(ignore_changes=["tags"]), tags={"a": "2"})')
    assert set(operations(found).values()) == {Operation.SAME}


def test_deleting_what_is_protected_is_said_by_its_step_alone(lab: Lab) -> None:
    found = lab.change('Bucket("kept", O(protect=True))\nBucket("raw")', 'Bucket("raw")')
    assert not found.problems
    assert step(found, "kept").operation is Operation.DELETE and step(found, "kept").protect


def test_replacing_what_is_protected_is_predicted_to_its_end(lab: Lab) -> None:
    program = """
    bucket = Bucket("kept", O(protect=True), bucket="{name}")
    Parameter("follows", bucket.arn)
    """
    found = lab.change(program.format(name="one-name"), program.format(name="other-name"))
    assert not found.problems
    assert operations(found) == {"kept": Operation.REPLACE, "follows": Operation.UPDATE}
    assert step(found, "kept").protect
    assert resource(found.after, "follows")["value"] == "arn:aws:s3:::other-name"


def test_what_is_protected_and_would_have_to_go_first_is_a_problem(lab: Lab) -> None:
    program = """
    raw = Bucket("raw", O(delete_before_replace=True), bucket="{name}")
    Thing("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {{"bucket": raw.id}}, O(protect=True))
    """
    found = lab.change(program.format(name="one"), program.format(name="other"))
    (problem,) = found.problems
    assert problem.message.startswith("block: It is protected, and would have to be deleted before")
    assert "protect" in problem.fix and operations(found) == {"raw": Operation.REPLACE, "block": Operation.REPLACE}


def test_an_automatic_name_is_the_same_in_every_environment_and_each_resources_own(lab: Lab) -> None:
    program = 'Bucket("raw")\nBucket("raw", O(parent=Group("lake")))'
    lab.write("head", program, {"dev": SETTINGS, "prod": SETTINGS})
    dev, prod = (one.after for one in lab.compare("dev", "prod"))
    assert dev is not None and prod is not None
    names = [[one.inputs["bucket"] for one in graph.resources if one.type == "aws:s3/bucket:Bucket"]
             for graph in (dev, prod)]
    assert names[0] == names[1] and len(set(names[0])) == 2


def test_what_replaces_another_has_an_automatic_name_of_its_own(lab: Lab) -> None:
    found = lab.change('Bucket("raw", objectLockEnabled=False)', 'Bucket("raw", objectLockEnabled=True)')
    assert step(found, "raw").operation is Operation.REPLACE
    assert resource(found.before, "raw")["bucket"] != resource(found.after, "raw")["bucket"]


def test_a_getter_reads_without_a_cloud(lab: Lab) -> None:
    program = """
    class Role(pulumi.CustomResource):
        def __init__(self, name, opts=None):
            super().__init__("aws:iam/role:Role", name, {"arn": None, "name": None}, opts)
    role = Role("ops", O(id="operators"))
    Parameter("role-arn", role.arn)
    """
    found = lab.change(program, program)
    assert resource(found.after, "role-arn")["value"] == "arn:aws:iam::⟨account⟩:role/operators"
    assert operations(found) == {"ops": Operation.READ, "role-arn": Operation.SAME}


def test_an_import_is_an_import_once(lab: Lab) -> None:
    imported = 'Bucket("raw", O(import_="existing"), bucket="existing")'
    assert operations(lab.change("", imported)) == {"raw": Operation.IMPORT}
    assert operations(lab.change(imported, imported)) == {"raw": Operation.SAME}
