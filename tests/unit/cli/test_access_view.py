"""Who may assume a role is said by name where the trust policy names somebody, and never as a bare "root"."""

import json
from typing import Any

from mlstead_toolkit.access.deployed import DeployedRole
from mlstead_toolkit.cli.access_view import print_roles, trusted

ANN = "arn:aws:iam::123456789012:user/ann"
ACCOUNT = {"AWS": "arn:aws:iam::123456789012:root"}


def role(**trust: Any) -> DeployedRole:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole"} | trust
    return DeployedRole("arn:aws:iam::123456789012:role/mlstead/shop/local/shop-local-auditor", "AROA",
                        {"mlstead:use": "auditor"}, {}, json.dumps({"Statement": [statement]}), None)


def test_members_that_a_trust_policy_names_are_who_may_assume_the_role(capsys):
    named = role(Principal=ACCOUNT, Condition={"ArnLike": {"aws:PrincipalArn": [ANN]}})
    assert trusted(named) == [ANN]
    print_roles([named])
    assert f"assumed by  {ANN}" in capsys.readouterr().out


def test_where_it_names_an_account_alone_that_accounts_policies_say_who(capsys):
    print_roles([role(Principal=ACCOUNT)])
    assert "assumed by  whom the policies of account 123456789012 let" in capsys.readouterr().out
