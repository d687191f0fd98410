"""Whatever the records, the order, the limit and the cuts: an asynchronous export has the rows of a synchronous one."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.exports.sync import RecordSelection, select_records
from chalicelib.formats.registry import Format
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.filters import EVERYTHING, Condition, Filter, Group, LogicalOperator, Operator
from tests.export_world import ExportWorld, with_limits
from tests.world import NOW

NAMES = (
    st.none() | st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(["ann", "Ann", "ANN", "ben", ""])
)
PEOPLE = st.lists(
    st.fixed_dictionaries({}, optional={"name": NAMES, "tags": st.lists(st.sampled_from("abc"), max_size=3)}),
    max_size=30,
)
FILTERS: st.SearchStrategy[Filter] = st.sampled_from(
    [
        EVERYTHING,
        Condition("name", Operator.IS_NOT_NULL),
        Condition("name", Operator.CONTAINS, "n"),
        Group(LogicalOperator.NOT, (Condition("name", Operator.EQ, "ann"), Condition("tags", Operator.EQ, "a"))),
    ]
)


class Ticking:
    """Goes on by a second at every look."""

    def __init__(self) -> None:
        self._now = float(NOW)

    def __call__(self) -> float:
        self._now += 1
        return self._now


@settings(max_examples=60, deadline=None)
@given(
    people=PEOPLE,
    filter_=FILTERS,
    order_by=st.sampled_from(["name", "tags", "id", "created_at"]),
    is_descending=st.booleans(),
    limit=st.none() | st.integers(1, 35),
    run_bytes=st.sampled_from([1, 200, 10_000]),
    part_s=st.sampled_from([4, 9, 10_000]),
)
def test_an_export_has_the_rows_of_a_selection(
    *,
    people: list[dict[str, Any]],
    filter_: Filter,
    order_by: str,
    is_descending: bool,
    limit: int | None,
    run_bytes: int,
    part_s: int,
) -> None:
    world = ExportWorld(with_limits(export_sort_bytes=run_bytes, export_file_part_s=part_s))
    world.steps = replace(world.steps, now=Ticking())
    for number, fields in enumerate(people):
        world.write(f"con_{number}", fields, at=NOW - 100 + number % 7)
    wanted: dict[str, Any] = {"filter": filter_, "fields": ("id", "name", "tags"), "is_descending": is_descending}

    export = world.run(**wanted, order_by=order_by, limit=limit, formats=(Format.NDJSON,))

    selected = RecordSelection(**wanted, sort_by=order_by, limit=limit or 10_000)
    expected = select_records(world.context, world.caller(), RESOURCES["contacts"], selected)
    assert world.content(export, "ndjson").splitlines() == list(expected.documents)
    assert (export.progress.rows, export.progress.records_selected) == (len(expected.documents), expected.matching)
