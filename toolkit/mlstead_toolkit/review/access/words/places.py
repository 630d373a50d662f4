"""What a permission is on, in words: `curated/ of the lake`, `the key of curated`, `any processing job`."""

from __future__ import annotations

import re
from typing import Final

from mlstead.own_names import FOUNDATION
from mlstead_toolkit.review.access.condition import Condition
from mlstead_toolkit.review.access.covering import Names
from mlstead_toolkit.review.access.permission import Permission, Realm
from mlstead_toolkit.review.access.words.actions import listed, service_of
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.access.words.names import spaced

PASS_ROLE: Final = "iam:passrole"  # noqa: S105 - IAM's name of an action
_FOREIGN: Final = ", another project's"
_FIELDS: Final = 6  # of an ARN
_PART: Final = re.compile(r"(.*?)/([a-z-]+)/[^/]*\*")
_BARE: Final = {"sns": "topic", "sqs": "queue", "s3": "bucket", "events": "event bus"}
_CONTEXT: Final = "kms:encryptioncontext:aws:s3:arn"
_PROJECT: Final = "lakeformation:tag/project:"
_WHERE: Final = ("s3:prefix", _CONTEXT)
_LISTS: Final = ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads")


def place(permission: Permission, words: Lexicon) -> str:
    """Give what a permission is on. A key that is used for a bucket's objects stands for the objects."""
    if objects := stored(permission):
        return " and ".join(sorted({location(*one, words) for one in objects}))
    if permission.resource.text.startswith("lake:"):
        return _table(permission, words)
    if permission.subject and permission.resource.text == "*" and permission.realm is Realm.RESOURCE:
        but = listed([resource(Names(one), permission.action, words) for one in permission.resource.but] or [""])
        return f"{words.known.get(permission.subject, permission.subject)}{', but ' if but else ''}{but}"
    return resource(permission.resource, permission.action, words)


def stored(permission: Permission) -> list[tuple[str, str]]:
    """Give bucket and path of the objects that a permission is about; the bucket itself has no path."""
    text = permission.resource.text
    if permission.resource.but:
        return []
    action = permission.action.text
    if ":kms:" in text or text.startswith("arn:aws:kms"):
        held = [one for one in permission.conditions if one.name == _CONTEXT and not one.negated]
        return [_split(value) for one in held for value in one.values]
    if not _is_s3(text):
        return []
    bucket, path = _split(text)
    if not path and any(action.lower() == one.lower() for one in _LISTS):
        prefixes = [value for one in permission.conditions if one.name == "s3:prefix" and not one.negated
                    for value in one.values]
        return [(bucket, prefix) for prefix in prefixes] or [(bucket, "*")]
    return [(bucket, path)] if path else []


def located(condition: Condition) -> bool:
    """Tell whether a condition says nothing but where, which the place says already."""
    return not condition.negated and (condition.name in _WHERE or condition.name.startswith(_PROJECT))


def location(bucket: str, path: str, words: Lexicon) -> str:
    """Give the words for a path in a bucket."""
    project = words.naming.project
    folder = re.sub(r"(^|/)\*$", "", path)
    if bucket not in words.zones:
        called = words.buckets.get(bucket) or _unknown(bucket, words)
        return f"{_folder(folder, words)} of {called}" if folder else called
    zone = words.buckets[bucket]
    if folder == project or folder.startswith(f"{project}/"):
        return f"{zone}/{_folder(folder.removeprefix(project).strip('/'), words)} of the lake"
    if folder:
        ours = folder.startswith("shared") or project == FOUNDATION
        return f"{zone}/{_folder(folder, words)} of the lake{'' if ours else _FOREIGN}"
    if path and project != FOUNDATION:
        return f"all of {zone}/ of the lake, of every project"
    return f"{zone}/ of the lake"


