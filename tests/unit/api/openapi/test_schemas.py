"""JSON Schemas under names that no two dialects share, described by the docstrings below their fields."""

from chalicelib.api.cstar.openapi import DESCRIPTION as CSTAR
from chalicelib.api.cstar.schemas import CStarImportResult
from chalicelib.api.kasar.openapi import DESCRIPTION as KASAR
from chalicelib.api.kasar.requests import KasarExportQuery
from chalicelib.api.kasar.schemas import KasarImportResult, KasarRowError
from chalicelib.api.openapi.schemas import COMPONENTS, Schemas, field_texts, referred_components
from chalicelib.api.packagex.exports.requests import PackageXExportUpdate
from chalicelib.api.packagex.openapi import DESCRIPTION as PACKAGEX
from chalicelib.api.packagex.schemas import CursorPage


def test_a_component_bears_its_dialect_s_name_once() -> None:
    kasar, cstar = (
        Schemas(KASAR, [KasarImportResult], is_closed=False).components,
        Schemas(CSTAR, [CStarImportResult], is_closed=False).components,
    )

    assert set(kasar) == {"KasarImportResult", "KasarRowError"}
    assert set(cstar) == {"cStarImportResult", "cStarRowError", "cStarWarning"}


def test_answers_are_open_and_tests_can_close_them() -> None:
    def is_closed(schemas: Schemas) -> bool:
        return schemas.components["KasarImportResult"].get("additionalProperties") is False

    assert not is_closed(Schemas(KASAR, [KasarImportResult], is_closed=False))
    assert is_closed(Schemas(KASAR, [KasarImportResult], is_closed=True))


def test_the_text_below_a_field_is_its_description() -> None:
    properties = Schemas(KASAR, [KasarRowError], is_closed=False).components["KasarRowError"]["properties"]

    assert field_texts(KasarRowError)["index"] == properties["index"]["description"] == "Counts from 0."


def test_the_properties_of_a_query_are_known_by_alias() -> None:
    properties, required = Schemas(KASAR, [KasarExportQuery], is_closed=False).properties_of(KasarExportQuery)

    assert properties["fields"]["description"] == "Names separated by commas; all where none is named."
    assert required == frozenset()


def test_what_is_always_null_is_told_as_a_text_that_may_be_null_and_is() -> None:
    properties = Schemas(PACKAGEX, [CursorPage], is_closed=False).components["PackageXCursorPage"]["properties"]

    assert properties["total_count"] == {"type": ["string", "null"], "const": None}
    assert properties["cursor"]["anyOf"] == [{"type": "string"}, {"type": "null"}]


def test_a_field_that_may_be_absent_has_no_default() -> None:
    update = Schemas(PACKAGEX, [PackageXExportUpdate], is_closed=False).components["PackageXExportUpdate"]

    assert "default" not in update["properties"]["name"]


def test_components_that_nothing_refers_to_are_left_out() -> None:
    components: dict[str, dict[str, object]] = {
        "A": {"type": "object", "properties": {"b": {"$ref": f"{COMPONENTS}B"}}},
        "B": {"type": "array", "items": {"$ref": f"{COMPONENTS}A"}},
        "C": {"type": "string"},
    }

    assert list(referred_components([{"$ref": f"{COMPONENTS}B"}], components)) == ["A", "B"]
