"""Rows read by columns and rows read one by one: the same drafts, fields, keys, problems."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.formats.blocks import block_of
from chalicelib.imports.phases.prevalidation import Prevalidated, SourceParser, prevalidate
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Action, Import, UploadMode
from chalicelib.model.limits import Limits
from chalicelib.model.notations import Convention, DateOrder, DecimalSign, NotationDecision, SourceNotations
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.resources import Field, FieldType
from chalicelib.model.row_rules import RowRules
from chalicelib.model.rows import Draft, Fields, NumberText, Row

LIMITS = Limits(text_characters=40, values=3)

ODD = (
    *("", " ", "\t", "\n", "\xa0", "NULL", "null", "0", "-1", "1.50", "1,234", "1e3", "٣", "12345678901234567890"),
    *("true", "No", "active", "Active", "banana", "a,b;a", '["a", 1]', '{"a": 1}', "{", "[]", " , "),
    *("jane@example.com", "Jane@Example.com", "jane@example.com\n", " jane@example.com", "jane@exämple.com", "jane@x"),
    *("jane@x.invalid", "+15551234567", "+1555", "+15551234567\n", "(030) 123456", "00 49 30 123456", "٠١٢٣٤٥"),
    *("2024-03-01", "2024-03-01\n", "2024-W09-5", "20240301", "03/04/2024", "29.2.2023", "1 Mar 2024", "٢٠٢٤-٠٣-٠١"),
    *(
        "2024-03-01T12:00:00Z",
        "2024-03-01 12:00",
        "https://example.com",
        "example.com",
        "//x",
        "x" * 41,
        "\x00",
        "\x07",
    ),
    *("1.234", "1.234,5", "1 234", "1\xa0234,5", "(5)", "5-", "12 €", "12.000", "1,23,456"),
    *(
        "25/04/2024",
        "04/25/2024",
        "03.04.2024",
        "25.04.2024",
        "03/04/2024 12:30",
        "2024-03-31 02:30",
        "2024-10-27 02:30",
    ),
    *("ja", "Нет", "x", ",", " ; ", "|", "a|b", "a\nb", '"a,b",c', "\u200b", "\ufeffcus_1", "jane@example.com\u200e"),
    *("\u202a+15551234567\u202c", "Zoe\u200b", "ac\xadtive", "❤\ufe0f", "\u3164", "\ufe0f", "می\u200cخ", "tr\u200due"),
    *(NumberText("1.234"), NumberText("0.5")),
    *("cus_1", "cus_1\n", "-x", "Zoë", "Zoe\u0308", "ß", "\ud800", "\u2028", "é" * 40, "İstanbul"),
)
cells = st.sampled_from(ODD) | st.text(max_size=6)
warned = [Problem(ProblemCode.ROW_TOO_SHORT)]
failed = [Problem(ProblemCode.UNCLOSED_QUOTE)]


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, tuple[str, ...], list[Row]]:
    """A resource, some of its headers and some of nobody's, rows of cells that mean something to many fields."""
    resource = draw(st.sampled_from(sorted(RESOURCES)))
    known = [field.name for field in RESOURCES[resource].fields]
    read = [field.name for field in RESOURCES[resource].fields if not field.is_computed]
    others = draw(st.lists(st.sampled_from([*known, "unheard of"]), max_size=5))
    headers = draw(st.permutations([draw(st.sampled_from(read)), *others]))
    rows = draw(st.lists(st.lists(cells, min_size=len(headers), max_size=len(headers)), max_size=8))
    conditions = st.sampled_from([[], [], [], [], warned, failed])
    return resource, tuple(headers), [Row(n, n + 1, one, draw(conditions)) for n, one in enumerate(rows, 1)]


