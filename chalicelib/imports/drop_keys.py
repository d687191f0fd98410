"""Dropped files: a file put under `drop/` becomes an import, and finds its result beside it.

    drop/{tenant}/{resource}/{action}/people.csv                what a customer put there
    drop/{tenant}/@{profile}/people.csv                         the same, with the options of an import profile
    drop/{tenant}/{resource}/{action}/people.csv.result.json    what became of it
    drop/{tenant}/{resource}/{action}/people.csv.errors.csv     its rejected rows, where there are any

Where the key leaves no room for the endings, the file is refused, and its result stands under a shortened key.

In comes a key, or an import that has ended; out goes what the key asks for, or the result as a JSON object. Files with
the two endings are results by their name, also where a customer put them there, and are never imported.
"""

from dataclasses import dataclass
from hashlib import blake2b

from chalicelib.errors import Refused
from chalicelib.model.ids import ImportId, TenantId, derived_id
from chalicelib.model.imports import Action, Source

DROPPED = "drop"
"""The dialect of such imports, and who made them."""

FOLDER = "drop/"
RESULT = ".result.json"
ERRORS = ".errors.csv"
KEY_BYTES = 1024
"""How long a key may be (S3)."""


@dataclass(frozen=True, slots=True)
class DropKey:
    """What the key of a dropped file says."""

    tenant_id: TenantId
    resource: str
    action: str
    filename: str
    profile: str = ""
    """The name of the import profile that says resource and action; empty where the key does."""


def is_dropped(key: str) -> bool:
    """Returns whether the object is a file to import: no result, no empty object that stands for a folder, and no name
    too long to have a result beside it.
    """
    return _is_file(key) and _has_room(key)


def is_too_long(key: str) -> bool:
    """Returns whether it would be a dropped file but for its name, which leaves no room for the name of its result."""
    return _is_file(key) and not _has_room(key)


def _is_file(key: str) -> bool:
    return key.startswith(FOLDER) and not key.endswith(("/", RESULT, ERRORS))


def _has_room(key: str) -> bool:
    return len(_encoded(key)) + len(RESULT) <= KEY_BYTES


def result_key_of(key: str) -> str:
    """Returns where the result of a file stands. Of a key that is too long it takes as much as fits, and eight digits
    that tell it from others that begin alike.
    """
    if _has_room(key):
        return key + RESULT
    ending = f"~{blake2b(_encoded(key), digest_size=4).hexdigest()}{RESULT}"
    return _encoded(key)[: KEY_BYTES - len(ending)].decode(errors="ignore") + ending


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def to_address(key: str) -> DropKey:
    """Returns what a key says. Raises Refused `malformed_key`."""
    _, *parts = key.split("/")
    if len(parts) == 3 and parts[1].startswith("@") and all(part.strip("@ ") for part in parts):
        return DropKey(TenantId(parts[0]), "", "", parts[2], profile=parts[1][1:])
    if len(parts) != 4 or not all(part.strip() for part in parts):
        raise Refused(
            "malformed_key",
            "Drop files at drop/{tenant}/{resource}/{action}/{name}, or drop/{tenant}/@{profile}/{name}, not deeper.",
        )
    tenant, resource, action, filename = parts
    return DropKey(TenantId(tenant), resource, action, filename)


def to_action(text: str) -> Action:
    """Returns the action of this name. Raises Refused `unknown_action`."""
    try:
        return Action(text.lower())
    except ValueError:
        known = ", ".join(Action)
        raise Refused("unknown_action", f"There is no action {text[:40]!r}. Use one of: {known}.") from None


def dropped_id(bucket: str, source: Source) -> ImportId:
    """Returns the id of the import that this version of an object becomes, however often its event comes."""
    return ImportId(derived_id("imp", bucket, source.key, source.version_id or source.checksum))
