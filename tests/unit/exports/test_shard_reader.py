"""An asynchronous export has the rows of a synchronous one, or of the changes since a time, however it is cut."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import Throttled
from chalicelib.exports.events import ExportEvent, ShardEvent
from chalicelib.exports.shard_reader import CHECK_EVERY_RECORDS, MERGED_AT_ONCE, SHARD_FILES
from chalicelib.exports.sync import RecordSelection, select_records
from chalicelib.formats.registry import Format
from chalicelib.lifecycle.task_route import TaskRoute
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.exports import Export, ExportStage, ExportStatus
from chalicelib.model.filters import EVERYTHING, Condition, Filter, Group, LogicalOperator, Operator
from chalicelib.model.ids import TenantId
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.records import Record
from chalicelib.stores.memory import MemoryRecords
from tests.export_world import ExportWorld, run_export, with_limits
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


LAG_S = DEFAULT_LIMITS.export_lag_s


def since(world: ExportWorld, at: int, **wanted: object) -> Export:
    return world.run(fields=("id", "name"), order_by="id", since_ms=at * 1000, **wanted)


def test_changes_and_deletions_since_a_time_are_rows() -> None:
    world = ExportWorld()
    for record_id in ("con_old", "con_gone", "con_changed"):
        world.write(record_id, {"name": "Before"}, at=NOW - 9_000)
    world.write("con_changed", {"name": "After"}, at=NOW - 5_000)
    world.write("con_gone", None, at=NOW - 4_000)
    world.write("con_new", {"name": "New"}, at=NOW - 3_000)

    export = since(world, NOW - 6_000)

    assert world.rows(export) == [
        {"id": "con_changed", "name": "After", "_deleted": False},
        {"id": "con_gone", "name": None, "_deleted": True},
        {"id": "con_new", "name": "New", "_deleted": False},
    ]


def test_what_was_changed_within_the_lag_is_left_to_the_next_export() -> None:
    world = ExportWorld()
    world.write("con_1", {"name": "Early"}, at=NOW - LAG_S - 1)
    world.write("con_2", {"name": "Late"}, at=NOW - LAG_S)

    first = since(world, NOW - 6_000)
    world.now += LAG_S + 1
    second = world.run(fields=("id",), order_by="id", since_ms=first.until_ms)

    assert (world.ids(first), world.ids(second)) == (["con_1"], ["con_2"])


def test_a_filter_chooses_among_changes_but_every_deletion_is_told() -> None:
    world = ExportWorld()
    for record_id, name in (("con_1", "Ann"), ("con_2", "Ben"), ("con_3", "Cy")):
        world.write(record_id, {"name": name}, at=NOW - 5_000)
    world.write("con_3", None, at=NOW - 4_000)

    export = since(world, NOW - 6_000, filter=Condition("name", Operator.EQ, "Ann"))

    assert world.ids(export) == ["con_1", "con_3"]


WRITES = st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.integers(1, 2_000)), max_size=25)


@settings(max_examples=40, deadline=None)
@given(writes=WRITES, cuts=st.sets(st.integers(1, 40_000), max_size=3))
def test_a_copy_kept_by_changes_is_the_store(writes: list[tuple[int, bool, int]], cuts: set[int]) -> None:
    """Whoever applies one export by changes after the other has, in the end, what the store has."""
    world = ExportWorld()
    at, alive = NOW, set[int]()
    world.now = NOW + 10
    for number, is_deletion, later_s in writes:
        at += later_s
        if number in alive or not is_deletion:
            world.write(f"con_{number}", None if is_deletion else {"name": f"v{at}"}, at=at)
            alive = alive - {number} if is_deletion else alive | {number}
    copy: dict[str, str] = {}
    since_ms = NOW * 1000
    for cut in [*sorted(cuts), 60_000]:
        world.now = NOW + cut + LAG_S
        export = since(world, since_ms // 1000)
        since_ms = export.until_ms or 0
        for row in world.rows(export):
            copy.pop(row["id"], None)
            if not row["_deleted"]:
                copy[row["id"]] = row["name"]

    stored = {row["id"]: row["name"] for row in world.rows(world.run(fields=("id", "name")))}
    assert copy == stored


class ThrottledAfter(MemoryRecords):
    """Throttles a shard's reading after so many records, once for each function."""

    def __init__(self, records: int) -> None:
        super().__init__(shards_at_least=2)
        self._records = records

    def each_record(self, tenant_id: TenantId, resource: str, shard: int, *, after: str = "") -> Iterator[Record]:
        for number, record in enumerate(super().each_record(tenant_id, resource, shard, after=after)):
            if number == self._records:
                raise Throttled("no time is left to wait")
            yield record