def resource(names: Names, action: Names, words: Lexicon) -> str:
    """Give the words for an ARN."""
    text = names.text
    but = f", but {', '.join(resource(Names(one), action, words) for one in names.but)}" if names.but else ""
    if _is_s3(text):
        bucket, path = _split(text)
        return f"{_bucket(bucket, words) if not path else location(bucket, path, words)}{but}"
    if known := words.known.get(text) or words.known.get(re.sub(r"(:\*|/\*|\*)$", "", text)):
        return f"{known}{but}"
    if (part := _PART.fullmatch(text)) and (known := words.known.get(part[1])):
        return f"any {spaced(part[2])} of {known}{but}"
    if not text.strip("*"):
        if action.text.lower() == PASS_ROLE:
            return f"any role{but}"
        service = service_of(action)
        return f"anything at all{but}" if "*" in service or not service else f"anything in {service}{but}"
    parts = text.split(":", _FIELDS - 1)
    if parts[0] != "arn" or len(parts) < _FIELDS:
        return f"{words.naming.short(text)}{but}"
    if parts[4] == "aws":
        return f"the AWS {_kind(parts[2], parts[5], words).removeprefix('the ')}{but}"
    return f"{_kind(parts[2], parts[5], words)}{words.whose(parts[4])}{but}"


def _folder(folder: str, words: Lexicon) -> str:
    return f"{words.plain(folder)}{'/' if folder and not folder.endswith('*') else ''}"


def _unknown(bucket: str, words: Lexicon) -> str:
    if "*" in bucket:
        return "any bucket" if bucket == "*" else f"any bucket named {words.naming.short(bucket)}"
    return f"the bucket {words.naming.short(bucket)}"


def _bucket(bucket: str, words: Lexicon) -> str:
    if bucket in words.zones:
        return f"the bucket of {words.buckets[bucket]}"
    return words.buckets.get(bucket) or location(bucket, "", words)


def _kind(service: str, named: str, words: Lexicon) -> str:
    """Give the words for what follows the account: `model-package/flight-delays/*`, `log-group:/aws/x:*`, a name."""
    named = re.sub(r"(?<=.):\*$", "", named)
    if not named.strip("*"):
        return f"anything in {service_of(Names(service + ':'))}"
    if service in _BARE and not re.match(r"[a-z-]+[/:]", named):
        noun, name = _BARE[service], named
    else:
        found = re.fullmatch(r"([a-z0-9*-]+)[/:](.*)", named, re.IGNORECASE)
        noun, name = (spaced(found[1]), found[2]) if found else (spaced(named), "")
    if not name:
        return f"the {noun}"
    if (service, noun) == ("iam", "role") and "*" not in name:
        return f"{words.naming.short(name.rpartition('/')[2])} role"
    if name in words.known:
        return words.known[name]
    while name.partition("/")[0] in words.known:  # a domain's, as what lies in it is named
        name = name.partition("/")[2]
    if noun == "*":
        noun, said = "thing", f" in {service_of(Names(service + ':'))}"
    else:
        said = ""
    short = words.naming.short(name)
    if "${" in name:
        return f"its own {noun}{said}"
    if not name.strip("*/"):
        return f"any {noun}{said}"
    if "*" in name:
        return f"any {noun} named {short}{said}" if short.strip("*/-") else f"any {noun} of the project{said}"
    return f"the {noun} {short}{said}" if short else f"the {noun}{said}"


def _table(permission: Permission, words: Lexicon) -> str:
    """Give the words for what Lake Formation knows: a project's tables have a tag of its own."""
    kind, _, name = permission.resource.text.removeprefix("lake:").partition("/")
    if kind in ("tables", "databases"):
        own = f"{_PROJECT}{words.naming.project}-{words.naming.environment}"
        of = {one.name for one in permission.conditions if one.name.startswith(_PROJECT)}
        return f"the project's {kind}" if of == {own} else f"every project's {kind}" if not of else kind
    if kind == "table":
        database, _, table = name.partition("/")
        database = words.plain(database)
        return f"every table of {database}" if table == "*" else f"the table {words.plain(table)} of {database}"
    if kind == "database":
        return f"the database {words.plain(name)}"
    if kind == "location":
        return resource(Names(name), Names("s3:*"), words)
    if kind == "tag":
        return f"the Lake Formation tag {words.plain(name)}"
    return kind


def _is_s3(text: str) -> bool:
    return bool(re.match(r"arn:[^:]*:s3:::", text))


def _split(arn: str) -> tuple[str, str]:
    bucket, _, path = arn.split(":", _FIELDS - 1)[-1].partition("/")
    return bucket, path
