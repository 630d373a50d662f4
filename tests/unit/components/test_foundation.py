"""A project's foundation lies in the project's own account and region, or it is refused."""

from __future__ import annotations

import pytest
from pulumi import Output

from mlstead import FoundationReference, JobLogs, JobLogsArgs
from mlstead.errors import MlsteadError

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
STACK = "organization/mlstead-foundation/dev"


@pytest.fixture
def made(run, context):
    """Make log groups with the key of a foundation that has these outputs."""
    def make(**outputs):
        def program():
            key: Output[str] = FoundationReference(STACK, context).operations_key_arn
            JobLogs("logs", JobLogsArgs(context, key))

        return run(program, outputs={"region": "eu-west-1", "account_id": "123456789012",
                                     "operations_key_arn": KEY} | outputs)

    return make


def test_a_foundation_in_the_project_s_account_and_region_serves(made):
    assert {group.inputs["kmsKeyId"] for group in made().of("LogGroup")} == {KEY}


@pytest.mark.parametrize(("outputs", "parts"), [
    ({"region": "us-east-1"}, ["region is us-east-1, the project's is eu-west-1", "aws:region"]),
    ({"account_id": "210987654321"}, ["account is 210987654321, the project's is 123456789012", "credentials"]),
])
def test_a_foundation_elsewhere_is_refused_with_both_places(made, outputs, parts):
    with pytest.raises(MlsteadError) as refused:
        made(**outputs)
    assert STACK in refused.value.where
    for part in parts:
        assert part in str(refused.value)
