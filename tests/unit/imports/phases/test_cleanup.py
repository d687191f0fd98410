"""Which records an overwrite deletes, and which only leave its location."""

import pytest

from chalicelib.imports.phases.cleanup import CleanupScope, UnnamedRecord, clean_up
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record
from chalicelib.model.rows import Fields

BEGAN_MS = 1_000
CONTACTS = RESOURCES["contacts"]


def record(record_id: str, updated_at: int = 0, **fields: list[str]) -> Record:
    given: Fields = {name: [*value] for name, value in fields.items()}
    return Record(record_id=RecordId(record_id), fields=given, version=1, created_at=0, updated_at=updated_at)


def test_old_records_that_no_row_names_are_deleted() -> None:
    old, named, newer = record("con_1"), record("con_2"), record("con_3", updated_at=BEGAN_MS)
    scope = CleanupScope(began_ms=BEGAN_MS, resource=CONTACTS)

    assert [*clean_up([old, named, newer], {named.record_id}, scope)] == [UnnamedRecord(old, None)]


@pytest.mark.parametrize(
    ("locations", "changed"),
    [
        pytest.param(["Rome"], None, id="elsewhere"),
        pytest.param(["Berlin"], {"fields": None}, id="only here"),
        pytest.param(["Berlin", "Rome"], {"fields": {"locations": ["Rome"]}}, id="here and elsewhere"),
    ],
)
def test_a_location_limits_what_is_cleaned_up(locations: list[str], changed: dict[str, Fields | None] | None) -> None:
    scope = CleanupScope(began_ms=BEGAN_MS, resource=CONTACTS, location_id="Berlin")

    found = [*clean_up([record("con_1", locations=locations)], (), scope)]

    assert [one.fields for one in found] == ([changed["fields"]] if changed else [])
