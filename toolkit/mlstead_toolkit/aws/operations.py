"""Create, read, update and delete, the same for every type: the table says which calls, the hooks where AWS differs."""

from __future__ import annotations

import time

from mlstead_toolkit.aws.canonical import canonical
from mlstead_toolkit.aws.diff import difference
from mlstead_toolkit.aws.failures import Refusal
from mlstead_toolkit.aws.observed import observed_inputs, settled
from mlstead_toolkit.aws.schema import Call, Step
from mlstead_toolkit.aws.tags import all_tags, at_creation, own_tags, read_tags, write_tags
from mlstead_toolkit.aws.work import Work, parse_id, readable, request_shape
from mlstead_toolkit.engine.provider import PartialFailure, ProviderError, ReadResult
from mlstead_toolkit.engine.values import Properties

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 2.0


def create(work: Work) -> tuple[str, Properties]:
    """Create a resource, wait until it is usable, and give its id and outputs."""
    row, call = work.row, work.row.create
    arguments = work.arguments(call, whole=True)
    style, tags = row.tagging, all_tags(work.inputs, work.default_tags) if row.tagged else {}
    if style is not None and style.on_create and (tags or style.always):
        arguments[style.on_create] = at_creation(style, tags)
    values = work.properties(call, work.call(call.operation, **arguments)) or {}
    work.outputs = {**values}
    work.fill_templates(work.outputs)
    work.resource_id = work.name_id()
    try:
        _complete(work)
        if row.ready is not None:
            _wait_ready(work)
        values |= _read_back(work)
    except ProviderError as error:
        raise PartialFailure(error.what, where=error.where, fix=error.fix, resource_id=work.resource_id,
                             outputs=_outputs(work, values, tags)) from error
    return work.resource_id, _outputs(work, values, tags)


def read(work: Work, *, importing: bool) -> ReadResult | None:
    """Read a resource back; None where it is gone. What the program wrote keeps its spelling where it still holds."""
    row = work.row
    told = {**work.outputs, **work.inputs}
    if importing and not told.keys() - {"region"} and not row.importable:
        raise ProviderError(f"{row.token} cannot be imported: its id does not tell what it is.", where=work.where,
                            fix="let the program create it: what is there already is taken over")
    work.outputs = dict(told)
    values = _described(work)
    if values is None:
        return None
    work.outputs.update(values)
    key = parse_id(row, work.resource_id)
    for call in row.reads:
        values |= work.describe(call) or {}
        work.outputs.update(values)
    work.fill_templates(work.outputs)
    values = {**key, **values}
    tags: dict[str, str] = {}
    if row.tagged:
        tags = _present_tags(work)
        values["tags"] = own_tags(tags, work.inputs, work.default_tags) or None
    if not importing:
        # What AWS chose and the creation did not tell stays untold: a refresh must not report it as a change.
        untold = {line.name for line in row.properties if line.computed and line.name not in told}
        values = {name: value for name, value in values.items() if name not in untold}
        work.outputs = {name: value for name, value in work.outputs.items() if name not in untold}
    known = readable(row, work.target.client(row.service).meta.service_model) | set(values)
    inputs = observed_inputs(row.properties, work.inputs, values, known.difference(work.unread), importing=importing)
    work.inputs = inputs
    return ReadResult(work.resource_id, inputs, _outputs(work, values, tags))


def update(work: Work) -> Properties:
    """Change a resource in place, wait until it is usable again, and give its outputs.

    One that never came up cannot be changed: it is created anew, where it has a name to keep.
    """
    row = work.row
    given_up = {line.name for line in row.properties if not line.computed and line.name not in work.inputs}
    work.outputs = {name: value for name, value in work.outputs.items() if name not in given_up}
    every = all_tags(work.inputs, work.default_tags) if row.tagged else {}
    named = set(row.key) <= set(work.given_key())
    if row.ready is not None and named and str(_status(work).get(row.ready.status)) in row.ready.bad:
        delete(work)
        return create(work)[1]
    for step in row.steps:
        if _touched(work, step):
            _take(work, step)
    if row.singleton and work.changed:
        work.perform(row.create, whole=True)
    if row.tagged and every != (old := work.outputs.get("tagsAll") or {}):
        write_tags(work, old)
    if row.ready is not None:
        _wait_ready(work)
    return _outputs(work, _read_back(work), every)


def delete(work: Work) -> str | None:
    """Delete a resource; what is gone already is no error. Gives a note where something stays behind."""
    row = work.row
    if work.inputs.get("skipDestroy") is True:
        return f"{work.where} stays, as skipDestroy says"
    try:
        if row.before_delete is not None:
            row.before_delete(work)
        if row.delete is not None:
            work.answer = work.perform(row.delete, whole=False)
    except Refusal as refusal:
        if not refusal.says_gone(row.gone):
            raise
        # What was not found may be something else that the deletion needs: then the resource is still there.
        if not refusal.is_among(row.gone) and _described(work) is not None:
            raise
        return None
    if row.wait_gone:
        _wait_gone(work)
    return row.after_delete(work) if row.after_delete is not None else None


def recover(work: Work, since: float) -> str | None:
    """Find what a creation that was cut off has left, by name or as the type knows how, and complete it."""
    wanted = work.inputs
    found = _find(work, since)
    if found is None:
        return None
    work.resource_id, work.inputs = found, wanted
    work.outputs.update(work.describe(work.row.read) or {})
    work.fill_templates(work.outputs)
    if not _bears_our_tags(work):
        return None
    _complete(work)
    return found