@st.composite
def ways_to_write(draw: st.DrawFn) -> dict[str, Any]:
    """What a caller may state."""
    return {
        "decimal": draw(st.sampled_from([None, *DecimalSign])),
        "date_order": draw(st.sampled_from([None, *DateOrder])),
        "time_zone": draw(st.sampled_from([None, "Europe/Berlin"])),
        "list_separator": draw(st.sampled_from([None, "|", "\n"])),
        "true_words": draw(st.sampled_from([(), ("x", "No")])),
    }


decided_ways = st.sampled_from([(DecimalSign.COMMA,), (DateOrder.DAY_FIRST,), tuple(DecimalSign), tuple(DateOrder)])

IMPORT = Import(
    import_id=ImportId("imp_1"),
    tenant_id=TenantId("t"),
    resource="customers",
    action=Action.MERGE,
    upload_mode=UploadMode.ASYNC,
)


def parser_of(resource: str, headers: tuple[str, ...], *, is_located: bool = False, **options: Any) -> SourceParser:
    import_ = replace(IMPORT, location_id="Berlin" if is_located else None, reading=ReadingOptions(**options))
    notations = SourceNotations(stated=import_.reading.notation)
    return SourceParser.of(RESOURCES[resource], import_, LIMITS, headers, notations=notations)


def with_fields(done: Prevalidated) -> list[tuple[Draft, Fields]]:
    fields = done.fields.by_row()
    return [(draft, fields[draft.row_number]) for draft in done.drafts]


@settings(max_examples=400, deadline=None)
@given(
    source=sources(),
    is_located=st.booleans(),
    marker=st.sampled_from([{}, {"null_marker": "NULL"}]),
    ways=ways_to_write(),
)
def test_rows_read_by_columns_are_those_read_one_by_one(
    source: tuple[str, tuple[str, ...], list[Row]], is_located: bool, marker: dict[str, str], ways: dict[str, Any]
) -> None:
    resource, headers, rows = source
    parser = parser_of(resource, headers, is_located=is_located, **marker, **ways)

    by_columns = prevalidate(block_of(rows, 0), parser)
    one_by_one = prevalidate(block_of(rows, 0), replace(parser, column_parser=None))

    assert with_fields(by_columns) == with_fields(one_by_one)
    assert by_columns.outcomes == one_by_one.outcomes
    assert by_columns.failed_keys == one_by_one.failed_keys
    assert by_columns.nameless == one_by_one.nameless


@settings(max_examples=400, deadline=None)
@given(
    column=st.lists(cells, min_size=1, max_size=30),
    kind=st.sampled_from(FieldType),
    ways=ways_to_write(),
    decided=st.none() | decided_ways,
)
def test_every_type_reads_a_column_as_it_reads_its_cells(
    column: list[str], kind: FieldType, ways: dict[str, Any], decided: tuple[Convention, ...] | None
) -> None:
    one = Field(name="it", type=kind, choices=("active", "banana"))
    resource = replace(RESOURCES["customers"], fields=(Field(name="id", type=FieldType.ID), one), identities=())
    rows = [Row(n, n, [cell]) for n, cell in enumerate(column, 1)]
    decisions = {"it": NotationDecision(field="it", column="it", conventions=decided, proof="")} if decided else {}
    notations = SourceNotations(stated=ReadingOptions(**ways).notation, decided=decisions)
    parser = SourceParser.of(resource, IMPORT, LIMITS, ("it",), notations=notations)

    by_columns = prevalidate(block_of(rows, 0), parser)
    one_by_one = prevalidate(block_of(rows, 0), replace(parser, column_parser=None))

    assert parser.column_parser is not None
    assert with_fields(by_columns) == with_fields(one_by_one)
    assert by_columns.outcomes == one_by_one.outcomes


def test_drafts_and_outcomes_stay_in_file_order() -> None:
    parser = parser_of("customers", ("name", "email"), null_marker="NULL")
    emails = ["", "", "NULL", "not an address"]
    source = [Row(n, n, ["Jane", emails[n % 4]], failed if n % 9 == 1 else []) for n in range(1, 100)]

    done = prevalidate(block_of(source, 0), parser)

    wrong = [n for n in range(1, 100) if n % 4 == 3 or n % 9 == 1]
    assert [one.row_number for one in done.outcomes] == wrong
    assert [draft.row_number for draft in done.drafts] == [n for n in range(1, 100) if n not in wrong]
    assert [draft.problems[0].code for draft in done.drafts[:1]] == [ProblemCode.NO_IDENTITY]


