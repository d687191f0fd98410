"""Records become bytes: whole, in chunks, in record_lists that are the same file when they are put together."""

import csv
import gzip
import io
import itertools
import tracemalloc
from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.formats.formulas import DisarmedRows
from chalicelib.formats.registry import WRITABLE, Format
from chalicelib.formats.write import CHUNK_BYTES, FileParts, content_type, file_suffix, render
from chalicelib.model.write_options import Formulas, LineEnd, Nesting, Rendering
from tests.reading import given as given_cells
from tests.reading import rows_of

RECORDS: list[dict[str, Any]] = [
    {"name": "Ann", "tags": ["a", "b"], "at": "2025-07-01T12:00:00.25Z"},
    {"name": "=1+1", "age": -5, "meta": {"k": [1, {"z": None}]}},
]
COLUMNS = ["name", "age", "tags", "meta", "at"]


def rendered(rendering: Rendering, records: list[dict[str, Any]] = RECORDS, **more: Any) -> str:
    return b"".join(render(records, COLUMNS, rendering, **more)).decode()


def test_csv() -> None:
    assert rendered(Rendering()) == (
        'name,age,tags,meta,at\r\nAnn,,"a,b",,2025-07-01T12:00:00.25Z\r\n\'=1+1\t,-5,,"{""k"":[1,{""z"":null}]}",\r\n'
    )


def test_csv_as_somebody_wants_it() -> None:
    wanted = Rendering(delimiter=";", has_bom=True, line_end=LineEnd.LF, formulas=Formulas.RAW)

    assert rendered(wanted, RECORDS[:1]) == "\ufeffname;age;tags;meta;at\nAnn;;a,b;;2025-07-01T12:00:00.25Z\n"


def test_tsv() -> None:
    text = rendered(Rendering(format=Format.TSV), RECORDS[:1])

    assert text == "name\tage\ttags\tmeta\tat\r\nAnn\t\ta,b\t\t2025-07-01T12:00:00.25Z\r\n"


@pytest.mark.parametrize(
    ("wanted", "cell"),
    [
        pytest.param(Rendering(), "'a;'=1,'=2\t", id="CSV"),
        pytest.param(Rendering(delimiter=";"), "'a;'=1,'=2\t", id="CSV with semicolons"),
        pytest.param(Rendering(format=Format.TSV), "'a;'=1,'=2\t", id="TSV"),
    ],
)
def test_a_formula_behind_a_separator_of_another_country_is_disarmed(wanted: Rendering, cell: str) -> None:
    [_, [written]] = csv.reader(
        io.StringIO(b"".join(render([{"name": "a;=1,=2"}], ["name"], wanted)).decode()),
        delimiter=wanted.delimiter or ("\t" if wanted.format == Format.TSV else ","),
    )

    assert written == cell


@pytest.mark.parametrize(("delimiter", "cell"), [(",", "a,=1"), (";", "'a,'=1\t"), ("|", "'a,'=1\t")])
def test_a_formula_behind_a_comma_is_disarmed_where_commas_end_no_cells(delimiter: str, cell: str) -> None:
    text = b"".join(render([{"name": "a,=1"}], ["name"], Rendering(delimiter=delimiter))).decode()

    assert next(csv.reader(io.StringIO(text.partition("\n")[2]), delimiter=delimiter)) == [cell]


@given(
    text=st.text(st.sampled_from("=-'\";,\t a1"), max_size=9),
    wanted=st.sampled_from([Rendering(), Rendering(delimiter=";"), Rendering(format=Format.TSV)]),
)
@settings(max_examples=300, deadline=None)
def test_what_is_disarmed_is_read_as_it_was(text: str, wanted: Rendering) -> None:
    records = [{"key": "1", "text": "plain"}, {"key": "2", "text": text}, {"key": "3", "text": "plain"}]

    source = b"".join(render(records, ["key", "text"], wanted))

    assert given_cells(rows_of(source, delimiter=wanted.delimiter or None))[1] == ["2", text]


@pytest.mark.parametrize("wanted", [Rendering(delimiter=";"), Rendering(format=Format.TSV)], ids=["semicolons", "TSV"])
def test_formulas_are_disarmed_whatever_the_delimiter(wanted: Rendering) -> None:
    assert b"'=1+1\t" in b"".join(render(RECORDS[1:], COLUMNS, wanted))


def test_json_keeps_its_structure() -> None:
    assert rendered(Rendering(format=Format.JSON)) == (
        '[\n{"name":"Ann","age":null,"tags":["a","b"],"meta":null,"at":"2025-07-01T12:00:00.25Z"},\n'
        '{"name":"=1+1","age":-5,"tags":null,"meta":{"k":[1,{"z":null}]},"at":null}\n]\n'
    )


def test_ndjson() -> None:
    text = rendered(Rendering(format=Format.NDJSON), RECORDS[1:])

    assert text == '{"name":"=1+1","age":-5,"tags":null,"meta":{"k":[1,{"z":null}]},"at":null}\n'


