"""A source that is read in splits ends as one that is read in one go: numbers, findings, files."""

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.imports.events import Event, TaskEvent
from chalicelib.imports.pipeline import may_clean_up, run_phases, run_task
from chalicelib.imports.tasks.hand_over import HandedOver
from chalicelib.model.imports import Import, Stats, Status
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import ResultFile, result_key
from chalicelib.model.passes import passes_of
from chalicelib.model.phases import PhaseName
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import CANCELED
from chalicelib.model.task_results import TaskResult
from tests.import_world import TENANT, ImportWorld, run_import, run_phase
from tests.task_contexts import started_context

WHOLE = Limits()
IN_SPLITS = Limits(small_source_bytes=0, batch_rows=3, split_bytes=100, sub_partition_keys=4)

people = st.builds(
    lambda name, n, note: f'"{name}",person{n}@example.com,"{note}"',
    st.sampled_from(["Ann", "Bob", "", "Ö"]),
    st.integers(1, 6),
    st.sampled_from(["", "one", "two\nlines", 'a ""quoted"" word', "x,y"]),
)
lines = st.lists(people | st.sampled_from(["", ",,", "short", "a,b,c,d", "x,not an address,"]), max_size=40)


def outcome(world: ImportWorld, import_: Import) -> tuple[object, ...]:
    """All that people see of an import; ids aside, which are the import's."""
    files = [result_key(TENANT, import_.import_id, file) for file in ResultFile]
    contents = [world.stores.files.read_file(key) if world.stores.files.find_file(key) else b"" for key in files]
    records = sorted(orjson.dumps(one.fields, option=orjson.OPT_SORT_KEYS) for one in world.records())
    return import_.status, import_.stats, import_.findings, import_.problem_counts, contents, records


@settings(max_examples=40, deadline=None)
@given(lines, st.sampled_from(["use_first", "ignore_all"]))
def test_splits_of_csv_end_as_the_whole(rows: list[str], handling: str) -> None:
    source = "name,email,notes,unheard of\n" + "\n".join(rows)
    whole, splits = ImportWorld(limits=WHOLE), ImportWorld(limits=IN_SPLITS)

    expected = whole.run(source, duplicate_handling=handling)
    import_ = splits.run(source, duplicate_handling=handling)

    assert outcome(splits, import_) == outcome(whole, expected)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["name", "email", "E-Mail", "colour", "size", "shade"]),
            st.sampled_from(["Ann", "a@x.com", "b@x.com", 1, None, ["x"]]),
            max_size=4,
        ).map(lambda row: orjson.dumps(row).decode())
        | st.sampled_from(["", "nonsense"]),
        max_size=40,
    )
)
def test_splits_of_ndjson_end_as_the_whole(rows: list[str]) -> None:
    source = '{"name": "First"}\n' + "\n".join(rows) + '\n{"name": "Last"}\n'
    whole, splits = ImportWorld(limits=WHOLE), ImportWorld(limits=IN_SPLITS)

    expected = whole.run(source)
    import_ = splits.run(source)

    assert outcome(splits, import_) == outcome(whole, expected)


PEOPLE = "name,email\n" + "".join(f"Person {n},person{n}@example.com\n" for n in range(40))


def ndjson_of(keys: int) -> str:
    return '{"email":"a@x.com","name":"Ann"}\n' + "".join(f'{{"k{number}":1}}\n' for number in range(keys - 2))


@pytest.mark.parametrize("limits", [WHOLE, IN_SPLITS], ids=["whole", "in splits"])
@pytest.mark.parametrize(("keys", "status"), [(20, Status.COMPLETED), (21, Status.FAILED)])
def test_all_splits_together_have_no_more_keys_than_a_table_has_columns(
    limits: Limits, keys: int, status: Status
) -> None:
    world = ImportWorld(limits=replace(limits, columns=20))

    import_ = world.run(ndjson_of(keys))

    assert import_.status is status
    assert bool(world.records()) is (status is Status.COMPLETED)
    if status is Status.FAILED:
        assert (import_.reason or "").startswith("too_many_columns: The rows have more than 20 different keys.")


def test_a_large_source_has_a_task_for_each_split() -> None:
    world = ImportWorld(limits=IN_SPLITS)
    import_ = world.queue(PEOPLE)

    step = world.machine.plan(Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1))

    assert (step.route, step.tasks) == ("prevalidate", tuple(range(7)))


def test_rows_after_a_split_that_was_canceled_do_not_count_because_they_have_no_number() -> None:
    world = ImportWorld(limits=IN_SPLITS)
    import_ = world.queue(PEOPLE)
    event = Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1)
    world.machine.plan(event)
    for split in (0, 1, 5):
        world.machine.run_task(TaskEvent(**event.model_dump(), phase=PhaseName.PREVALIDATION, task=split))
    world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=Status.CANCELING, at=1))

    run_import(world.machine, import_)

    ended = world.get(import_)
    assert ended.status is Status.CANCELED
    assert ended.stats == Stats(total=13, unprocessed=13)