def parsed(resource: str, headers: tuple[str, ...], *rows: Any, **wanted: Any) -> tuple[Prevalidated, SourceParser]:
    parser = SourceParser.of(RESOURCES[resource], replace(IMPORT, resource=resource, **wanted), LIMITS, headers)
    source = [Row(number, number + 1, row) for number, row in enumerate(rows, 1)]
    return prevalidate(block_of(source, 0), parser), parser


def test_a_source_of_objects_has_the_keys_that_were_read() -> None:
    _, objects = parsed("customers", (), {"name": "Ann"}, {"email": "a@x.com"})

    assert set(objects.keys) == {"name", "email"}
    assert parser_of("customers", ("name",)).keys == ()


def test_of_a_row_that_could_not_be_read_nothing_else_is_told() -> None:
    done = prevalidate(block_of([Row(1, 2, ["Ann", "wrong"], failed)], 0), parser_of("customers", ("name", "email")))

    assert [one.problems for one in done.outcomes] == [failed]
    assert (done.nameless, done.failed_keys) == (1, set())


def test_a_correction_takes_the_place_of_what_the_row_gives() -> None:
    block = block_of([Row(1, 2, ["Ann", "wrong"]), Row(2, 3, ["Bob", "bob@x.com"])], 0)
    block.corrections[0] = {"email": "ann@x.com"}

    done = prevalidate(block, parser_of("customers", ("name", "email")))

    assert [fields["email"] for _, fields in with_fields(done)] == ["ann@x.com", "bob@x.com"]


def test_a_row_must_give_what_its_import_requires_of_rows() -> None:
    rows = ["Ann", "ann@x.com"], ["Bob", ""], ["Cid", "wrong"]

    done, _ = parsed("customers", ("name", "email"), *rows, rules=RowRules(required=("email",)))

    assert [draft.row_number for draft in done.drafts] == [1]
    assert [[one.code for one in row.problems] for row in done.outcomes] == [
        [ProblemCode.REQUIRED],
        [ProblemCode.INVALID_EMAIL],
    ]


@pytest.mark.parametrize("matches_any_field", [False, True])
def test_match_fields_count_like_identities_where_any_field_matches(matches_any_field: bool) -> None:
    rules = RowRules(matches_any_field=matches_any_field)

    done, _ = parsed("contacts", ("name", "email"), ["Ann", "ann@x.com"], rules=rules)

    assert [key.partition(":")[0] for key in done.drafts[0].identity_keys] == ["email", *["name"] * matches_any_field]


@pytest.mark.parametrize("action", Action)
def test_identities_that_no_field_reads_are_noted_in_an_overwrite_alone(action: Action) -> None:
    done, _ = parsed("customers", ("external_id", "mail of his"), ["1", "ann@x.com"], action=action)

    assert bool(done.mentioned) is (action is Action.OVERWRITE)


@pytest.mark.parametrize(
    ("headers", "row", "fed"),
    [
        pytest.param((), {"name": "Ann", "E-Mail": "ann@x.com", "colour": 1}, ("email", "name"), id="keys"),
        pytest.param((), {}, (), id="an object without keys"),
        pytest.param((), None, None, id="no row is an object"),
        pytest.param(("name", "email"), ["Ann", "ann@x.com"], None, id="headers, which were judged before"),
    ],
)
def test_a_source_of_objects_tells_which_fields_its_keys_have_fed(
    headers: tuple[str, ...], row: Any, fed: tuple[str, ...] | None
) -> None:
    _, parser = parsed("customers", headers, *([] if row is None else [row]))

    assert parser.fed == fed