def test_json_has_its_columns_in_order_whatever_the_records_are() -> None:
    records = [{"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1}, {"a": 1, "b": 2, "c": 3}, ChainMap({"b": 2}, {"a": 1})]

    for several in (records, *([one] for one in records)):
        made = b"".join(render(several, ["a", "b"], Rendering(format=Format.NDJSON)))
        assert made.splitlines() == [b'{"a":1,"b":%b}' % (b"2" if "b" in one else b"null") for one in several]


@pytest.mark.parametrize(
    ("format_", "text"),
    [(Format.CSV, "name,age,tags,meta,at\r\n"), (Format.JSON, "[\n]\n"), (Format.NDJSON, "")],
)
def test_a_file_without_records_is_lawful(format_: Format, text: str) -> None:
    assert rendered(Rendering(format=format_), []) == text


def test_flattened_columns_hold_the_entries() -> None:
    wanted = Rendering(nesting=Nesting.FLATTEN)

    text = b"".join(render(RECORDS, ["name", "tags.0", "tags.1", "meta.k.0", "meta.k.1.z"], wanted)).decode()

    assert text == "name,tags.0,tags.1,meta.k.0,meta.k.1.z\r\nAnn,a,b,,\r\n'=1+1\t,,,1,\r\n"


@pytest.mark.parametrize(
    ("zone", "format_", "shown"),
    [
        ("Europe/Paris", "", "2025-07-01T14:00:00.25+02:00"),
        ("Asia/Kolkata", "DD/MM/YYYY HH:mm", "01/07/2025 17:30"),
        ("UTC", "YYYY-MM-DDTHH:mm:ss.SSSZ", "2025-07-01T12:00:00.250+0000"),
    ],
)
def test_times_stand_in_the_zone_and_format_that_is_wanted(zone: str, format_: str, shown: str) -> None:
    wanted = Rendering(time_zone=zone, datetime_format=format_)

    text = rendered(wanted, [{"name": "2025-07-01T12:00:00Z", "at": "2025-07-01T12:00:00.25Z"}], times=["at"])

    assert text.splitlines()[1] == f"2025-07-01T12:00:00Z,,,,{shown}"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "1890-01-01T00:00:00Z", "noon"])
def test_times_beyond_the_calendar_stay_as_they_are(moment: str) -> None:
    text = rendered(Rendering(time_zone="America/New_York"), [{"at": moment}], times=["at"])

    assert moment in text or "1889-12-31T19:00:00-05:00" in text


def test_the_rows_in_which_formulas_were_disarmed_are_told() -> None:
    told: list[Mapping[str, Any]] = []
    report = DisarmedRows(told.append)

    rendered(Rendering(), report=report)

    assert (report.rows, told) == (1, RECORDS[1:])


@pytest.mark.parametrize(("format_", "formulas"), [(Format.JSON, Formulas.DISARM), (Format.CSV, Formulas.RAW)])
def test_nothing_is_told_where_nothing_is_changed(format_: Format, formulas: Formulas) -> None:
    report = DisarmedRows()

    rendered(Rendering(format=format_, formulas=formulas), report=report)

    assert report.rows == 0


record_lists = st.lists(
    st.lists(st.fixed_dictionaries({"a": st.text(max_size=3), "b": st.none() | st.integers(0, 9)})), max_size=4
)


@given(record_lists, st.sampled_from([one for one in WRITABLE if one is not Format.XLSX]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_parts_put_together_are_the_whole_file(
    contents: list[list[dict[str, Any]]], format_: Format, is_gzipped: bool
) -> None:
    rendering = Rendering(format=format_, is_gzipped=is_gzipped)
    parts = FileParts(["a", "b"], rendering)
    made = [b"".join(parts.each_chunk(rows)) for rows in contents]

    joined = parts.prefix() + parts.separator().join(filter(None, made)) + parts.suffix()
    whole = b"".join(render(itertools.chain.from_iterable(contents), ["a", "b"], rendering))

    unpack = gzip.decompress if is_gzipped else bytes
    assert unpack(joined) == unpack(whole)
    assert is_gzipped or joined == whole


@pytest.mark.parametrize(
    ("param", "given"),
    [
        ("delimiter", {"delimiter": ";", "format": Format.TSV}),
        ("delimiter", {"delimiter": ";", "format": Format.JSON}),
        ("has_bom", {"has_bom": True, "format": Format.NDJSON}),
        ("has_bom", {"has_bom": True, "format": Format.XLSX}),
        ("line_end", {"line_end": LineEnd.LF, "format": Format.JSON}),
        ("nesting", {"nesting": Nesting.FLATTEN, "format": Format.JSON}),
        ("time_zone", {"time_zone": "Europe/Paris", "format": Format.NDJSON}),
        ("datetime_format", {"datetime_format": "YYYY", "format": Format.JSON}),
        ("format", {"format": Format.ODS}),
    ],
)
def test_a_choice_that_means_nothing_is_refused(param: str, given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        render([], ["a"], Rendering(**given))

    assert (refusal.value.code, refusal.value.param) == ("invalid_option", param)


def test_names_and_types_of_files_follow_the_format() -> None:
    packed = Rendering(format=Format.NDJSON, is_gzipped=True)

    assert (file_suffix(Rendering()), content_type(Rendering())) == (".csv", "text/csv; charset=utf-8")
    assert (file_suffix(packed), content_type(packed)) == (".ndjson.gz", "application/gzip")


def test_a_workbook_has_no_parts() -> None:
    with pytest.raises(Refused):
        FileParts(["a"], Rendering(format=Format.XLSX))


@pytest.mark.parametrize("is_gzipped", [False, True])
@pytest.mark.parametrize("format_", WRITABLE)
def test_memory_and_chunks_are_bounded_however_many_records(format_: Format, is_gzipped: bool) -> None:
    def each_record() -> Iterator[dict[str, str]]:
        for number in range(20_000):
            yield {"a": f"{number * 7919**5}", "b": "é" * 50}

    tracemalloc.start()
    sizes = [len(one) for one in render(each_record(), ["a", "b"], Rendering(format=format_, is_gzipped=is_gzipped))]
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert all(CHUNK_BYTES <= size < 2 * CHUNK_BYTES for size in sizes[:-1])
    assert peak_bytes < 8 * CHUNK_BYTES
