"""Resolves references, which are fields that name other records: says by which keys a value is looked up, and what was
found.

A value is tried by the identities and match fields that its declaration lists, in that order; the first that finds
anything decides. One record found resolves it, none leaves it dead, several leave it ambiguous.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.identity_keys import ids_by_key
from chalicelib.model.ids import RecordId
from chalicelib.model.resources import Reference, Resource
from chalicelib.model.rows import Fields, Value
from chalicelib.schema.identity import identity_keys, match_keys
from chalicelib.schema.types.text import is_certain_id

COMPOSITE = ":::"
"""Separates the parts of a composite name."""


MissingId = Callable[[Reference, str], RecordId | None]
"""Returns the id of the record to create for a dead reference with a key: the same key, the same id. None where nothing
is to be created."""


def no_missing_id(reference: Reference, key: str) -> RecordId | None:
    """Returns None: dead references stay dead."""
    return None


@dataclass(frozen=True, slots=True)
class ReferenceLookUps:
    """A look-up that finds records of any resource of the tenant, each by many keys at once."""

    claims: Callable[[str, Iterable[str]], Mapping[str, RecordId]]
    matches: Callable[[str, Iterable[str]], Mapping[str, tuple[RecordId, ...]]]
    missing_id: MissingId = no_missing_id
    """What becomes of dead references."""


@dataclass(frozen=True, slots=True)
class MissingRecord:
    """A record that rows name and that may not exist: then it is made before the rows are written."""

    reference: Reference
    text: str
    """Its name, as the row gives it."""
    record_id: RecordId
    """The id that it has, or is to have."""

    @property
    def target(self) -> str:
        """The field that holds the link."""
        return self.reference.stored_as or self.reference.field


class ReferenceIndex:
    """What the references of a batch mean: filled by two look-ups for each reference, then asked value by value."""

    def __init__(
        self, resource: Resource, texts: Mapping[Reference, Iterable[str]], look_ups: ReferenceLookUps
    ) -> None:
        self._found: dict[str, dict[str, tuple[RecordId, ...]]] = {}
        self._missing_id = look_ups.missing_id
        for reference in resource.references:
            wanted = [key for text in texts.get(reference, ()) for key in reference_keys(reference, text)]
            self._found.setdefault(reference.resource, {}).update(_look_up(reference.resource, wanted, look_ups))

    def find(self, reference: Reference, text: str) -> tuple[RecordId, ...]:
        """Returns the records that a name means: none if it is dead, one if it is resolved, several if it is
        ambiguous."""
        found = self._found.get(reference.resource, {})
        keys = reference_keys(reference, text)
        return next((found[key] for key in keys if key in found), None) or self._to_be_made(reference, keys)

    def _to_be_made(self, reference: Reference, keys: list[str]) -> tuple[RecordId, ...]:
        record_id = self._missing_id(reference, keys[0]) if keys else None
        return (record_id,) if record_id else ()


def find_missing(reference: Reference, fields: Fields, missing_id: MissingId) -> MissingRecord | None:
    """Returns the record that a link in these fields means, if it is one that is made where it does not exist: that of
    the name beside it."""
    text, linked = fields.get(reference.field), fields.get(reference.stored_as)
    if not (reference.creates_missing and isinstance(text, str) and linked):
        return None
    keys = reference_keys(reference, text)
    is_own = bool(keys) and missing_id(reference, keys[0]) == linked
    return MissingRecord(reference, text, RecordId(str(linked))) if is_own else None


def texts_of(value: Value) -> list[str]:
    """Returns the single names in a reference's value: one for a text, several for a list."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _look_up(resource: str, wanted: Iterable[str], look_ups: ReferenceLookUps) -> dict[str, tuple[RecordId, ...]]:
    keys = set(wanted)
    if not keys:
        return {}
    claimed = {key: (holder,) for key, holder in look_ups.claims(resource, keys).items()}
    return {**look_ups.matches(resource, keys - claimed.keys()), **claimed}


def reference_keys(reference: Reference, text: str) -> list[str]:
    """Returns the keys by which a name is looked up, in order.

    The parts of a composite name such as `Jane Doe:::jane@example.com` (PackageX, groups) are looked up from the last,
    which is the surest. A part that cannot be an id is not looked for as one: a store may not even take it as a key.
    """
    target = RESOURCES[reference.resource]
    parts = [part for part in reversed(text.split(COMPOSITE)) if part]
    named: list[Fields] = [{name: part} for part in parts for name in reference.by]
    keys = (key for fields in named for key in (*identity_keys(target, fields), *match_keys(target, fields)))
    return [key for key in keys if all(map(is_certain_id, ids_by_key([key]).values()))]
