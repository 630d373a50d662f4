"""Symbols: what stands for values that only a cloud chooses."""

from __future__ import annotations

from evaluation_lab import LINES, SETTINGS, Lab, operations, resource, step

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.policies.finding import Verdict

POLICY = """
key = Key("data-key")
role = Thing("aws:iam/role:Role", "reader", {{"assumeRolePolicy": json.dumps({{"Version": "2012-10-17", "Statement": [
    {{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{"Service": "sagemaker.amazonaws.com"}}}}]}})}})
Thing("aws:iam/rolePolicy:RolePolicy", "decrypt", {{"role": role.id, "policy": key.arn.apply(lambda arn: json.dumps({{
    "Version": "2012-10-17", "Statement": [{{"Effect": "{effect}", "Action": "kms:Decrypt", "Resource": arn}}]}}))}})
"""


def test_documents_are_complete_before_anything_exists(lab: Lab) -> None:
    found = lab.change(POLICY.format(effect="Allow"), POLICY.format(effect="Allow"))
    assert not found.problems
    assert '"Resource": "arn:aws:kms:eu-west-1:⟨account⟩:key/⟨data-key⟩"' in resource(found.after, "decrypt")["policy"]
    assert operations(found)["decrypt"] is Operation.SAME


def test_a_document_with_symbols_is_still_checked(lab: Lab) -> None:
    found = lab.change(POLICY.format(effect="Allow"), POLICY.format(effect="Permit"))
    (problem,) = found.problems
    assert problem.message.startswith("decrypt: policy: has Effect 'Permit'")
    assert problem.where == f"infra/__main__.py:{LINES + 4}"


def test_the_account_is_that_of_the_foundation(lab: Lab) -> None:
    lab.foundations = {"base": {"dev": {"account_id": "111122223333"}}, "head": {"dev": {"account_id": "111122223333"}}}
    found = lab.change('Key("k")', 'Key("k")')
    assert resource(found.after, "k")["arn"] == "arn:aws:kms:eu-west-1:111122223333:key/⟨k⟩"


def test_functions_answer_without_a_cloud(lab: Lab) -> None:
    program = """
    def ask(token, **arguments):
        return pulumi.runtime.invoke(token, arguments).value
    zones = ask("aws:index/getAvailabilityZones:getAvailabilityZones", state="available")["names"]
    who = ask("aws:index/getCallerIdentity:getCallerIdentity")
    where = ask("aws:index/getRegion:getRegion")
    looked_up = ask("aws:ec2/getAmi:getAmi", owners=["self"])
    pulumi.export("zones", zones)
    pulumi.export("who", [who["accountId"], who["arn"]])
    pulumi.export("where", where["region"])
    pulumi.export("image", looked_up["id"])
    """
    found = lab.change(program, program)
    assert found.after is not None
    assert found.after.outputs == {
        "image": "⟨getAmi⟩", "where": "eu-west-1", "zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
        "who": ["⟨account⟩", "arn:aws:iam::⟨account⟩:role/⟨deployer⟩"]}
    assert found.notes == ("What aws:ec2/getAmi:getAmi would find is not known here: symbols stand for it.",)


def test_types_without_a_table_are_evaluated_and_said_to_be_unchecked(lab: Lab) -> None:
    program = """
    api = Thing("aws:apigateway/restApi:RestApi", "api", {{"name": "{name}", "executionArn": None}})
    password = Thing("random:index/randomPassword:RandomPassword", "password", {{"length": 20}})
    Parameter("entry", api.executionArn)
    """
    found = lab.change(program.format(name="one"), program.format(name="two"))
    assert not found.problems
    assert operations(found) == {"api": Operation.UPDATE, "entry": Operation.SAME, "password": Operation.SAME}
    assert [one.path for one in step(found, "api").changes] == ["name"]
    (note,) = found.notes
    assert "aws:apigateway/restApi:RestApi, random:index/randomPassword:RandomPassword" in note


def test_what_aws_has_and_the_local_cloud_does_not_is_taken_as_it_is(lab: Lab) -> None:
    found = lab.change('Key("k")', 'Key("k", customKeyStoreId="cks-1234567890abcdef0")')
    assert not found.problems
    assert [one.path for one in step(found, "k").changes] == ["customKeyStoreId"]
    (note,) = found.notes
    assert "aws:kms/key:Key customKeyStoreId" in note


def test_replace_on_changes_holds_for_types_without_a_table(lab: Lab) -> None:
    program = 'Thing("aws:apigateway/restApi:RestApi", "api", {{"name": "{}"}}, O(replace_on_changes=["name"]))'
    assert operations(lab.change(program.format("one"), program.format("two"))) == {"api": Operation.REPLACE}


def test_what_stays_unknown_is_no_change(lab: Lab) -> None:
    program = """
    disk = Thing("aws:ec2/instance:Instance", "machine", {"publicIp": None})
    Thing("aws:route53/record:Record", "name", {"records": [disk.publicIp], "ttl": 60})
    Parameter("address", disk.publicIp)
    """
    assert set(operations(lab.change(program, program)).values()) == {Operation.SAME}


def test_a_stack_without_a_region_is_evaluated(lab: Lab) -> None:
    lab.write("base", 'Key("k")', {"dev": "config: {}\n"})
    lab.write("head", 'Key("k")', {"dev": "config: {}\n"})
    (found,) = lab.compare()
    assert not found.problems
    assert resource(found.after, "k")["arn"] == "arn:aws:kms:⟨region⟩:⟨account⟩:key/⟨k⟩"


def test_the_rules_of_the_policy_pack_judge_each_side(lab: Lab) -> None:
    found = lab.change('Key("k")', 'Key("k", enableKeyRotation=False)')
    assert found.before is not None and found.after is not None
    assert "kms-rotation" not in [one.rule.id for one in found.before.policies.findings]
    assert ("kms-rotation", Verdict.VIOLATED) in [(one.rule.id, one.verdict) for one in found.after.policies.findings]


def test_exceptions_beside_the_program_count(lab: Lab) -> None:
    lab.write("base", 'Key("k")')
    lab.write("head", 'Key("k", enableKeyRotation=False)')
    (lab.folder / "head" / "policy-exceptions.toml").write_text(
        '[[exception]]\nrule = "kms-rotation"\nresource = "k"\n'
        'reason = "its material is imported, we rotate it by hand"\nowner = "platform@example.com"\n'
        'expires = 2027-06-30\n')
    (found,) = lab.compare()
    assert not found.problems
    assert found.after is not None
    assert ("kms-rotation", Verdict.EXCEPTED) in [(one.rule.id, one.verdict) for one in found.after.policies.findings]


def test_accounts_that_a_provider_allows_do_not_refuse_a_symbol(lab: Lab) -> None:
    settings = {"dev": f'{SETTINGS}  aws:allowedAccountIds: ["111122223333"]\n'}
    lab.write("base", 'Key("k")', settings)
    lab.write("head", 'Key("k")', settings)
    (found,) = lab.compare()
    assert not found.problems
