"""Mutations of what guards and keeps."""

from __future__ import annotations

from collections.abc import Callable

from mutations import (
    CANNOT_BE_DEPLOYED,
    DOWNTIME,
    MAY_LOSE_DATA,
    SAFE,
    WEAKENS_A_CONTROL,
    Draw,
    Mutation,
)


def _guard(argument: str, before: str, after: str) -> Callable[[Draw], None]:
    def make(draw: Draw) -> None:
        reason = draw.random.choice(("a sandbox that is thrown away every night", "agreed with the platform team"))
        draw.copy.program(before + after, f'{before} {argument}=mlstead.Weakened("{reason}"),{after}')

    return make


_IMAGES = 'mlstead.ImageRepositoryArgs(context, lake.key_arn("artifacts")'
_ENDPOINT = "context, lake, network, images, registry, settings.model_version, operations_key,"


def _images(argument: str) -> Callable[[Draw], None]:
    return lambda draw: draw.copy.program(
        f"{_IMAGES}))", f'{_IMAGES}, {argument}=mlstead.Weakened("agreed with the platform team")))')


def _plain_bucket(draw: Draw) -> None:
    draw.with_aws(f'aws.s3.Bucket(f"{{name}}-{draw.word()}")\n')


def _step(draw: Draw) -> None:
    seconds = draw.random.choice((1800, 7200))
    content = (draw.copy.root / "pipelines/training.json").read_text(encoding="utf-8")
    assert '"MaxRuntimeInSeconds": 3600' in content
    draw.copy.write("pipelines/training.json",
                    content.replace('"MaxRuntimeInSeconds": 3600', f'"MaxRuntimeInSeconds": {seconds}', 1))


def _expired(draw: Draw) -> None:
    draw.copy.append("policy-exceptions.toml", f'''
[[exception]]
rule = "ecr-lifecycle-policy"
resource = "flight-delays-images"
reason = "Every image is kept until the audit is over"
owner = "{draw.word()}@example.com"
expires = 2025-0{draw.random.randint(1, 9)}-28
''')


KEPT = (
    Mutation("tags that move", _images("immutable_tags"), "policies", "immutable_tags", WEAKENS_A_CONTROL),
    Mutation("images without protection", _images("protect"), "remarks", "MAY_LOSE_DATA.*protect", MAY_LOSE_DATA),
    Mutation("traffic that is not captured", _guard("capture", _ENDPOINT, "\n"), "policies", "capture",
             WEAKENS_A_CONTROL),
    Mutation("a model that reaches the network", _guard("network_isolation", _ENDPOINT, "\n"), "policies",
             "isolat", WEAKENS_A_CONTROL),
    Mutation("a bucket without guards", _plain_bucket, "policies", "NEW.*s3-", CANNOT_BE_DEPLOYED),
    Mutation("a repository renamed", lambda draw: draw.copy.program('f"{name}-images"', f'f"{{name}}-{draw.word()}"'),
             "remarks", "CANNOT_BE_DEPLOYED.*protected", CANNOT_BE_DEPLOYED),
    Mutation("a log group renamed with its endpoint", lambda draw: draw.copy.program(
        'f"{name}-endpoint"', f'f"{{name}}-{draw.word()}"'), "remarks", "DOWNTIME", DOWNTIME),
    Mutation("a step that may run longer", _step, "changes", r"pipeline:Pipeline.*(1800|7200)", SAFE),
    Mutation("an exception that has expired", _expired, "policies", "ecr-lifecycle-policy", CANNOT_BE_DEPLOYED),
)
