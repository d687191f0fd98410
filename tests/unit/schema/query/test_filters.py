"""Filters: each operator on each type, what is refused, and random trees against a plain reference."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import Refused
from chalicelib.model.filters import EVERYTHING, Condition, Filter, Group, LogicalOperator, Operator
from chalicelib.model.ids import RecordId
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.records import Record
from chalicelib.model.resources import Field, FieldType, Identity, Resource
from chalicelib.model.rows import Fields
from chalicelib.schema.query.filters import compile_filter

THINGS = Resource(
    name="things",
    singular="thing",
    id_prefix="thi",
    fields=(
        Field(name="name"),
        Field(name="email", type=FieldType.EMAIL),
        Field(name="phone", type=FieldType.PHONE),
        Field(name="site", type=FieldType.URL),
        Field(name="stage", type=FieldType.CHOICE, choices=("new", "won"), choice_aliases={"fresh": "new"}),
        Field(name="count", type=FieldType.INTEGER, minimum=0, maximum=10),
        Field(name="amount", type=FieldType.DECIMAL),
        Field(name="is_open", type=FieldType.BOOLEAN),
        Field(name="due", type=FieldType.DATE),
        Field(name="seen_at", type=FieldType.DATETIME),
        Field(name="tags", type=FieldType.LIST),
        Field(name="extra", type=FieldType.MAP),
        Field(name="object", is_computed=True),
        Field(name="old_email", type=FieldType.EMAIL, stands_for="email"),
    ),
    identities=(Identity(("id",)),),
)

NOON = 1_735_732_800_000
"""2025-01-01T12:00:00Z."""


def a_record(**fields: Any) -> Record:
    given: Fields = fields
    return Record(record_id=RecordId("thi_1"), fields=given, version=1, created_at=NOON, updated_at=NOON + 500)


def holds(condition: tuple[str, str, object], record: Record, limits: Limits = DEFAULT_LIMITS) -> bool:
    field, asked, value = condition
    return compile_filter(Condition(field, Operator(asked), value), THINGS, limits)(record)


FULL = a_record(
    name="Ann Martin",
    email="Ann@Example.com",
    phone="+15551234567",
    site="https://example.com",
    stage="new",
    count=7,
    amount="12000.5",
    is_open=False,
    due="2025-01-31",
    seen_at="2025-01-31T10:00:00.5Z",
    tags=["VIP", "press"],
    extra={"a": "b"},
)


@pytest.mark.parametrize(
    "condition",
    [
        ("name", "eq", "Ann Martin"),
        ("name", "eq", " Ann Martin "),
        ("name", "eq", "\u200bAnn\u200b Martin\ufeff"),
        ("name", "contains", "mar\xadtin"),
        ("email", "eq", "\u202aann@example.com\u202c"),
        ("phone", "eq", "\u202a+15551234567\u202c"),
        ("stage", "eq", "fre\u200dsh"),
        ("amount", "gt", "12.001"),
        ("is_open", "eq", "nein"),
        ("name", "ne", "ann martin"),
        ("name", "in", "Bob,Ann Martin"),
        ("name", "in", ["Bob", "Ann Martin"]),
        ("name", "contains", "MART"),
        ("name", "starts_with", "ann  m"),
        ("name", "gt", "Aaron"),
        ("name", "lte", "Ann Martin"),
        ("name", "is_not_null", None),
        ("name", "ne", None),
        ("email", "eq", "ann@EXAMPLE.com"),
        ("email", "contains", "@example"),
        ("phone", "eq", "+1 (555) 123-4567"),
        ("phone", "contains", "555 123"),
        ("site", "eq", "https://example.com"),
        ("stage", "eq", "Fresh"),
        ("count", "gt", "6.5"),
        ("count", "lt", 200),
        ("count", "eq", "7"),
        ("amount", "eq", "12,000.50"),
        ("amount", "gte", 12000.5),
        ("amount", "lt", 100000),
        ("is_open", "eq", "no"),
        ("is_open", "ne", True),
        ("is_open", "in", False),
        ("count", "in", 7),
        ("due", "eq", "31.1.2025"),
        ("due", "gt", "2025-01-30T23:00:00Z"),
        ("due", "date_before", "2025-02-01"),
        ("seen_at", "eq", "2025-01-31"),
        ("seen_at", "lte", "2025-01-31"),
        ("seen_at", "gt", "2025-01-31T10:00:00Z"),
        ("seen_at", "lt", "2025-01-31T12:00:00+01:00"),
        ("seen_at", "date_after", "2025-01-30"),
        ("seen_at", "in", "2025-01-30,2025-01-31"),
        ("tags", "eq", "press"),
        ("tags", "contains", "vi"),
        ("tags", "in", "x,VIP"),
        ("tags", "ne", "vip"),
        ("extra", "is_not_null", None),
        ("id", "eq", "thi_1"),
        ("created_at", "gte", "2025-01-01"),
        ("created_at", "eq", "2025-01-01T12:00:00Z"),
        ("updated_at", "gt", "2025-01-01T12:00:00Z"),
    ],
    ids=str,
)
def test_a_condition_that_holds(condition: tuple[str, str, object]) -> None:
    assert holds(condition, FULL)


@pytest.mark.parametrize(
    "condition",
    [
        ("name", "eq", "ann martin"),
        ("name", "in", "Ann,Martin"),
        ("name", "starts_with", "Martin"),
        ("name", "is_null", None),
        ("name", "eq", None),
        ("email", "ne", "ann@example.com"),
        ("count", "gt", 7),
        ("amount", "lt", 9),
        ("due", "date_after", "2025-01-31"),
        ("seen_at", "date_before", "2025-01-31"),
        ("seen_at", "date_after", "2025-01-31"),
        ("seen_at", "gt", "2025-01-31"),
        ("seen_at", "eq", "2025-01-31T10:00:00Z"),
        ("tags", "eq", "vip"),
        ("extra", "is_null", None),
        ("created_at", "lt", "2025-01-01"),
    ],
    ids=str,
)
def test_a_condition_that_does_not_hold(condition: tuple[str, str, object]) -> None:
    assert not holds(condition, FULL)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("name", "eq", "x"), False),
        (("name", "ne", "x"), True),
        (("name", "contains", "x"), False),
        (("name", "is_null", None), True),
        (("amount", "lt", "1"), False),
        (("tags", "is_null", None), True),
        (("tags", "contains", "x"), False),
        (("extra", "is_null", None), True),
    ],
    ids=str,
)
def test_an_empty_field_is_only_null_or_unequal(condition: tuple[str, str, object], expected: bool) -> None:
    assert holds(condition, a_record(tags=[], extra={}, amount=None)) is expected


@pytest.mark.parametrize(
    ("asked", "wanted"), [("eq", ""), ("eq", " \u200b"), ("starts_with", ""), ("gt", None), ("contains", None)]
)
def test_what_has_no_value_is_asked_for_in_another_way(asked: str, wanted: str | None) -> None:
    with pytest.raises(Refused, match="'name' needs a value; whether it has none is asked with is_null"):
        holds(("name", asked, wanted), FULL)


@pytest.mark.parametrize(
    ("condition", "code", "param"),
    [
        pytest.param(("shoe_size", "eq", 44), "unknown_field", "shoe_size", id="unknown field"),
        pytest.param(("object", "eq", "thing"), "unknown_field", "object", id="the name of the resource"),
        pytest.param(("old_email", "eq", "a@b.example"), "unknown_field", "old_email", id="only finds records"),
        pytest.param(("amount", "contains", "1"), "invalid_filter", "amount", id="part of a number"),
        pytest.param(("name", "date_before", "2025-01-01"), "invalid_filter", "name", id="date of a text"),
        pytest.param(("is_open", "gt", True), "invalid_filter", "is_open", id="order of booleans"),
        pytest.param(("extra", "eq", "x"), "invalid_filter", "extra", id="map"),
        pytest.param(("amount", "eq", "much"), "invalid_filter", "amount", id="no number"),
        pytest.param(("due", "gt", "soon"), "invalid_filter", "due", id="no date"),
        pytest.param(("due", "gt", "1/3/2025"), "invalid_filter", "due", id="two dates"),
        pytest.param(("stage", "eq", "lost"), "invalid_filter", "stage", id="no choice"),
        pytest.param(("phone", "contains", "abc"), "invalid_filter", "phone", id="no digits"),
        pytest.param(("name", "eq", " "), "invalid_filter", "name", id="blank"),
        pytest.param(("name", "gt", None), "invalid_filter", "name", id="null"),
        pytest.param(("name", "eq", {"a": 1}), "invalid_filter", "name", id="object"),
        pytest.param(("name", "in", {"a": 1}), "invalid_filter", "name", id="in an object"),
        pytest.param(("name", "in", None), "invalid_filter", "name", id="in null"),
        pytest.param(("name", "in", []), "invalid_filter", "name", id="in nothing"),
        pytest.param(("name", "in", ["a", "b", "c"]), "invalid_filter", "name", id="in too many"),
        pytest.param(("name", "in", "a,,b"), "invalid_filter", "name", id="in with a blank"),
    ],
)
def test_what_makes_no_sense_is_refused(condition: tuple[str, str, object], code: str, param: str) -> None:
    with pytest.raises(Refused) as refusal:
        holds(condition, FULL, Limits(values=2))

    assert (refusal.value.code, refusal.value.param) == (code, param)


def test_a_filter_has_at_most_a_hundred_conditions_whatever_groups_they_stand_in() -> None:
    blank = Condition("name", Operator.IS_NULL)
    half = Group(LogicalOperator.OR, (blank,) * 50)

    compile_filter(Group(LogicalOperator.AND, (half, half)), THINGS, DEFAULT_LIMITS)
    with pytest.raises(Refused) as refusal:
        compile_filter(Group(LogicalOperator.AND, (half, half, blank)), THINGS, DEFAULT_LIMITS)

    assert DEFAULT_LIMITS.filter_conditions == 100
    assert (refusal.value.code, refusal.value.param) == ("invalid_filter", "filters")


ANN, BOB = Condition("name", Operator.EQ, "Ann"), Condition("name", Operator.EQ, "Bob")
BIG = Condition("count", Operator.GT, 5)


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        pytest.param(EVERYTHING, {"Ann", "Bob", "Eve"}, id="everything"),
        pytest.param(
            Group(LogicalOperator.OR, ()), {"Ann", "Bob", "Eve"}, id="an empty group of any kind restricts nothing"
        ),
        pytest.param(Group(LogicalOperator.OR, (ANN, BOB)), {"Ann", "Bob"}, id="or"),
        pytest.param(Group(LogicalOperator.AND, (ANN, BOB)), set(), id="and"),
        pytest.param(Group(LogicalOperator.NOT, (ANN, BOB)), {"Eve"}, id="not: none of them"),
        pytest.param(
            Group(LogicalOperator.AND, (Group(LogicalOperator.NOT, (ANN,)), BIG)), {"Eve"}, id="groups in groups"
        ),
    ],
)
def test_groups_join_their_parts(filter_: Filter, expected: set[str]) -> None:
    records = [a_record(name=name, count=count) for name, count in (("Ann", 9), ("Bob", 1), ("Eve", 6))]

    selects = compile_filter(filter_, THINGS, DEFAULT_LIMITS)

    assert {str(record.fields["name"]) for record in records if selects(record)} == expected


words = st.sampled_from(["a", "A", "ab", "B b", "ß", "ss", "é", "x,y"])
amounts = st.sampled_from(["0", "-1.5", "9", "10", "10.25"])
moments = st.datetimes(datetime(2024, 12, 30), datetime(2025, 1, 3)).map(
    lambda one: one.replace(microsecond=one.microsecond // 100_000 * 100_000)
)


def spelled(moment: datetime) -> str:
    text = moment.isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"


records = st.builds(
    a_record,
    name=st.none() | words,
    amount=st.none() | amounts,
    seen_at=st.none() | moments.map(spelled),
    tags=st.none() | st.lists(words, max_size=2),
)
ordered = st.sampled_from([Operator.EQ, Operator.NE, Operator.GT, Operator.GTE, Operator.LT, Operator.LTE])
nulls = st.builds(
    Condition, st.sampled_from(["name", "amount", "tags"]), st.sampled_from([Operator.IS_NULL, Operator.IS_NOT_NULL])
)
conditions = st.one_of(
    nulls,
    st.builds(
        Condition,
        st.just("name"),
        st.sampled_from([Operator.EQ, Operator.NE, Operator.CONTAINS, Operator.STARTS_WITH]),
        words,
    ),
    st.builds(Condition, st.just("name"), st.just(Operator.IN), st.lists(words, min_size=1, max_size=3)),
    st.builds(Condition, st.just("amount"), ordered, amounts),
    st.builds(Condition, st.just("seen_at"), ordered, moments.map(spelled)),
    st.builds(Condition, st.just("tags"), st.sampled_from([Operator.EQ, Operator.NE, Operator.CONTAINS]), words),
)
filters = st.recursive(
    conditions,
    lambda inner: st.builds(Group, st.sampled_from(LogicalOperator), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)


@given(filters, st.lists(records, max_size=5))
@settings(max_examples=300, deadline=None)
def test_any_filter_selects_what_a_plain_reading_of_it_selects(filter_: Filter, found: list[Record]) -> None:
    selects = compile_filter(filter_, THINGS, DEFAULT_LIMITS)

    assert [selects(record) for record in found] == [plainly(filter_, record.fields) for record in found]


def plainly(filter_: Filter, fields: Fields) -> bool:
    """The same by other means: no compiling, real numbers and times."""
    if isinstance(filter_, Group):
        said = [plainly(part, fields) for part in filter_.parts]
        return (
            not said
            or {LogicalOperator.AND: all(said), LogicalOperator.OR: any(said), LogicalOperator.NOT: not any(said)}[
                filter_.joined_by
            ]
        )
    stored: Any = fields.get(filter_.field)
    asked = filter_.operator
    if stored is None or stored == []:
        return asked in (Operator.IS_NULL, Operator.NE)
    if asked in (Operator.IS_NULL, Operator.IS_NOT_NULL):
        return asked is Operator.IS_NOT_NULL
    if asked is Operator.NE:
        return not plainly(Condition(filter_.field, Operator.EQ, filter_.value), fields)
    return plain_value(filter_.field, stored, asked, filter_.value)


def plain_value(field: str, stored: Any, asked: Operator, wanted: Any) -> bool:
    if field == "tags":
        return any(plain_value("name", one, asked, wanted) for one in stored)
    if asked is Operator.IN:
        return stored in wanted
    if asked is Operator.CONTAINS:
        return str(wanted).casefold() in stored.casefold()
    if asked is Operator.STARTS_WITH:
        return bool(stored.casefold().startswith(str(wanted).casefold()))
    left, right = (plainly_read(field, one) for one in (stored, wanted))
    return bool(
        {"eq": left == right, "gt": left > right, "gte": left >= right, "lt": left < right, "lte": left <= right}[
            asked.value
        ]
    )


def plainly_read(field: str, text: str) -> Any:
    if field == "seen_at":
        return datetime.fromisoformat(text).astimezone(UTC)
    return Fraction(text) if field == "amount" else text
