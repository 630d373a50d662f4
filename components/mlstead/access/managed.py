"""What Pulumi's AWS provider calls to keep resources, and the statements that let a role call it for its own alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mlstead.context import Context
from mlstead.policy import Conditions, Statement

PROJECT, ENVIRONMENT = "mlstead:project", "mlstead:environment"


@dataclass(frozen=True, slots=True)
class Managed:
    """Resource types of one service that are named and told apart alike.

    Args:
        types: as Pulumi names them.
        service: as actions begin.
        arns: what ARNs of theirs end in, after the account; {project}, {environment}, {name} and {table} stand for the
            owner's, {project}-{environment} and {project} with underscores. None: the actions have no resource level.
        creates: actions whose request carries the owner's tags, besides those that change.
        changes: actions on what carries them already.
        reads: actions of refresh, import and of waiting for a change; they give no data.
        tagged: whether tags say whose it is; where not, its name does alone.
        reason: where there is no resource level, why that is narrow enough.
    """

    types: Sequence[str]
    service: str
    arns: Sequence[str]
    creates: Sequence[str] = ()
    changes: Sequence[str] = ()
    reads: Sequence[str] = ()
    tagged: bool = True
    reason: str = ""


def tags_of(context: Context, kind: str) -> dict[str, str]:
    """Give the tags that say whose something is, as conditions: kind is RequestTag or ResourceTag."""
    return {f"aws:{kind}/{PROJECT}": context.project, f"aws:{kind}/{ENVIRONMENT}": context.environment}


def reading(table: Iterable[Managed], context: Context) -> list[Statement]:
    """Let a role read settings of what has its names: what is just deleted is asked for too, and has no tags."""
    return _statements("Read", [(each, each.reads) for each in table], context, {})


def creating(table: Iterable[Managed], context: Context) -> list[Statement]:
    """Let a role make resources that carry its tags.

    To create with tags is to tag as well, which must not make somebody else's resource one's own: hence nothing that
    is somebody's already can be created, or tagged, as one's own.
    """
    return _statements("Create", [(each, each.creates) for each in table if each.tagged], context, {
        "StringEquals": tags_of(context, "RequestTag"), "Null": {f"aws:ResourceTag/{PROJECT}": "true"},
    })


def changing(table: Iterable[Managed], context: Context) -> list[Statement]:
    """Let a role change and delete what carries its tags, and keep by name alone what carries none."""
    table = list(table)
    return [
        *_statements("Change", [(each, each.changes) for each in table if each.tagged], context,
                     {"StringEquals": tags_of(context, "ResourceTag")}),
        *_statements("Keep", [(each, [*each.creates, *each.changes]) for each in table if not each.tagged], context,
                     {}),
    ]


def arns(each: Managed, context: Context) -> list[str]:
    """Give the ARNs of a row's resources; S3 and IAM know no region, S3 no account either."""
    filled = [arn.format(
        project=context.project, environment=context.environment, name=context.name,
        table=context.project.replace("-", "_"),
        database=f"mlstead_{context.environment.replace('-', '_')}",
    ) for arn in each.arns]
    region = "" if each.service in ("s3", "iam") else context.region
    account = "" if each.service == "s3" else context.account_id
    return [f"arn:{context.partition}:{each.service}:{region}:{account}:{arn}" for arn in filled]


def _statements(
    sid: str, rows: Sequence[tuple[Managed, Sequence[str]]], context: Context, conditions: Conditions,
) -> list[Statement]:
    """Write one statement for what has ARNs and one for what has none; an action meets no other service's ARNs."""
    named = [(each, actions) for each, actions in rows if actions and each.arns]
    unnamed = [(each, actions) for each, actions in rows if actions and not each.arns]
    found = []
    if named:
        found.append(Statement(sid, _actions(named), _unique(arn for each, _ in named for arn in arns(each, context)),
                               conditions=conditions))
    if unnamed:
        # Without a resource there is no tag of one; what the request carries can be asked for all the same.
        asked: dict[str, Any] = {key: value for key, value in conditions.items() if sid == "Create" and key != "Null"}
        found.append(Statement(f"{sid}Unnamed", _actions(unnamed), ["*"], conditions=asked,
                               reason="; ".join(_unique(each.reason for each, _ in unnamed))))
    return found


def _actions(rows: Sequence[tuple[Managed, Sequence[str]]]) -> list[str]:
    return _unique(f"{each.service}:{action}" for each, actions in rows for action in actions)


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
