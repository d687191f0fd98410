"""A record as PackageX shows it."""

from chalicelib.api.packagex.records.responses import render_record
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import RecordId
from chalicelib.model.records import Record


def test_what_the_service_knows_wins_over_fields_of_that_name() -> None:
    fields = {"name": "Ann", "object": "spaceship", "version": "mine"}
    record = Record(record_id=RecordId("con_1"), fields=fields, version=3, created_at=1_999, updated_at=2_001)  # type: ignore[arg-type]

    assert render_record(RESOURCES["contacts"], record) == {
        "name": "Ann",
        "object": "contact",
        "id": "con_1",
        "version": 3,
        "created_at": 1,
        "updated_at": 2,
    }
