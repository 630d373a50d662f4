"""Who may do what, by the policies as deployed: every row of the table, read with boto3, decided by the evaluator."""

from __future__ import annotations

from dataclasses import replace

import pytest
from account import names
from decisions import ALLOWED, TABLE
from principals import AND_ALL, people

from mlstead_toolkit.access.deployed import DeployedPolicies

pytestmark = pytest.mark.timeout(400)
USES = {
    "ingestion", "gate", "data-pipeline", "processing", "training", "pipeline", "endpoint", "scheduling", "exploration",
    "data-engineer", "data-scientist", "ml-engineer", "auditor", "plan", "deploy", "delivery",
}


@pytest.fixture(scope="module")
def policies(deployed):
    return DeployedPolicies(deployed.client, "eu-west-1", "local")


@pytest.fixture(scope="module")
def who(deployed):
    return people(deployed.client)


@pytest.fixture(scope="module")
def named(deployed):
    return names(deployed)


def filled(value, named):
    if isinstance(value, list):
        return [filled(each, named) for each in value]
    return value.format_map(named) if isinstance(value, str) else value


def title(row):
    name, action, resource, context, verdict = row
    told = ", ".join(f"{key.rpartition(':')[2]}={value}" for key, value in context.items()) if len(context) < 3 else "…"
    return f"{name}: {action} on {resource}{f' ({told})' if told else ''}: {verdict}"


@pytest.mark.parametrize("row", TABLE, ids=title)
def test_it_is_decided_as_the_table_says(policies, who, named, row):
    name, action, resource, context, verdict = row
    given = {key: filled(value, named) for key, value in context.items()}
    answer = policies.decide(who[name], action, filled(resource, named), given)
    found = ALLOWED if answer.allowed else answer.deciding.kind
    assert found == verdict, f"{answer.deciding.reason} {answer.deciding.statement}"


def test_the_table_asks_about_every_role_and_half_of_it_is_refused():
    denied = [row for row in TABLE if row[4] != ALLOWED]
    assert len(TABLE) >= 60 and len(denied) >= 32 and 2 * len(denied) >= len(TABLE)
    assert {row[0].removesuffix(AND_ALL) for row in TABLE} >= USES
    assert len({str(row) for row in TABLE}) == len(TABLE)


def test_a_role_that_is_allowed_everything_but_has_no_boundary_would_be_allowed_it(policies, who, named):
    """What the rows lay at the boundary's door is its doing."""
    for row in TABLE:
        name, action, resource, context, verdict = row
        if verdict == "permissions boundary" and name.endswith(AND_ALL):
            given = {key: filled(value, named) for key, value in context.items()}
            answer = policies.decide(replace(who[name], boundary=None), action, filled(resource, named), given)
            assert answer.allowed or answer.deciding.kind != "permissions boundary"