@pytest.mark.parametrize("limit", [None, 1, 4, 100])
@pytest.mark.parametrize("order_by", [None, "name"])
def test_a_shard_that_several_functions_have_read_is_as_if_one_had(order_by: str | None, limit: int | None) -> None:
    whole, in_parts = ExportWorld(), ExportWorld()
    in_parts.stores = replace(in_parts.stores, records=ThrottledAfter(3))
    in_parts.steps = replace(in_parts.steps, stores=in_parts.stores)
    in_parts.context = replace(in_parts.context, stores=in_parts.stores)
    for world in (whole, in_parts):
        for number in range(23):
            world.write(f"con_{number:02}", {"name": f"N{number * 7 % 23:02}"})
    options = {"order_by": order_by, "limit": limit}

    exports = [world.run(**options) for world in (whole, in_parts)]

    assert [one.status for one in exports] == [ExportStatus.COMPLETED] * 2
    ids = [world.ids(export) for world, export in zip((whole, in_parts), exports, strict=True)]
    assert len(ids[0]) == len(ids[1]) == min(limit or 23, 23)
    assert order_by is None or ids[0] == ids[1]
    assert exports[1].progress.records_selected >= len(ids[1])
    assert limit is not None or exports[1].progress.records_read == 23


def test_a_function_with_little_time_leaves_the_rest_of_a_shard_to_the_next() -> None:
    world = ExportWorld(with_limits(hand_over_s=60))
    world.stores = replace(world.stores, records=MemoryRecords(shards_at_least=1))
    context = replace(world.context, stores=world.stores)
    world.context, world.steps = context, replace(world.steps, stores=world.stores, time_left_s=lambda: 59)
    for number in range(2 * CHECK_EVERY_RECORDS + 10):
        world.write(f"con_{number:05}", {"name": "N"})
    export = world.ask()
    event = ExportEvent(tenant_id=export.tenant_id, export_id=export.export_id)
    world.steps.start(event)

    steps = [world.steps.read(ShardEvent(**event.model_dump(), task=0))]
    while steps[-1].route == TaskRoute.CONTINUE:
        steps.append(world.steps.read(ShardEvent(**steps[-1].model_dump())))

    assert len(steps) == 3
    (result,) = world.stores.exports.list_results(export.export_id, ExportStage.SHARD)
    assert (result.records_read, result.rows, len(result.shard_files)) == (2 * CHECK_EVERY_RECORDS + 10,) * 2 + (3,)


@pytest.mark.parametrize(("limit", "files_left"), [(None, SHARD_FILES), (50, 1)])
def test_many_sorted_runs_are_merged_by_as_many_functions_as_it_takes(limit: int | None, files_left: int) -> None:
    records = SHARD_FILES * MERGED_AT_ONCE + 30
    world = ExportWorld(with_limits(export_sort_bytes=1, export_merge_s=60, hand_over_s=1))
    world.stores = replace(world.stores, records=MemoryRecords(shards_at_least=1))
    world.context = replace(world.context, stores=world.stores)
    world.steps = replace(world.steps, stores=world.stores, time_left_s=lambda: 59)
    for number in range(records):
        world.write(f"con_{number:05}", {"name": f"N{number * 7 % records:05}"})
    export = world.ask(order_by="name", limit=limit, formats=(Format.NDJSON,))
    event = ExportEvent(tenant_id=export.tenant_id, export_id=export.export_id)
    world.steps.start(event)

    steps = [world.steps.read(ShardEvent(**event.model_dump(), task=0))]
    while steps[-1].route == TaskRoute.CONTINUE:
        steps.append(world.steps.read(ShardEvent(**steps[-1].model_dump())))

    (result,) = world.stores.exports.list_results(export.export_id, ExportStage.SHARD)
    assert len(steps) > 10
    assert (len(result.shard_files), result.rows) == (files_left, limit or records)
    run_export(world.steps, export)
    assert [one["name"] for one in world.rows(world.stored_export(export), "ndjson")] == [
        f"N{number:05}" for number in range(limit or records)
    ]
