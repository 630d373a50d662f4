"""Types that nothing at the target implements: they are recorded as declared, with outputs made up from their names."""

from __future__ import annotations

import hashlib

from mlstead_toolkit.aws.tags import all_tags
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties


def declare(work: Work) -> tuple[str, Properties]:
    """Give an id and outputs, the same for the same resource at any time."""
    work.outputs = _made_up(work)
    work.resource_id = work.name_id()
    return work.resource_id, declared_outputs(work)


def declared_outputs(work: Work) -> Properties:
    """Give the outputs of a declared resource: its inputs and what is made up."""
    row = work.row
    outputs = {**_made_up(work), **work.outputs, **work.inputs, "id": work.resource_id}
    if row.tagged:
        outputs["tagsAll"] = all_tags(work.inputs, work.default_tags)
    if "region" in row.by_name:
        outputs["region"] = work.region
    return outputs


def _made_up(work: Work) -> Properties:
    token = hashlib.sha256(work.urn.encode()).hexdigest()[:12]
    place = f"arn:{work.target.partition}:{work.row.service}:{work.region}:{work.target.account}"
    values: Properties = {line.name: f"{place}:declared/{token}" if "arn" in line.name.lower() else f"declared-{token}"
                          for line in work.row.outputs if line.template is None}
    work.fill_templates(values)
    return values
