"""Dropped files: a file put under `drop/` becomes an import, and finds its result beside it.

    drop/{tenant}/{resource}/{action}/people.csv                what somebody put there
    drop/{tenant}/{resource}/{action}/people.csv.result.json    what became of it
    drop/{tenant}/{resource}/{action}/people.csv.errors.csv     its rejected rows, where there are any

Where the key leaves no room for the endings, the file is refused, and its result stands under a shortened key.

In comes a key, or an import that has ended; out goes what the key asks for, or the result as a JSON object. Files with
the two endings are results by their name, whoever put them there, and are never imported.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import orjson

from chalicelib.errors import Refused
from chalicelib.model.ids import ImportId, TenantId, derived_id
from chalicelib.model.imports import Action, Import, Source

DROPPED = "drop"
"""The dialect of such imports, and who made them."""

FOLDER = "drop/"
RESULT = ".result.json"
ERRORS = ".errors.csv"
KEY_BYTES = 1024
"""How long a key may be (S3)."""


@dataclass(frozen=True, slots=True)
class Address:
    """What the key of a dropped file says."""

    tenant_id: TenantId
    resource: str
    action: str
    filename: str


def is_dropped(key: str) -> bool:
    """Not so results, nor the empty objects that stand for folders, nor names too long to have a result beside them."""
    return _is_file(key) and _has_room(key)


def is_too_long(key: str) -> bool:
    """Whether it is a dropped file but for its name, which leaves no room for that of its result."""
    return _is_file(key) and not _has_room(key)


def _is_file(key: str) -> bool:
    return key.startswith(FOLDER) and not key.endswith(("/", RESULT, ERRORS))


def _has_room(key: str) -> bool:
    return len(_encoded(key)) + len(RESULT) <= KEY_BYTES


def result_key_of(key: str) -> str:
    """Where the result of a file stands. Of a key that is too long as much as fits, and eight digits that tell it from
    others that begin alike."""
    if _has_room(key):
        return key + RESULT
    ending = f"~{blake2b(_encoded(key), digest_size=4).hexdigest()}{RESULT}"
    return _encoded(key)[: KEY_BYTES - len(ending)].decode(errors="ignore") + ending


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def to_address(key: str) -> Address:
    """Raises Refused `malformed_key`."""
    _, *parts = key.split("/")
    if len(parts) != 4 or not all(part.strip() for part in parts):
        raise Refused("malformed_key", "Drop files at drop/{tenant}/{resource}/{action}/{name}, not deeper.")
    tenant, resource, action, filename = parts
    return Address(TenantId(tenant), resource, action, filename)


def to_action(text: str) -> Action:
    """Raises Refused `unknown_action`."""
    try:
        return Action(text.lower())
    except ValueError:
        known = ", ".join(Action)
        raise Refused("unknown_action", f"There is no action {text[:40]!r}. Use one of: {known}.") from None


def dropped_id(bucket: str, source: Source) -> ImportId:
    """One import for each version of an object, whoever tells of it how often."""
    return ImportId(derived_id("imp", bucket, source.key, source.version_id or source.checksum))


def from_result(content: bytes) -> dict[str, Any]:
    """What stands in a result; empty where it is none of ours."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def to_refusal(source: Source, reason: str, now: int) -> dict[str, Any]:
    """The result of a file that became no import."""
    return {
        "status": "refused",
        "reason": reason,
        "import_id": None,
        "source": _to_source(source),
        "ended_at": _at(now),
    }


def to_result(import_: Import) -> dict[str, Any]:
    """The result of an import that has ended."""
    source = import_.source
    return {
        "status": import_.status,
        "reason": import_.reason,
        "import_id": import_.import_id,
        "resource": import_.resource,
        "action": import_.action,
        "source": _to_source(source) if source else None,
        "stats": asdict(import_.stats),
        "problem_counts": import_.problem_counts,
        "findings": [
            {"code": one.code, "field": one.field, "value": one.value, "message": one.message, "hint": one.hint}
            for one in import_.all_findings
        ],
        "errors_file": f"{source.filename}{ERRORS}" if source and import_.has_errors_file else None,
        "created_at": _at(import_.created_at),
        "ended_at": _at(import_.ended_at),
    }


def _to_source(source: Source) -> dict[str, Any]:
    return {"key": source.key, "version_id": source.version_id, "size_bytes": source.size_bytes}


def _at(epoch_s: int | None) -> str | None:
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if epoch_s is not None else None
