"""What is exported imports again unchanged: every resource, every format, packed or not, whatever the values are."""

import itertools

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.formats.registry import FORMATS, WRITABLE, Format
from chalicelib.formats.write import file_suffix
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Field, FieldType, Resource
from chalicelib.model.write_options import Formulas, LineEnd, Rendering
from tests.exporting import exported
from tests.import_world import ImportWorld

NAUGHTY = (
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠a", "\t=1", "'=1+1", "'=1+1\t", "''=1\t\t"),
    *("'", "''", "-5", "+4915123456789", "+49 151 234", "'-' is a dash", "=cmd|' /C calc'!A0"),
    *('=HYPERLINK("x";"y")', "\u200b=1", "00123", "12345678901234567890", "1e5", "1.10", "NULL", "NaN"),
    *("null", "true", "1,234", "03/04/2024", "0x10", '"', '""', '"a"', "a,b", "a;b", "a|b", "a\tb", "x\ny"),
    *("x\r\ny", "x\ry", "\\", '\\"', "a\u2028b\u2029c", "a\x85b", "\ufeff", "\ufeffa", "a\ufeff", "\ufffe"),
    *("a\uffff", "\u202ea", "a\xa0b", "é", "e\u0301", "😀", "𝕏", "\x7f", "x" * 255, "_x0041_", "_x000D_"),
    *("_x005F_x0041_", "__x0009__", "_xFFFD_", "<a>", "&amp;", "]]>", "<!--", "[1]", "{}", "[]", "[a],b"),
)  # fmt: skip
texts = st.sampled_from(NAUGHTY) | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=9)
leaves = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False) | texts
maps = st.dictionaries(
    texts,
    st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)),
    max_size=3,
).filter(lambda one: "inf" not in str(one))
VALUES: dict[FieldType, st.SearchStrategy[object]] = {
    FieldType.TEXT: texts,
    FieldType.EMAIL: st.sampled_from(["a@example.com", "+b@example.com", "=c@example.com", "ü@example.com"]),
    FieldType.PHONE: st.sampled_from(["+4915123456789", "+15551234567;ext=9", "030 123456", "0049 30 123456"]),
    FieldType.URL: st.sampled_from(["https://example.com/?a=1&b=2", "example.com"]),
    FieldType.ID: st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._:-]{0,9}", fullmatch=True),
    FieldType.INTEGER: st.integers(-5, 2**63 - 1),
    FieldType.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False).map(str)
    | st.sampled_from(["-0", "1.10", "-5", 1.234, -12.345, 999.999]),
    FieldType.BOOLEAN: st.booleans(),
    FieldType.DATE: st.dates().map(str),
    FieldType.DATETIME: st.datetimes().map(lambda one: f"{one.isoformat()}Z"),
    FieldType.LIST: st.lists(texts, max_size=4),
    FieldType.MAP: maps,
}


def values_of(field: Field) -> st.SearchStrategy[object]:
    return st.sampled_from(field.choices) if field.type is FieldType.CHOICE else VALUES[field.type]


def records_of(resource: Resource) -> st.SearchStrategy[list[dict[str, object]]]:
    given = {one.name: values_of(one) for one in resource.fields if not (one.is_computed or one.stands_for)}
    required = {name: given.pop(name) for name in {*resource.required, *(group[0] for group in resource.any_of)}}
    return st.lists(st.fixed_dictionaries(required, optional=given), min_size=1, max_size=4)


def renderings_of(format_: Format) -> st.SearchStrategy[Rendering]:
    is_delimited = FORMATS[format_].is_delimited
    is_table = is_delimited or format_ is Format.XLSX
    return st.builds(
        Rendering,
        format=st.just(format_),
        is_gzipped=st.booleans(),
        formulas=st.sampled_from(Formulas),
        delimiter=st.sampled_from(["", ",", ";", "\t", "|"] if format_ is Format.CSV else [""]),
        has_bom=st.booleans() if is_delimited else st.just(False),
        line_end=st.sampled_from([None, *LineEnd]) if is_delimited else st.none(),
        time_zone=st.sampled_from(["UTC", "Europe/Paris", "Asia/Kolkata"] if is_table else ["UTC"]),
    )


@pytest.mark.parametrize("resource", RESOURCES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_what_is_exported_imports_again_unchanged(resource: str, data: st.DataObject) -> None:
    world = ImportWorld()
    world.run(orjson.dumps(data.draw(records_of(RESOURCES[resource]))), resource=resource)
    before = world.records(resource)

    for format_ in WRITABLE:
        rendering = data.draw(renderings_of(format_))
        again = world.run(exported(world, resource, rendering), resource=resource) if before else None

        if again:
            found = (again.stats.unchanged, again.stats.total, world.records(resource))
            assert found == (len(before), len(before), before), (rendering, world.errors(again))


FILES = [
    Rendering(format=format_, is_gzipped=is_gzipped, formulas=formulas)
    for format_, is_gzipped, formulas in itertools.product(WRITABLE, (False, True), Formulas)
]


@pytest.mark.parametrize("rendering", FILES, ids=lambda one: f"{file_suffix(one)} {one.formulas}")
def test_every_naughty_text_comes_back_as_it_was(rendering: Rendering) -> None:
    world = ImportWorld()
    rows = [{"id": f"c{n}", "name": "A", "notes": text, "tags": [text, "b"]} for n, text in enumerate(NAUGHTY)]
    world.run(orjson.dumps(rows), resource="contacts")
    before = world.records("contacts")

    file = exported(world, "contacts", rendering)
    again = world.run(file, resource="contacts")
    elsewhere = ImportWorld()
    elsewhere.run(file, resource="contacts")

    assert (again.stats.unchanged, again.stats.total) == (len(NAUGHTY), len(NAUGHTY))
    assert [one.fields for one in elsewhere.records("contacts")] == [one.fields for one in before]
