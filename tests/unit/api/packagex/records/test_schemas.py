"""The schema of a record leaves room for the fields of its resource."""

from pydantic import TypeAdapter

from chalicelib.api.packagex.records.schemas import PackageXRecord, PackageXRecordsAnswer


def test_a_record_may_have_any_field() -> None:
    schema = TypeAdapter(PackageXRecord).json_schema()

    assert schema["additionalProperties"] is True
    assert set(schema["required"]) == {"object", "id", "version", "created_at", "updated_at"}


def test_a_page_is_led_on_by_a_cursor() -> None:
    assert "cursor" in TypeAdapter(PackageXRecordsAnswer).json_schema()["$defs"]["CursorPage"]["required"]