def _find(work: Work, since: float) -> str | None:
    row = work.row
    if row.find is not None:
        return row.find(work, since)
    key = work.given_key()
    if set(row.key) - set(key):
        return None
    work.resource_id = row.identity.format_map(key)
    wanted = work.inputs
    found = read(work, importing=False)
    if found is None:
        return None
    # A setting may be what stood there before: then it is put again, which makes nothing twice.
    unsure = any(canonical(row.by_name[name], wanted.get(name)) for name in work.unread if name in row.by_name)
    if row.singleton and (unsure or difference(row, found.inputs, {}, wanted, (), {}).changed):
        return None
    return work.resource_id


def _bears_our_tags(work: Work) -> bool:
    """Tell whether what is there may be ours: what is tagged as it is made bears our tags, or is somebody else's."""
    style = work.row.tagging
    if style is None or style.on_create is None or style.again:
        return True
    return bool(_present_tags(work) == all_tags(work.inputs, work.default_tags))


def _complete(work: Work) -> None:
    """Do what follows the call that creates: tags where they take a call of their own, and the steps."""
    row, style = work.row, work.row.tagging
    separately = style is not None and (style.on_create is None or style.again)
    if separately and all_tags(work.inputs, work.default_tags):
        write_tags(work, {})
    for step in row.steps:
        if step.on_create and _wanted(work, step):
            _take(work, step)


def _described(work: Work) -> Properties | None:
    """Describe the resource; None where it is gone, or only still listed."""
    values = work.describe(work.row.read)
    return None if values is None or (work.row.absent is not None and work.row.absent(values)) else values


def _status(work: Work) -> Properties:
    """Describe the resource as AWS words it: what tells whether it is usable."""
    return work.part(work.row.read, work.perform(work.row.read, whole=False)) or {}


def _read_back(work: Work) -> Properties:
    """Read what was just written: the state holds what the cloud has, not what it was asked for."""
    values = work.describe(work.row.read)
    if values is None:
        raise ProviderError("It was made, and is not there.", where=work.where, fix="run the command again")
    return values


def _wanted(work: Work, step: Step) -> bool:
    rows = [work.row.by_name[name] for name in step.properties]
    return not rows or any(canonical(row, work.inputs.get(row.name)) != canonical(row, None) for row in rows)


def _touched(work: Work, step: Step) -> bool:
    if step.properties != ("*",):
        return bool(work.changed & set(step.properties))
    if not isinstance(step.action, Call):
        return bool(work.changed)
    from mlstead_toolkit.aws.members import locate

    shape = request_shape(work.target, work.row.service, step.action.operation)
    return any(locate(shape, work.row.by_name[name]) for name in work.changed if name in work.row.by_name)


def _take(work: Work, step: Step) -> None:
    if isinstance(step.action, Call):
        work.perform(step.action, whole=True)
    else:
        step.action(work)


def _present_tags(work: Work) -> dict[str, str]:
    try:
        return read_tags(work)
    except Refusal as refusal:
        if refusal.says_gone(work.row.gone):
            return {}
        raise


def _outputs(work: Work, values: Properties, tags: object) -> Properties:
    """Give the outputs: what the cloud answered, in the program's spelling where both mean the same."""
    row = work.row
    outputs: Properties = {line.name: work.outputs[line.name] for line in row.outputs if line.name in work.outputs}
    for line in row.properties:
        given, found = work.inputs.get(line.name), values.get(line.name)
        if given is None and line.computed and found is None:
            found = work.outputs.get(line.name)
        value = given if found is None else found if given is None else settled(line, given, found)
        if value is not None:
            outputs[line.name] = value
    outputs.update({line.name: values[line.name] for line in row.outputs if line.name in values})
    work.fill_templates(outputs)
    if row.tagged:
        outputs["tagsAll"] = tags
        if work.inputs.get("tags") is not None:
            outputs["tags"] = work.inputs["tags"]
    if "region" in row.by_name:
        outputs["region"] = work.region
    outputs["id"] = work.resource_id
    return outputs


def _wait_ready(work: Work) -> None:
    ready = work.row.ready
    if ready is None:
        return
    pause = _FIRST_PAUSE
    while True:
        answer = _status(work)
        status = str(answer.get(ready.status, ""))
        if status in ready.good:
            refuted = ready.refuted(work, answer) if ready.refuted is not None else None
            if refuted is not None:
                raise ProviderError(refuted, where=work.where, fix="mlstead logs shows what it wrote")
            return
        if status in ready.bad:
            reason = answer.get(ready.reason) or "no reason was given"
            raise ProviderError(f"It did not come up: {status}: {reason}", where=work.where,
                                fix="mlstead logs shows what it wrote")
        pause = _sleep(work, ready.timeout, pause, f"is still {status or 'without status'}")


def _wait_gone(work: Work) -> None:
    pause = _FIRST_PAUSE
    while _described(work) is not None:
        pause = _sleep(work, work.row.ready.timeout if work.row.ready else 600.0, pause, "is still there")


def _sleep(work: Work, default: float, pause: float, state: str) -> float:
    """Wait a moment, longer each time; ProviderError when the time is up."""
    remaining = work.remaining(default)
    if remaining <= 0:
        raise ProviderError(f"It {state} after {work.timeout or default:.0f} seconds.", where=work.where,
                            fix="run the command again, or raise customTimeouts")
    time.sleep(min(pause, remaining))
    return min(pause * 1.5, _LONGEST_PAUSE)