@pytest.mark.parametrize(
    ("entered", "failed", "nameless", "may"),
    [(2, 0, 0, True), (2, 1, 0, True), (2, 2, 0, False), (2, 0, 1, False), (0, 0, 0, False)],
)
def test_an_overwrite_cleans_up_where_each_row_names_a_record_and_not_all_failed(
    entered: int, failed: int, nameless: int, may: bool
) -> None:
    read = TaskResult(phase=PhaseName.PREVALIDATION, task=0, entered=entered, nameless=nameless)
    written = TaskResult(phase=PhaseName.PROCESSING, task=0, stats=Stats(failed=failed))

    assert may_clean_up({PhaseName.PREVALIDATION: [read], PhaseName.PROCESSING: [written]}) is may


def test_a_split_that_left_no_result_keeps_the_gate_shut() -> None:
    world = ImportWorld(limits=IN_SPLITS)
    import_ = world.queue(PEOPLE)
    step = world.machine.plan(Event(tenant_id=TENANT, import_id=import_.import_id, attempt=1))

    with pytest.raises(Exception, match="prevalidation: 6 tasks left no result, first of them 1"):
        run_phase(world.machine, step.model_copy(update={"tasks": (0,)}), PhaseName.PREVALIDATION)


def test_a_batch_of_long_rows_has_fewer_of_them() -> None:
    """As many as there are lines in the block of text that reaches the limit."""
    world = ImportWorld(limits=replace(IN_SPLITS, batch_rows=1_000, batch_bytes=100_000, split_bytes=1 << 20))
    import_ = world.run("name,email,notes\n" + "".join(f"Jane,p{n}@x.com,{'x' * 40_000}\n" for n in range(9)))

    results = world.stores.results.list_results(import_.import_id, 1, PhaseName.PROCESSING)
    assert [one.entered for one in results] == [3, 3, 3]


def test_a_source_that_would_take_too_many_tasks_is_told_to_be_split() -> None:
    world = ImportWorld(limits=replace(IN_SPLITS, tasks=10))

    import_ = world.run(PEOPLE)

    assert import_.status is Status.FAILED
    assert import_.reason == "too_many_rows: 18 tasks would be needed. Split the source."
    assert import_.stats == Stats(total=40, unprocessed=40)


def test_many_keys_are_shared_by_many_tasks_which_find_the_same_duplicates() -> None:
    world = ImportWorld(limits=IN_SPLITS)
    copies = "".join(f"Copy {n},person{n}@example.com\n" for n in range(0, 40, 7))

    import_ = world.run(PEOPLE + copies)

    tasks = world.stores.results.list_results(import_.import_id, 1, PhaseName.PREPARSING)
    assert len(tasks) == 12
    assert (import_.stats.created, import_.stats.skipped) == (40, 6)
    assert sorted(world.codes(import_)) == [41, 42, 43, 44, 45, 46]


def test_where_the_time_of_the_function_is_over_the_next_task_is_left_to_another_one() -> None:
    world = ImportWorld(limits=IN_SPLITS)
    import_ = world.queue(PEOPLE)
    context = replace(started_context(world, import_), can_hand_over=True, time_left_s=lambda: 0)

    with pytest.raises(HandedOver, match="prevalidation 0 is done"):
        run_phases(context)

    results = world.stores.results.list_results(import_.import_id, 1, PhaseName.PREVALIDATION)
    assert [one.task for one in results] == [0]


def test_an_import_that_was_canceled_is_not_handed_over_but_ends() -> None:
    world = ImportWorld(limits=IN_SPLITS)
    import_ = world.queue(PEOPLE)
    context = replace(started_context(world, import_), can_hand_over=True, time_left_s=lambda: 0)
    world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=Status.CANCELING, at=1))

    run_phases(context, until=PhaseName.PREVALIDATION)

    results = world.stores.results.list_results(import_.import_id, 1, PhaseName.PREVALIDATION)
    assert {one.stopped_by for one in results} == {CANCELED}


@pytest.mark.parametrize("phase", [PhaseName.TRANSFORMING, PhaseName.VALIDATION])
def test_a_task_that_begins_after_its_import_was_canceled_does_nothing(phase: PhaseName) -> None:
    world = ImportWorld(limits=IN_SPLITS)
    import_ = world.queue(PEOPLE)
    context = started_context(world, import_)
    phases = list(passes_of(import_))
    run_phases(context, until=phases[phases.index(phase) - 1])
    world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=Status.CANCELING, at=1))

    assert run_task(context, phase, 0)

    result = world.stores.results.find_result(import_.import_id, 1, phase, 0)
    assert result is not None
    assert (result.stopped_by, result.entered, result.left) == (CANCELED, 0, 0)
