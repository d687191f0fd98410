"""Identity keys: the texts by which rows and records are compared and looked up. Only this module makes and reads them.

    email:9f86d081…    the identity's name, and a digest of its normalised value
    id:con_0001        the key of `id` holds the id itself, so that a store can read the record without a look-up

A digest has one length whatever the value, and shows nothing of it. No identity's name has a colon. A key is a plain
text, since drafts, work objects and stores hold millions of them; loops over rows compare with `ID_PREFIX` directly.
"""

from collections.abc import Iterable, Sequence

from chalicelib.model.ids import RecordId

ID_PREFIX = "id:"
"""How the keys of `id` begin."""


def prefix_of(identity: str) -> str:
    """Returns how the keys of the identity with this name begin."""
    return f"{identity}:"


def id_key(record_id: str) -> str:
    """Returns the key of `id` for a record."""
    return ID_PREFIX + record_id


def identity_of(key: str) -> str:
    """Returns the name of the identity that the key belongs to: `email`, or `location_id+number` of several fields."""
    return key.partition(":")[0]


def ids_by_key(keys: Iterable[str]) -> dict[str, RecordId]:
    """Returns the record ids that keys of `id` hold, by key; leaves out all other keys."""
    return {key: RecordId(key.removeprefix(ID_PREFIX)) for key in keys if key.startswith(ID_PREFIX)}


def given_ids(keys_of_rows: Iterable[Sequence[str]]) -> list[RecordId | None]:
    """Returns for the keys of each row the id that the row gives, None where it gives none.

    The key of `id` stands first, since resources declare that identity first.
    """
    width = len(ID_PREFIX)
    return [RecordId(of[0][width:]) if of and of[0].startswith(ID_PREFIX) else None for of in keys_of_rows]


def claims_of(keys: Iterable[str]) -> tuple[str, ...]:
    """Returns the keys that a record claims in the store: all but that of `id`, which the record's own place is."""
    return tuple([key for key in keys if not key.startswith(ID_PREFIX)])
