"""Mutations of what the settings files say."""

from __future__ import annotations

from mutations import (
    CANNOT_BE_DEPLOYED,
    COSTS_MORE,
    MAY_LOSE_DATA,
    OTHER_ACCOUNT,
    REPLACES,
    SAFE,
    WEAKENS_A_CONTROL,
    WIDENS_ACCESS,
    Draw,
    Mutation,
)
from reviewed_project import ACCOUNTS, SERVED


def _model(draw: Draw) -> None:
    served = SERVED[draw.environment]
    draw.setting(f"{{version: {served}}}", f"{{version: {served + draw.random.randint(1, 5)}}}")


def sized_endpoint(draw: Draw, new: str) -> None:
    """Write another endpoint block."""
    count = 2 if draw.environment == "prod" else 1
    draw.setting(f"endpoint: {{instance_type: ml.m5.large, instance_count: {count}}}", f"endpoint: {{{new}}}")


def _bigger(draw: Draw) -> None:
    size = draw.random.choice(("xlarge", "2xlarge", "4xlarge"))
    sized_endpoint(draw, f"instance_type: ml.m5.{size}, instance_count: {2 if draw.environment == 'prod' else 1}")


def _more(draw: Draw) -> None:
    sized_endpoint(draw, f"instance_type: ml.m5.large, instance_count: {draw.random.randint(3, 6)}")


def _fewer(draw: Draw) -> None:
    sized_endpoint(draw, "instance_type: ml.m5.large, instance_count: 1")


def _retention(draw: Draw) -> None:
    days = draw.random.choice((1, 7, 30, 90, 180))
    sized_endpoint(draw, f"instance_type: ml.m5.large, instance_count: 2, log_retention_days: {days}")


def _training(draw: Draw) -> None:
    size = draw.random.choice(("2xlarge", "4xlarge"))
    draw.setting("training: {instance_type: ml.m5.large}", f"training: {{instance_type: ml.m5.{size}}}")


def _image(draw: Draw) -> None:
    draw.setting('image: {tag: "0.1.0"}', f'image: {{tag: "0.{draw.random.randint(2, 9)}.0"}}')


def _stranger(draw: Draw) -> None:
    draw.add_setting(f"team: {{ml_engineers: ['arn:aws:iam::{OTHER_ACCOUNT}:role/{draw.word()}']}}")


def _other_key(draw: Draw) -> None:
    draw.copy.edit(f"infra/foundation.{draw.environment}.json", f'"operations_key_arn": "{_key(draw, "1" * 8)}',
                   f'"operations_key_arn": "{_key(draw, "9" * 8)}')


def _key(draw: Draw, start: str) -> str:
    return f"arn:aws:kms:eu-west-1:{ACCOUNTS[draw.environment]}:key/{start}-1111"


SETTINGS = (
    Mutation("a new model version", _model, "changes", "REPLACE.*endpointConfiguration:EndpointConfiguration",
             REPLACES),
    Mutation("a bigger endpoint", _bigger, "cost", "endpoint.*xlarge", COSTS_MORE),
    Mutation("more instances", _more, "cost", "endpoint", COSTS_MORE),
    Mutation("one instance in production", _fewer, "policies", "sagemaker-endpoint-several-instances",
             CANNOT_BE_DEPLOYED, ("prod",)),
    Mutation("logs kept for a shorter time", _retention, "remarks", "365.*logGroup|logGroup.*365|365", MAY_LOSE_DATA),
    Mutation("bigger training instances", _training, "cost", "xlarge", COSTS_MORE),
    Mutation("another image", _image, "changes", r"pipeline:Pipeline.*0\.\d\.0", SAFE),
    Mutation("an owner", lambda draw: draw.add_setting(f"owner: {draw.word()}@example.com"), "changes",
             "mlstead:owner", SAFE),
    Mutation("a stranger in the team", _stranger, "access", f"ml-engineer.*{OTHER_ACCOUNT}", WIDENS_ACCESS),
    Mutation("a schedule of the data pipeline", lambda draw: draw.add_setting("gates: {schedule: rate(1 day)}"),
             "changes", "CREATE.*eventRule:EventRule", WIDENS_ACCESS),
    Mutation("a larger scan limit", lambda draw: draw.add_setting(
        f"query: {{scan_limit_gb: {draw.random.randint(20, 900)}}}"), "changes", "bytesScannedCutoffPerQuery",
             WEAKENS_A_CONTROL),
    Mutation("another region", lambda draw: draw.setting("aws:region: eu-west-1", "aws:region: us-east-1"), "problems",
             "region", CANNOT_BE_DEPLOYED),
    Mutation("a setting that is not there", lambda draw: draw.add_setting(f"{draw.word()}: 1"), "problems",
             r"Pulumi\.\w+\.yaml", CANNOT_BE_DEPLOYED),
    Mutation("a settings file that is no YAML", lambda draw: draw.setting("config:\n", "config: [\n"), "problems",
             r"Pulumi\.\w+\.yaml:\d+", CANNOT_BE_DEPLOYED),
    Mutation("a foundation with another key", _other_key, "changes", "99999999-1111", SAFE),
)
